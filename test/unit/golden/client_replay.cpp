#include "client_replay.hpp"

#include "answers.hpp"

#include <riemann/outcome.hpp>
#include <riemann/proto.hpp>

#include <algorithm>
#include <string>

namespace riemann::golden {

namespace {

/// Longer answers do not come byte by byte.
constexpr std::size_t long_answer = std::size_t{64} << 10;

/// A frame, of whose body this is.
std::span<const std::byte> frame_of(std::span<const std::byte> body)
{
  return {body.data() - 4, body.size() + 4};
}

} // namespace

session_options wide_limits()
{
  session_options o;
  o.max_message_size = message::max_size;
  o.max_answer_size = message::max_size;
  o.max_queued_bytes = message::max_size;
  return o;
}

std::vector<message> messages_of(const transcript& t)
{
  std::vector<message> all;
  for (const auto body : bodies_of(t.request)) {
    proto::Msg asked;
    if (asked.ParsePartialFromArray(body.data(), static_cast<int>(body.size())) &&
        asked.IsInitialized()) {
      const auto& made = all.emplace_back(asked);
      BOOST_TEST(std::ranges::equal(made.frame(), frame_of(body)));
    }
  }
  return all;
}

client_replay::client_replay(const transcript& t, std::size_t piece)
    : record_{t},
      piece_{t.response.size() > long_answer ? as_they_fit : piece},
      what_{conduct_of(t).value()},
      rig_{wide_limits()},
      answers_{bodies_of(t.response)}
{
  rig_.open_up();
}

void client_replay::send_all()
{
  auto messages = messages_of(record_);
  if (messages.empty() && !record_.request.empty()) {
    // What no client of ours sends: the same comes back to another message.
    messages.push_back(test::named("in place of the recorded one"));
  }
  for (auto& m : messages) {
    sent_.push_back(&rig_.send(std::move(m)));
  }
}

void client_replay::play()
{
  send_all();
  for (test::request* const r : sent_) {
    write(*r);
    if (what_ == conduct::omits && !omitted_ && r->payload.has_query()) {
      omit(*r);
    } else if (answered_ != answers_.size()) {
      answer(*r);
    }
  }
  BOOST_TEST(answered_ == answers_.size());
  end();
  BOOST_TEST(rig_.books().messages.live() == 0U);
}

void client_replay::play_unanswered()
{
  send_all();
  for (test::request* const r : sent_) {
    write(*r);
  }
  rig_.eof();
  check_lost(errc::connection_lost);
  BOOST_TEST(rig_.books().messages.live() == 0U);
}

void client_replay::write(const test::request& r)
{
  while (r.where == test::phase::queued || r.where == test::phase::staged) {
    BOOST_REQUIRE(rig_.writing);
    rig_.wrote();
  }
  BOOST_TEST((r.where == test::phase::in_flight));
}

void client_replay::feed(std::span<const std::byte> what)
{
  while (!what.empty()) {
    BOOST_REQUIRE(rig_.reading);
    const auto n = std::min({what.size(), rig_.reading->size(), piece_});
    rig_.receive({what.begin(), what.begin() + static_cast<std::ptrdiff_t>(n)});
    what = what.subspan(n);
  }
}

void client_replay::answer(test::request& r)
{
  const auto body = answers_[answered_];
  const auto whole = frame_of(body);
  feed(whole.first(whole.size() - 1));
  BOOST_TEST((r.where == test::phase::in_flight));
  feed(whole.last(1));
  const bool noted = record_.decoded.size() == answers_.size();
  check_answered(r, noted ? &record_.decoded[answered_] : nullptr);
  // ...and whatever the recorder read in it, protobuf reads the same.
  BOOST_TEST(compare_with_protobuf(body) == "");
  ++answered_;
}

void client_replay::check_answered(const test::request& r, const boost::json::object* decoded)
{
  BOOST_TEST((r.where == test::phase::ended));
  BOOST_TEST((r.error == (r.answer.ok() ? test::error_code{} : errc::rejected)));
  BOOST_TEST((outcome_of(r.error) == (r.answer.ok() ? outcome::acked : outcome::rejected)));
  if (decoded != nullptr) {
    BOOST_TEST(compare(r.answer, *decoded) == "");
  }
}

void client_replay::omit(test::request& r)
{
  omitted_ = true;
  // Nothing is behind it that another answer could be mistaken for.
  BOOST_TEST(!rig_.writing);
  rig_.pass(rig_.options.answer_timeout);
  BOOST_TEST(test::is(r, errc::answer_timeout));
  BOOST_TEST((r.error == outcome::unknown));
  BOOST_REQUIRE(rig_.closing);
  rig_.closed();
  // What waited goes over another connection.
  if (rig_.connecting) {
    rig_.connected();
  }
}

void client_replay::end()
{
  if (what_ == conduct::closes || what_ == conduct::closes_half_closed) {
    rig_.eof();
    BOOST_TEST(rig_.closing);
    check_lost(errc::connection_lost);
  } else if (what_ == conduct::waits) {
    rig_.pass(rig_.options.answer_timeout);
    BOOST_TEST(rig_.closing);
    check_lost(errc::answer_timeout);
  } else {
    BOOST_TEST(!rig_.closing);
  }
}

void client_replay::check_lost(errc why)
{
  for (std::size_t i = answered_; i != sent_.size(); ++i) {
    BOOST_TEST(test::is(*sent_[i], why));
    BOOST_TEST((outcome_of(sent_[i]->error) == outcome::unknown));
  }
}

} // namespace riemann::golden
