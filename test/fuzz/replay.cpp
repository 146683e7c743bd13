// Gives the targets what fuzzers have found, without a fuzzer.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

using fuzz_function = int(const std::uint8_t* data, std::size_t size);

extern "C" {
fuzz_function riemann_fuzz_answer;
fuzz_function riemann_fuzz_command_line;
fuzz_function riemann_fuzz_connection;
fuzz_function riemann_fuzz_event;
fuzz_function riemann_fuzz_frame_reader;
fuzz_function riemann_fuzz_query;
fuzz_function riemann_fuzz_query_builder;
fuzz_function riemann_fuzz_session;
}

namespace {

struct target {
  const char* name;
  fuzz_function* run;

  friend std::ostream& operator<<(std::ostream& out, const target& t) { return out << t.name; }
};

constexpr std::array targets{
    target{"answer", riemann_fuzz_answer},
#ifdef RIEMANN_FUZZ_COMMAND_LINE
    target{"command_line", riemann_fuzz_command_line},
#endif
    target{"connection", riemann_fuzz_connection},
    target{"event", riemann_fuzz_event},
    target{"frame_reader", riemann_fuzz_frame_reader},
    target{"query", riemann_fuzz_query},
    target{"query_builder", riemann_fuzz_query_builder},
    target{"session", riemann_fuzz_session},
};

/// In a fixed order.
std::vector<std::filesystem::path> corpus_of(const std::string& name)
{
  const char* const directory = std::getenv("RIEMANN_TEST_DATA");
  BOOST_REQUIRE_MESSAGE(directory != nullptr, "RIEMANN_TEST_DATA names no directory");
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{std::filesystem::path{directory} /
                                                               "fuzz/corpus" / name}) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<char> bytes_of(const std::filesystem::path& path)
{
  std::ifstream file{path, std::ios::binary};
  BOOST_REQUIRE_MESSAGE(file.is_open(), path << " cannot be read");
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// In memory of just its size, so that what is read beyond it is seen.
void replay(const target& t, const std::filesystem::path& path)
{
  const auto read = bytes_of(path);
  const auto bytes = std::make_unique<std::uint8_t[]>(read.size());
  std::ranges::copy(read, bytes.get());
  BOOST_TEST_CHECKPOINT(path.string());
  try {
    t.run(bytes.get(), read.size());
  } catch (const std::exception& e) {
    BOOST_ERROR(path.string() << ": " << e.what());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(fuzz)

BOOST_DATA_TEST_CASE(corpus_when_replayed_then_all_holds, boost::unit_test::data::make(targets),
                     each)
{
  const auto files = corpus_of(each.name);
  BOOST_TEST_MESSAGE(files.size() << " inputs of " << each.name);
  BOOST_TEST(!files.empty(), "there is no corpus of " << each.name);
  each.run(nullptr, 0);
  for (const auto& file : files) {
    replay(each, file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
