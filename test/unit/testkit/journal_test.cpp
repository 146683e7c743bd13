// What is kept of messages before they are acknowledged, and the file it is kept in.
#include "testkit/connection_core.hpp"
#include "testkit/journal.hpp"

#include <riemann/message.hpp>

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <stdlib.h>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::detail;
using bytes = std::vector<std::byte>;

constexpr std::size_t limit = 1U << 20;
const timestamp now = timestamp::from_seconds(1'700'000'000);
const event small{.host = "h", .service = "s", .metric = 1};
const event other{.service = "other"};
const event large{.state = std::string(200'000, 'x')};

void append(bytes& to, std::span<const std::byte> more)
{
  to.insert(to.end(), more.begin(), more.end());
}

template <class... Frames>
bytes joined(const Frames&... frames)
{
  bytes all;
  (append(all, frames), ...);
  return all;
}

template <class... Values>
bytes make_bytes(Values... values)
{
  return {static_cast<std::byte>(values)...};
}

bytes frames(const message& m, std::size_t count = 1)
{
  bytes all;
  for (std::size_t i = 0; i != count; ++i) {
    append(all, m.frame());
  }
  return all;
}

bytes acks(std::size_t count)
{
  bytes all;
  for (std::size_t i = 0; i != count; ++i) {
    append(all, make_bytes(0, 0, 0, 2, 0x10, 1));
  }
  return all;
}

bytes refusals(std::size_t count)
{
  bytes all;
  for (std::size_t i = 0; i != count; ++i) {
    append(all, make_bytes(0, 0, 0, 8, 0x10, 0, 0x1a, 4, 'f', 'u', 'l', 'l'));
  }
  return all;
}

/// A core whose keeper is a list, or is full.
struct kept {
  explicit kept(retention keeps = retention::last_event) : handler{ttl_duration{60}, {}, keeps} {}

  void feed(std::span<const std::byte> data, std::size_t piece = limit)
  {
    while (!data.empty()) {
      const auto room = core.prepare_read();
      const auto n = std::min({room.size(), data.size(), piece});
      std::memcpy(room.data(), data.data(), n);
      core.received(n, handler, now, !faults.empty());
      data = data.subspan(n);
    }
  }
  bytes written()
  {
    bytes all;
    while (core.next_output() == connection_core::output::write) {
      append(all, core.to_write());
      core.sent(core.to_write().size());
    }
    return all;
  }
  [[nodiscard]] bytes in_all() const
  {
    bytes all;
    std::ranges::for_each(batches, [&](const bytes& b) { append(all, b); });
    return all;
  }

  std::vector<bytes> batches{};
  bool is_full = false;
  std::vector<fault> faults{};
  request_handler handler;
  connection_core core{{.max_message_size = limit, .max_unread_answers = limit},
                       [this](std::uint64_t) { return faults; },
                       [this](std::span<const std::byte> f) -> std::optional<std::string> {
                         if (is_full) {
                           return "full";
                         }
                         batches.emplace_back(f.begin(), f.end());
                         return {};
                       }};
};

/// A folder that goes with the test.
struct scratch {
  scratch()
  {
    auto name = (fs::temp_directory_path() / "riemann-journal-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { fs::remove_all(folder); }

  [[nodiscard]] std::string file() const { return folder / "journal"; }
  [[nodiscard]] bytes content() const
  {
    std::ifstream in{file(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto all = std::as_bytes(std::span{text});
    return {all.begin(), all.end()};
  }
  void fill(const bytes& data) const
  {
    std::ofstream{file(), std::ios::binary}.write(reinterpret_cast<const char*>(data.data()),
                                                  static_cast<std::streamsize>(data.size()));
  }
  [[nodiscard]] std::string refusal(const std::string& path) const
  {
    try {
      journal refused{path, limit};
    } catch (const boost::system::system_error& error) {
      return error.what();
    }
    return {};
  }

  fs::path folder{};
};

bool has(const std::string& text, const std::string& part)
{
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_journal)

BOOST_AUTO_TEST_CASE(messages_of_one_read_when_kept_then_in_one_batch)
{
  for (const auto keeps : {retention::last_event, retention::nothing}) {
    kept k{keeps};
    k.feed(frames(small, 100));
    BOOST_TEST(k.batches.size() == 1U);
    BOOST_TEST((k.in_all() == frames(small, 100)));
    BOOST_TEST((k.written() == acks(100)));
    BOOST_TEST(k.handler.snapshot().indexed == (keeps == retention::nothing ? 0U : 1U));
  }
}

BOOST_AUTO_TEST_CASE(messages_when_in_pieces_of_any_size_then_each_is_kept_once)
{
  for (const std::size_t piece : {1U, 3U, 7U, 50U}) {
    kept k;
    k.feed(frames(small, 20), piece);
    BOOST_TEST((k.in_all() == frames(small, 20)));
    BOOST_TEST((k.written() == acks(20)));
  }
}

BOOST_AUTO_TEST_CASE(messages_when_they_cannot_be_kept_then_rejected_and_nothing_is_applied)
{
  for (const auto keeps : {retention::last_event, retention::nothing}) {
    kept k{keeps};
    k.feed(frames(small, 2));
    k.is_full = true;
    k.feed(frames(other, 3));
    k.is_full = false;
    k.feed(frames(small));
    BOOST_TEST((k.written() == joined(acks(2), refusals(3), acks(1))));
    BOOST_TEST((k.in_all() == frames(small, 3)));
    const auto seen = k.handler.snapshot();
    BOOST_TEST(seen.acks == 3U);
    BOOST_TEST(seen.rejections == 3U);
    BOOST_TEST(seen.messages == 6U);
    BOOST_TEST(seen.events == 3U);
  }
}

BOOST_AUTO_TEST_CASE(message_when_it_is_unusual_and_cannot_be_kept_then_nothing_is_applied_either)
{
  kept k;
  k.is_full = true;
  // With a field that nobody knows, behind the event; and with a fault that is due.
  bytes unusual = frames(other);
  append(unusual, make_bytes(0x78, 1));
  unusual[3] = static_cast<std::byte>(unusual.size() - 4);
  k.feed(unusual);
  k.faults = {slow_reads{limit, {}}};
  k.feed(frames(other, 2));
  BOOST_TEST((k.written() == refusals(3)));
  BOOST_TEST(k.handler.snapshot().indexed == 0U);
  BOOST_TEST(k.handler.snapshot().events == 0U);
  BOOST_TEST(k.handler.snapshot().messages == 3U);
  k.is_full = false;
  k.feed(joined(frames(other), unusual));
  BOOST_TEST((k.in_all() == joined(frames(other), unusual)));
  BOOST_TEST((k.written() == acks(2)));
  BOOST_TEST(k.handler.snapshot().indexed == 1U);
}

BOOST_AUTO_TEST_CASE(query_when_it_is_answered_then_kept_in_its_place)
{
  for (const auto keeps : {retention::last_event, retention::nothing}) {
    kept k{keeps};
    const auto query = frames(message::query("state = \"none\""));
    k.feed(joined(frames(small), query, frames(message{}), frames(small)));
    BOOST_TEST((k.in_all() == joined(frames(small), query, frames(message{}), frames(small))));
    BOOST_TEST((k.written() == acks(4)));
  }
}

BOOST_AUTO_TEST_CASE(query_when_it_cannot_be_kept_then_rejected_instead_of_answered)
{
  kept k;
  k.feed(frames(small));
  k.is_full = true;
  k.feed(frames(message::query("true")));
  BOOST_TEST((k.written() == joined(acks(1), refusals(1))));
  BOOST_TEST(k.handler.snapshot().acks == 1U);
  BOOST_TEST(k.handler.snapshot().rejections == 1U);
}

BOOST_AUTO_TEST_CASE(message_when_it_is_not_acknowledged_then_not_kept)
{
  kept k;
  k.feed(frames(message::query("state = ")));
  k.faults = {reject{"no"}};
  k.feed(frames(small));
  k.faults.clear();
  // An event that is malformed inside, behind one that is not.
  k.feed(joined(frames(small), make_bytes(0, 0, 0, 4, 0x32, 2, 0xff, 0xff), frames(small)));
  BOOST_TEST((k.in_all() == frames(small)));
  BOOST_TEST(k.handler.snapshot().malformed == 1U);
  BOOST_TEST(k.handler.snapshot().rejections == 2U);
}

BOOST_AUTO_TEST_CASE(message_when_a_fault_holds_its_answer_back_then_kept_all_the_same)
{
  kept k;
  k.faults = {no_answer{}};
  k.feed(frames(small));
  BOOST_TEST((k.in_all() == frames(small)));
  BOOST_TEST(k.written().empty());
}

BOOST_FIXTURE_TEST_CASE(journal_when_opened_again_then_goes_on_behind_what_is_there, scratch)
{
  journal{file(), limit}.append(frames(small, 2));
  BOOST_TEST((content() == frames(small, 2)));
  journal{file(), limit}.append(frames(message{}));
  BOOST_TEST((content() == joined(frames(small, 2), frames(message{}))));
}

BOOST_FIXTURE_TEST_CASE(frame_when_torn_then_cut_off_wherever_it_is, scratch)
{
  const auto next = frames(message{std::vector{small, other}});
  for (const std::size_t before : {2U, 0U}) {
    const auto whole = frames(small, before);
    for (std::size_t n = 0; n != next.size(); ++n) {
      fill(joined(whole, std::span{next}.first(n)));
      BOOST_TEST(!journal(file(), limit).append(next));
      BOOST_TEST((content() == joined(whole, next)));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(frames_when_many_then_the_last_ones_end_is_found, scratch)
{
  const auto many = joined(frames(small, 20'000), frames(large), frames(small, 20'000));
  fill(joined(many, make_bytes(0, 0, 1, 0, 0x32)));
  BOOST_TEST(!journal(file(), limit).append(frames(small)));
  BOOST_TEST((content() == joined(many, frames(small))));
}

BOOST_FIXTURE_TEST_CASE(file_when_it_is_no_journal_then_named_and_left_as_it_is, scratch)
{
  const std::string text = "Dear diary, today nobody sent an event.";
  const auto letters = std::as_bytes(std::span{text});
  const bytes diary{letters.begin(), letters.end()};
  fill(diary);
  BOOST_TEST(has(refusal(file()), file()));
  BOOST_TEST(has(refusal(file()), "no frame at byte 0"));
  BOOST_TEST((content() == diary));
  // Shorter than a frame's length; a frame that is no message, whole and torn, in its first
  // field and behind it.
  for (const auto& data : {make_bytes('v', 'm', 10), make_bytes(0, 0, 0, 2, 1, 0, 0),
                           make_bytes(0, 0, 0, 9, 'D', 'e', 'a', 'r'),
                           make_bytes(0, 0, 0, 9, 0x32, 8), make_bytes(0, 0, 0, 9, 0x32, 0, 0)}) {
    fill(data);
    BOOST_TEST(has(refusal(file()), "no frame at byte 0"));
    BOOST_TEST((content() == data));
  }
  fill(joined(frames(small), diary));
  BOOST_TEST(has(refusal(file()), "no frame at byte " + std::to_string(frames(small).size())));
  BOOST_TEST((content() == joined(frames(small), diary)));
  // Behind what may be frames: zeros are empty messages.
  const auto image = joined(bytes(32'768), make_bytes(0, 0, 1, 0), diary);
  fill(image);
  BOOST_TEST(has(refusal(file()), "no frame at byte 32768"));
  BOOST_TEST((content() == image));
}

BOOST_FIXTURE_TEST_CASE(file_when_it_cannot_be_opened_then_named_with_the_reason, scratch)
{
  const auto nowhere = (folder / "none" / "journal").string();
  BOOST_TEST(has(refusal(nowhere), "\"" + nowhere + "\": No such file or directory"));
  BOOST_TEST(has(refusal(folder), "\"" + folder.string() + "\": Is a directory"));
}

BOOST_FIXTURE_TEST_CASE(journal_when_another_holds_it_then_refused, scratch)
{
  journal first{file(), limit};
  BOOST_TEST(has(refusal(file()), "another server"));
  BOOST_TEST(!first.append(frames(small)));
  BOOST_TEST((content() == frames(small)));
}

BOOST_AUTO_TEST_CASE(device_when_it_is_full_then_the_kernels_reason)
{
  if (!fs::exists("/dev/full")) {
    return;
  }
  journal full{"/dev/full", limit};
  BOOST_TEST((full.append(frames(small)) == boost::system::errc::no_space_on_device));
  BOOST_TEST((full.append(frames(small)) == boost::system::errc::no_space_on_device));
}

BOOST_AUTO_TEST_SUITE_END()
