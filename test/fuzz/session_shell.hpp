#ifndef RIEMANN_FUZZ_SESSION_SHELL_HPP
#define RIEMANN_FUZZ_SESSION_SHELL_HPP

#include "core/session.hpp"
#include "net/command.hpp"
#include "net/inbox.hpp"
#include "session_wire.hpp"

#include <riemann/error.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace riemann::fuzz {

using boost::system::error_code;

/// Carries out a session's actions as far as noting them, and holds all that it asks for
/// and says against what users and network know. As in a transport, what users do comes
/// by the inbox: at once, or when something else happens.
class session_shell {
public:
  /// What is not a message, by the names that cancel it.
  static constexpr std::uint64_t connecting_id = 1'000;
  static constexpr std::uint64_t disconnecting_id = 1'001;

  session_shell(const session_options& options, core::destinations where)
      : options_{options}, servers_{where.count}, session_{options_, where}, inbox_{options_}
  {}
  session_shell(const session_shell&) = delete;
  session_shell& operator=(const session_shell&) = delete;
  ~session_shell()
  {
    session_.take_ended().clear();
    session_.release_all().clear();
    take_all();
    fresh_.clear();
  }

  /// Something happens to the session, which then takes in what users have done meanwhile.
  template <class Input>
  void then(Input&& input)
  {
    input();
    finish_step();
    check();
  }

  // The user.
  void submit(message m, core::time_point deadline, std::string name, std::uint8_t resends)
  {
    const bool room = has_room(m.frame().size());
    sent_message& s = messages_.add(std::move(m), deadline, std::move(name));
    s.resends_left = resends;
    auto admission = inbox_.admit(s);
    require(admission.admitted == room, "a message is refused with room left, or taken with none");
    errc refused = errc::overloaded;
    if (!admission.admitted && inbox_.drops()) {
      if (const auto why = refusal_of(s)) {
        refused = *why;
      } else {
        admission = make_room(s);
      }
    }
    if (!admission.admitted) {
      s.error = refused;
      inbox_.refuse(s, refused);
      end_early(s);
    } else {
      woken(admission.must_wake);
    }
    check();
  }
  void connect() { ask({.what = net::command::kind::connect, .id = connecting_id}); }
  void drain(std::chrono::milliseconds within)
  {
    ask({.what = net::command::kind::disconnect,
         .id = disconnecting_id,
         .deadline = now_ + within});
  }
  void cancel() { ask({.what = net::command::kind::cancel}); }
  /// `only_unwritten`: what has had an effect goes on.
  void give_up(std::uint64_t id, bool only_unwritten)
  {
    using kind = net::command::kind;
    ask({.what = only_unwritten ? kind::withdraw : kind::give_up, .id = id});
  }
  /// From now on nothing that users do is taken in by itself, or it is again.
  void hold(bool holds)
  {
    holds_ = holds;
    if (!holds_ && wakes_) {
      then([] {});
    }
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
    finish_step();
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

  /// For good.
  void ask_to_shut() { ask({.what = net::command::kind::shut}); }
  /// Everything is to have ended.
  void shut()
  {
    ask_to_shut();
    hold(false);
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
    auto left = session_.release_all();
    take_all();
    for (left.splice(left.end(), fresh_); !left.empty(); left.pop_front()) {
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
  // --- what users hand over

  /// The bounds, by the messages themselves.
  [[nodiscard]] bool has_room(std::size_t size) const
  {
    const bool waits = options_.when_full == overload_policy::wait;
    std::size_t held = 0;
    std::size_t bytes = 0;
    for (const sent_message& s : messages_.all()) {
      if (is_held(s)) {
        ++held;
        bytes += s.size;
      }
    }
    return held < options_.max_queued + (waits ? options_.max_waiting : 0) &&
           (held == 0 ||
            bytes + size <= options_.max_queued_bytes + (waits ? options_.max_waiting_bytes : 0));
  }
  /// In the inbox, or in the queue.
  static bool is_held(const sent_message& s) noexcept
  {
    return !s.is_over && (s.where == core::phase::fresh || s.where == core::phase::queued ||
                          s.where == core::phase::waiting);
  }

  /// For what the session would refuse nobody makes way.
  std::optional<errc> refusal_of(const sent_message& s) const
  {
    const auto closed = inbox_.has_acts() ? std::nullopt : session_.closed_to_sends();
    return closed ? closed : session_.unfit(s, now_);
  }
  /// As a transport does, one by one, between steps; and it is the right ones that go.
  net::inbox::admission make_room(sent_message& s)
  {
    auto admission = inbox_.admit(s);
    while (!admission.admitted) {
      const sent_message* const next = next_to_go(s);
      require(next != nullptr && drop_one(), "nobody makes way");
      require(next->is_over, "another makes way");
      require(next->error == errc::dropped || outcome_of(next->error) == outcome::unknown,
              "who makes way is told otherwise");
      admission = inbox_.admit(s);
    }
    return admission;
  }
  const sent_message* next_to_go(const sent_message& newcomer) const
  {
    const sent_message* next = nullptr;
    for (const sent_message& s : messages_.all()) {
      if (&s != &newcomer && is_held(s) && (next == nullptr || inbox_.drops_newest())) {
        next = &s;
      }
    }
    return next;
  }
  bool drop_one()
  {
    core::request* fresh = inbox_.drops_newest() ? inbox_.drop_one() : nullptr;
    if (fresh == nullptr && session_.drop_one()) {
      collect_ended();
      publish();
      return true;
    }
    fresh = fresh == nullptr ? inbox_.drop_one() : fresh;
    if (fresh != nullptr) {
      end_early(static_cast<sent_message&>(*fresh));
    }
    return fresh != nullptr;
  }
  /// Before the session has heard of it.
  void end_early(sent_message& s)
  {
    require(!std::exchange(s.is_over, true), "a message ends twice");
    require(!s.submitted, "the inbox ends what the session has");
    ++ended_early_;
    events_ended_early_ += s.events;
  }

  void ask(net::command what)
  {
    asked_.push_back(messages_.all().size());
    net::command_list one;
    one.push_back(std::move(what));
    woken(inbox_.hand_over(one).must_wake);
  }
  /// The inbox has something.
  void woken(bool must_wake)
  {
    require(must_wake != std::exchange(wakes_, true), "the strand is woken twice, or never");
    if (!holds_) {
      then([] {});
    }
  }

  void take_all()
  {
    wakes_ = false;
    inbox_.take(fresh_, taken_);
  }
  /// As a transport's step does, in the order in which it was handed over.
  void take_in()
  {
    take_all();
    const statistics between = inbox_.snapshot();
    require(between.messages.balanced() && between.events.balanced(),
            "the books do not balance between taking and telling");
    if (!taken_.empty()) {
      carry_out();
    }
    for (; !taken_.empty(); taken_.pop_front()) {
      submit_until(taken_.front().sends_before);
      check_place();
      obey(taken_.front());
      carry_out();
    }
    submit_until(submitted_ + fresh_.size());
  }
  void submit_until(std::uint64_t sends)
  {
    while (submitted_ != sends) {
      require(!fresh_.empty(), "an act has another place among the messages");
      auto& s = static_cast<sent_message&>(fresh_.front());
      fresh_.pop_front();
      ++submitted_;
      s.submitted = true;
      session_.submit(s, now_);
    }
  }
  /// All that was handed over before the act is with the session, and nothing else.
  void check_place()
  {
    const std::size_t before = asked_.front();
    asked_.pop_front();
    for (const sent_message& s : messages_.all()) {
      require(s.number > before ? !s.submitted : s.submitted || s.is_over,
              "an act has another place among the messages");
    }
  }
  void obey(const net::command& c)
  {
    using kind = net::command::kind;
    switch (c.what) {
    case kind::connect:
      connect_waits_ = !session_.connect(now_) || connect_waits_;
      return;
    case kind::disconnect:
      drain_waits_ = true;
      return session_.drain(c.deadline, now_);
    case kind::cancel:
      return session_.cancel();
    case kind::withdraw:
      return cancel_one(c.id, true);
    case kind::give_up:
      return cancel_one(c.id, false);
    case kind::shut:
      return session_.shut();
    }
  }
  void cancel_one(std::uint64_t id, bool only_unwritten)
  {
    if (id == connecting_id) {
      connect_waits_ = false;
      return session_.connect_unwanted();
    }
    if (id == disconnecting_id) {
      drain_waits_ = drain_waits_ && only_unwritten;
      return only_unwritten ? void() : session_.stop_draining();
    }
    sent_message& s = messages_.all()[id - 1];
    if (!s.is_over && (!only_unwritten || core::unwritten(s))) {
      session_.give_up(s);
    }
  }

  void finish_step()
  {
    take_in();
    carry_out();
    publish();
  }
  void publish() { inbox_.publish(session_.books(), session_.held_bytes(), open()); }

  // --- what the session asks for

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
    collect_ended();
  }
  void collect_ended()
  {
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
      if (!s.is_over && s.submitted) {
        count(s, live, 1);
        count(s, live_events, s.events);
        held += s.where == core::phase::queued || s.where == core::phase::waiting ? s.size : 0;
      }
    }
    require(agree(books.messages, live, ended_), "the books have other messages");
    require(agree(books.events, live_events, ended_events_), "the books have other events");
    check_snapshot(books);
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
  /// What users see: the session's books, and what the inbox has or had.
  void check_snapshot(const statistics& books) const
  {
    const statistics seen = inbox_.snapshot();
    require(seen.messages.balanced() && seen.events.balanced(),
            "what users see of the books does not balance");
    std::uint64_t waiting = 0;
    std::uint64_t waiting_events = 0;
    for (const sent_message& s : messages_.all()) {
      waiting += s.is_over || s.submitted ? 0 : 1;
      waiting_events += s.is_over || s.submitted ? 0 : s.events;
    }
    require(seen.messages.submitted == messages_.all().size() &&
                seen.messages.not_sent == books.messages.not_sent + ended_early_ &&
                seen.messages.live() == books.messages.live() + waiting,
            "users see other messages");
    require(seen.events.not_sent == books.events.not_sent + events_ended_early_ &&
                seen.events.live() == books.events.live() + waiting_events,
            "users see other events");
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
  mutable mail messages_{}; ///< before session and inbox, which link them
  core::session session_;
  net::inbox inbox_;
  core::request_list fresh_{};      ///< taken, and not yet submitted
  net::command_list taken_{};       ///< ...and not yet obeyed
  std::deque<std::size_t> asked_{}; ///< messages before each act that was not obeyed yet
  std::uint64_t submitted_ = 0;     ///< of the admitted
  bool wakes_ = false;              ///< the inbox has something
  bool holds_ = false;              ///< ...which stays there until something else happens
  std::uint64_t ended_early_ = 0;   ///< by the inbox
  std::uint64_t events_ended_early_ = 0;
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
