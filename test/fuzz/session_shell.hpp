#ifndef RIEMANN_FUZZ_SESSION_SHELL_HPP
#define RIEMANN_FUZZ_SESSION_SHELL_HPP

#include "core/session.hpp"
#include "session_wire.hpp"

#include <riemann/error.hpp>

#include <boost/asio/error.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace riemann::fuzz {

using boost::system::error_code;

/// Carries out a session's actions as far as noting them, and holds all that it asks for
/// and says against what users and network know.
class session_shell {
public:
  session_shell(const session_options& options, core::destinations where)
      : options_{options}, servers_{where.count}, session_{options_, where}
  {}
  session_shell(const session_shell&) = delete;
  session_shell& operator=(const session_shell&) = delete;
  ~session_shell()
  {
    session_.take_ended().clear();
    session_.release_all().clear();
  }

  /// Something happens to the session.
  template <class Input>
  void then(Input&& input)
  {
    input();
    carry_out();
    check();
  }

  // The user.
  void submit(message m, core::time_point deadline, std::string name, std::uint8_t resends)
  {
    sent_message& s = messages_.add(std::move(m), deadline, std::move(name));
    s.resends_left = resends;
    then([&] { session_.submit(s, now_); });
  }
  void connect()
  {
    then([&] { connect_waits_ = !session_.connect(now_) || connect_waits_; });
  }
  void connect_unwanted()
  {
    connect_waits_ = false;
    then([&] { session_.connect_unwanted(); });
  }
  void drain(std::chrono::milliseconds within)
  {
    drain_waits_ = true;
    then([&] { session_.drain(now_ + within, now_); });
  }

  // The network.
  void connected()
  {
    connecting_ = false;
    line_.emplace(messages_, options_);
    then([&] { session_.on_connected(now_); });
  }
  void refused(error_code why)
  {
    connecting_ = false;
    then([&] { session_.on_connect_failed(why, "refused", now_); });
  }
  void wrote(std::size_t n, error_code error)
  {
    n = std::min(writing_->size(), std::max(n, line_->least_to_report()));
    line_->check_unchanged(*writing_);
    writing_.reset();
    line_->wrote(n);
    if (error) {
      line_->breaks();
    }
    then([&] { session_.on_written(error, n, now_); });
  }
  void read(std::size_t most, error_code error)
  {
    const std::size_t n = line_->deliver(*reading_, most);
    if (n == 0 && !error) {
      return;
    }
    reading_.reset();
    const auto lost = session_.books().connections_lost;
    session_.on_read(error, n, now_);
    line_->heard();
    carry_out();
    if (open()) {
      line_->goes_on();
    }
    require(error || !line_ || !line_->honest() || session_.books().connections_lost == lost,
            "a connection is given up whose server did nothing wrong");
    check();
  }
  /// What was asked to close has closed.
  void closed(std::size_t written)
  {
    const error_code aborted = boost::asio::error::operation_aborted;
    if (writing_) {
      wrote(written, aborted);
    }
    if (reading_) {
      reading_.reset();
      then([&] { session_.on_read(aborted, 0, now_); });
    }
    connecting_ = closing_ = false;
    line_.reset();
    then([&] { session_.on_closed(now_); });
  }
  void probed(bool well)
  {
    probing_ = false;
    then([&] { session_.on_probe(well, now_); });
  }
  void pass(core::time_point until)
  {
    now_ = until;
    then([&] { session_.on_time(now_); });
  }

  /// Everything is to have ended, for good.
  void shut()
  {
    then([&] { session_.shut(); });
    if (closing_) {
      closed(0);
    }
    for (const sent_message& s : messages_.all()) {
      require(s.is_over, "a message outlives its transport");
    }
    require(session_.books().messages.live() == 0 && session_.held_bytes() == 0,
            "something is held by a transport that is shut");
    require(!connect_waits_, "a connect never completes");
    require(!drain_waits_, "a disconnect never completes");
    require(!line_ && !connecting_ && session_.next_deadline() == core::never,
            "a transport that is shut goes on");
  }
  /// Its context goes: all that has not ended comes back.
  void release()
  {
    for (auto left = session_.release_all(); !left.empty(); left.pop_front()) {
      sent_message& s = static_cast<sent_message&>(left.front());
      require(!std::exchange(s.is_over, true), "a message comes back twice");
    }
    for (const sent_message& s : messages_.all()) {
      require(s.is_over, "a message is lost with its context");
    }
  }

  [[nodiscard]] bool open() const noexcept { return line_ && !closing_; }
  [[nodiscard]] bool connecting() const noexcept { return connecting_ && !closing_; }
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  [[nodiscard]] bool probing() const noexcept { return probing_; }
  [[nodiscard]] bool writing() const noexcept { return writing_.has_value() && !closing_; }
  [[nodiscard]] bool reading() const noexcept { return reading_.has_value() && !closing_; }
  [[nodiscard]] core::session& session() noexcept { return session_; }
  [[nodiscard]] wire& line() noexcept { return *line_; }
  [[nodiscard]] mail& messages() noexcept { return messages_; }
  [[nodiscard]] core::time_point now() const noexcept { return now_; }
  [[nodiscard]] const session_options& options() const noexcept { return options_; }

private:
  void carry_out()
  {
    for (unsigned actions = 0;; ++actions) {
      require(actions < 10'000, "it asks for more and more");
      const core::action a = session_.next_action(now_);
      if (std::holds_alternative<std::monostate>(a)) {
        break;
      }
      std::visit([this](const auto& what) { perform(what); }, a);
    }
    for (auto ended = session_.take_ended(); !ended.empty();) {
      core::request& r = ended.front();
      ended.pop_front();
      judge(static_cast<sent_message&>(r));
    }
  }

  void perform(std::monostate) {}
  void perform(const core::tell& t)
  {
    require(t.server < servers_, "it tells of a server that is none");
  }
  void perform(const core::start_connect& a)
  {
    require(!connecting_ && !line_ && !closing_, "it connects, and has a connection");
    require(a.server < servers_, "it connects to a server that is none");
    connecting_ = true;
  }
  void perform(const core::start_probe& a)
  {
    require(open() && !probing_ && a.server == 0, "it looks for a server at the wrong time");
    probing_ = true;
  }
  void perform(const core::stop_probe&)
  {
    require(std::exchange(probing_, false), "it ends a look that nobody takes");
  }
  void perform(const core::start_write& a)
  {
    require(open() && !writing_ && !a.bytes.empty(), "it writes at the wrong time");
    line_->handed(a.bytes);
    writing_ = a.bytes;
  }
  void perform(const core::start_read& a)
  {
    require(open() && !reading_ && !a.room.empty(), "it reads at the wrong time");
    reading_ = a.room;
  }
  void perform(const core::close_connection&)
  {
    require(!closing_, "it closes twice");
    closing_ = true;
  }
  void perform(const core::finish_connect&) { connect_waits_ = false; }
  void perform(const core::finish_disconnect&)
  {
    require(std::exchange(drain_waits_, false), "a disconnect completes that nobody asked for");
    require(!line_ && !closing_ && !connecting_, "disconnected, and there is a connection");
  }

  /// A message has ended.
  void judge(sent_message& s)
  {
    require(!std::exchange(s.is_over, true), "a message ends twice");
    require(s.where == core::phase::ended, "a message ends in the middle of its way");
    require(!s.error || s.error.category() == error_category(), "an error of somebody else's");
    const outcome o = outcome_of(s.error);
    ++ended_[static_cast<std::size_t>(o)];
    ended_events_[static_cast<std::size_t>(o)] += s.events;
    require(o != outcome::sent, "sent for good, over a stream");
    require(o != outcome::not_sent || !s.touched, "not sent, and bytes of it were");
    require(o == outcome::not_sent || s.handed, "it was never written, and might have been");
    if (o == outcome::acked || o == outcome::rejected) {
      require(line_.has_value(), "an answer comes without a connection");
      judge_answer(s, o);
    }
  }
  void judge_answer(const sent_message& s, outcome o) const
  {
    require(s.has_query || s.answer.event_count() == 0, "events for who asked nothing");
    if (!line_->honest()) {
      return;
    }
    require((o == outcome::rejected) == (s.answered == reply::rejection) &&
                s.answered != reply::none,
            "another answer than the server gave");
    require(o != outcome::rejected || s.answer.text() == s.name, "somebody else's rejection");
    require((s.answer.event_count() != 0) == (s.answered == reply::events),
            "another number of events");
    for (const event_view e : s.answer.events()) {
      require(e.service() == s.name, "somebody else's events");
    }
  }

  /// The books, against the messages.
  void check() const
  {
    const statistics& books = session_.books();
    require(books.messages.balanced() && books.events.balanced(), "the books do not balance");
    tally live;
    tally live_events;
    std::size_t held = 0;
    for (const sent_message& s : messages_.all()) {
      if (!s.is_over) {
        count(s, live, 1);
        count(s, live_events, s.events);
        held += s.where == core::phase::queued || s.where == core::phase::waiting ? s.size : 0;
      }
    }
    require(agree(books.messages, live, ended_), "the books have other messages");
    require(agree(books.events, live_events, ended_events_), "the books have other events");
    require(session_.held_bytes() == held, "the queue has other bytes");
    require(open() ? books.tombstones == line_->tombstones() : books.tombstones == 0,
            "the books have other tombstones");
    require(live.waiting == 0 || (options_.when_full == overload_policy::wait && live.queued != 0),
            "messages wait, and not for room");
    const bool bounded = options_.when_full == overload_policy::wait;
    require(!bounded || live.queued <= options_.max_queued + options_.max_in_flight,
            "more is queued than may be");
    require(session_.next_deadline() > now_, "a deadline has passed unseen");
  }
  static void count(const sent_message& s, tally& t, std::uint64_t n)
  {
    switch (s.where) {
    case core::phase::waiting:
      t.waiting += n;
      return;
    case core::phase::queued:
      t.queued += n;
      return;
    case core::phase::staged:
      t.staged += n;
      return;
    case core::phase::in_flight:
      t.in_flight += n;
      return;
    case core::phase::fresh:
    case core::phase::ended:
      break;
    }
    throw violation{"a message is nowhere"};
  }
  using counts = std::array<std::uint64_t, 5>;
  static bool agree(const tally& books, const tally& live, const counts& ended)
  {
    return books.waiting == live.waiting && books.queued == live.queued &&
           books.staged == live.staged && books.in_flight == live.in_flight &&
           counts{books.acked, books.sent, books.rejected, books.not_sent, books.unknown} == ended;
  }

  session_options options_;
  std::size_t servers_;
  mutable mail messages_{}; ///< before the session, which links them
  core::session session_;
  std::optional<wire> line_{};
  std::optional<std::span<const std::byte>> writing_{};
  std::optional<std::span<std::byte>> reading_{};
  core::time_point now_{std::chrono::hours{1}};
  bool connecting_ = false;
  bool closing_ = false;
  bool probing_ = false;
  bool connect_waits_ = false;
  bool drain_waits_ = false;
  counts ended_{};
  counts ended_events_{};
};

} // namespace riemann::fuzz

#endif
