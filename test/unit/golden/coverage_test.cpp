// No record is left out, and doc/conformance.md says how many there are.

#include "answers.hpp"
#include "conduct.hpp"
#include "golden_file.hpp"
#include "transcript.hpp"

#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace {

using namespace riemann;
using namespace riemann::golden;
using enum difference::extent;

std::size_t count(stage (*stage_for)(const transcript&), stage which)
{
  return static_cast<std::size_t>(std::ranges::count(transcripts(), which, stage_for));
}

std::size_t count(difference::extent where)
{
  return static_cast<std::size_t>(std::ranges::count(differences(), where, &difference::where));
}

/// What the page says.
std::string page()
{
  const char* const directory = std::getenv("RIEMANN_TEST_DATA");
  BOOST_REQUIRE(directory != nullptr);
  std::ifstream file{std::string{directory} + "/../doc/conformance.md"};
  BOOST_REQUIRE(file.is_open());
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

void check_row(const std::string& text, const std::string& what, std::size_t number)
{
  const auto row = "| " + what + " | " + std::to_string(number) + " |";
  BOOST_TEST((text.find(row) != std::string::npos), "doc/conformance.md has no row " << row);
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_coverage)

BOOST_AUTO_TEST_CASE(record_each_is_of_a_known_conduct_and_has_a_name_of_its_own)
{
  std::set<std::string> names;
  for (const auto& t : transcripts()) {
    BOOST_TEST(conduct_of(t).has_value(),
               t.name << " is of no known conduct: " << t.transport << ", " << t.outcome);
    BOOST_TEST(names.insert(t.name).second, t.name << " is there twice");
  }
}

BOOST_AUTO_TEST_CASE(difference_each_is_about_a_record)
{
  for (const auto& d : differences()) {
    BOOST_TEST(!transcript_named(std::string{d.record}).name.empty());
  }
}

BOOST_AUTO_TEST_CASE(page_about_conformance_says_how_many_and_which)
{
  const auto text = page();
  const auto all = transcripts().size();
  const auto server_core = count(stage_for_server, stage::core);
  const auto server_sockets = count(stage_for_server, stage::sockets);
  const auto client_core = count(stage_for_client, stage::core);
  const auto client_sockets = count(stage_for_client, stage::sockets);
  check_row(text, "records", all);
  check_row(text, "replayed against the server's core", server_core);
  check_row(text, "replayed against the server over sockets", server_sockets);
  check_row(text, "given to the client's core", client_core);
  check_row(text, "given to the client over sockets", client_sockets);
  check_row(text, "nothing for a client in them", count(stage_for_client, stage::no_stage));
  check_row(text, "the server differs on purpose", count(always));
  check_row(text, "...and with its own limits", count(by_default));
  check_row(text, "queries asked", read_lines("queries.jsonl").size() - 1);
  BOOST_TEST(server_core + server_sockets == all);
  for (const auto& d : differences()) {
    BOOST_TEST((text.find("`" + std::string{d.record} + "`") != std::string::npos),
               "doc/conformance.md does not name " << d.record);
  }
}

BOOST_AUTO_TEST_SUITE_END()
