// Exchanges with a real Riemann, replayed byte for byte.

#include "golden_file.hpp"
#include "testkit/connection_core.hpp"

#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::testkit::detail;

const timestamp now = timestamp::from_seconds(1'700'000'100);

void feed(connection_core& core, std::span<const std::byte> bytes, request_handler& handler)
{
  while (!bytes.empty()) {
    const auto room = core.prepare_read();
    const auto n = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), n);
    core.received(n, handler, now);
    bytes = bytes.subspan(n);
  }
}

std::vector<std::byte> take_answers(connection_core& core)
{
  std::vector<std::byte> all;
  while (core.next_output() == connection_core::output::write) {
    const auto bytes = core.to_write();
    all.insert(all.end(), bytes.begin(), bytes.end());
    core.sent(bytes.size());
  }
  return all;
}

/// The answers in a stream of frames, in a form that can be compared: the events
/// of an answer come in no particular order, and error texts are each server's
/// own.
std::vector<std::vector<std::string>> describe(std::span<const std::byte> frames)
{
  std::vector<std::vector<std::string>> answers;
  while (frames.size() >= 4) {
    std::size_t length = 0;
    for (const auto b : frames.first(4)) {
      length = length << 8 | std::to_integer<std::size_t>(b);
    }
    BOOST_REQUIRE_LE(length, frames.size() - 4);
    const auto body = frames.subspan(4, length);
    frames = frames.subspan(4 + length);
    const auto answer = response::parse({body.begin(), body.end()}).value();
    std::vector<std::string> parts;
    for (const auto e : answer.events()) {
      const auto bytes = e.bytes();
      parts.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    std::ranges::sort(parts);
    parts.emplace_back(answer.ok() ? "ok" : "rejected");
    answers.push_back(std::move(parts));
  }
  BOOST_TEST(frames.empty());
  return answers;
}

bool is_replayable(const boost::json::object& recorded)
{
  return recorded.at("transport").as_string() == "tcp" && recorded.contains("request_hex") &&
         recorded.contains("response_hex") && recorded.at("outcome").as_string() == "open";
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_transcripts)

BOOST_AUTO_TEST_CASE(answers_are_those_of_a_real_server_byte_for_byte_when_replayed)
{
  request_handler handler{ttl_duration{60.0F}};
  std::size_t replayed = 0;
  for (const auto& recorded : testkit::test::read_golden("transcripts.jsonl")) {
    if (!is_replayable(recorded)) {
      continue;
    }
    ++replayed;
    BOOST_TEST_CONTEXT(recorded.at("name"))
    {
      connection_core core{{.max_message_size = 0x7FFFFFFB, .max_unread_answers = 1U << 30}, {}};
      feed(core, testkit::test::from_hex(recorded.at("request_hex").as_string()), handler);
      BOOST_TEST((core.phase() == connection_phase::open));
      const auto expected = testkit::test::from_hex(recorded.at("response_hex").as_string());
      BOOST_TEST((describe(take_answers(core)) == describe(expected)));
    }
  }
  BOOST_TEST_MESSAGE(replayed << " exchanges replayed");
  BOOST_TEST(replayed > 100U);
}

BOOST_AUTO_TEST_CASE(connection_ends_unanswered_when_a_real_server_closed_it)
{
  request_handler handler{ttl_duration{60.0F}};
  std::size_t replayed = 0;
  for (const auto& recorded : testkit::test::read_golden("transcripts.jsonl")) {
    const bool is_frame = recorded.at("name").as_string().starts_with("frame_") ||
                          recorded.at("name").as_string().starts_with("event_");
    if (!is_frame || !recorded.contains("request_hex") ||
        recorded.at("outcome").as_string() != "closed-fin") {
      continue;
    }
    ++replayed;
    BOOST_TEST_CONTEXT(recorded.at("name"))
    {
      connection_core core{{.max_message_size = 0x7FFFFFFB, .max_unread_answers = 1U << 30}, {}};
      feed(core, testkit::test::from_hex(recorded.at("request_hex").as_string()), handler);
      BOOST_TEST(take_answers(core).empty());
      BOOST_TEST((core.phase() == connection_phase::closed));
    }
  }
  BOOST_TEST(replayed >= 10U);
  BOOST_TEST(handler.index().size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
