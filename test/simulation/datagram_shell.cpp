#include "datagram_shell.hpp"

#include "trace.hpp"
#include "violation.hpp"

#include <riemann/error.hpp>
#include <riemann/outcome.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace riemann::simulation {

// --- from the user's side

void datagram_shell::submit(message m, time_point deadline)
{
  tracked& t = messages_.add(std::move(m), deadline);
  t.submitted = true;
  t.submitted_at = time_.now();
  note(time_, "submit ", t.number, " of ", t.body_size);
  session_.submit(*t.request, time_.now());
  pump();
}

void datagram_shell::give_up(tracked& t)
{
  t.given_up = true;
  note(time_, "give up ", t.number);
  session_.give_up(*t.request);
  pump();
}

void datagram_shell::connect()
{
  note(time_, "connect");
  if (!session_.connect(time_.now())) {
    require(wants_ != wants::shut, "a connect after the end is not refused");
    wants_ = wants::running; // a drain, if there was one, is over but for the telling
  }
  pump();
}

void datagram_shell::drain(std::chrono::microseconds within)
{
  note(time_, "drain within ", within.count(), " us");
  if (wants_ == wants::running) {
    wants_ = wants::draining;
  }
  session_.drain(time_.now() + within, time_.now());
  pump();
}

void datagram_shell::cancel()
{
  note(time_, "cancel");
  cancelled_ = true;
  session_.cancel();
  pump();
}

void datagram_shell::shut()
{
  note(time_, "shut");
  wants_ = wants::shut;
  cancelled_ = true;
  session_.shut();
  pump();
}

void datagram_shell::on_time()
{
  session_.on_time(time_.now());
  pump();
}

// --- what the session says

void datagram_shell::pump()
{
  collect();
  for (int i = 0;; ++i) {
    require(i < 1'000, "the session asks without end");
    const auto a = session_.next_action(time_.now());
    if (std::holds_alternative<std::monostate>(a)) {
      break;
    }
    require(!std::holds_alternative<core::start_read>(a) &&
                !std::holds_alternative<core::start_probe>(a),
            "a read or a probe, where nothing answers");
    std::visit(
        [this](auto what) {
          if constexpr (requires { perform(what); }) {
            perform(std::move(what));
          }
        },
        a);
    collect();
  }
  cancelled_ = false;
  answered_.reset();
  check();
}

void datagram_shell::collect()
{
  core::request_list ended = session_.take_ended();
  while (!ended.empty()) {
    core::request& r = ended.front();
    ended.pop_front();
    const auto mine = std::ranges::find_if(
        messages_.all(), [&r](const tracked& t) { return t.request.get() == &r; });
    require(mine != messages_.all().end(), "a request came back twice");
    require(r.where == core::phase::ended, "a live request came back");
    end(*mine, r.error);
  }
}

void datagram_shell::end(tracked& t, boost::system::error_code error)
{
  note(time_, "ended ", t.number, ": ", error ? error.message() : "sent");
  const bool is_sent = !error;
  require(!is_sent || t.at_server.received == 1, "sent, and no datagram took it along");
  require(outcome_of(error) != outcome::not_sent || t.at_server.received == 0,
          "not sent, and a datagram took it along");
  require(outcome_of(error) != outcome::unknown || t.handed, "unknown, and never in a write");
  require(is_sent || has_cause(t, error), "an error without a cause");
  t.error = error;
  t.ended = true;
  t.request.reset();
}

bool datagram_shell::has_cause(const tracked& t, boost::system::error_code error) const
{
  const auto now = time_.now();
  const auto& o = how_.options;
  const bool own_deadline = t.request->expires_at <= now;
  switch (static_cast<errc>(error.value())) {
  case errc::cancelled:
  case errc::abandoned:
    return t.given_up || cancelled_ || wants_ == wants::shut;
  case errc::not_supported:
    return t.has_query;
  case errc::message_too_large:
    return t.body_size > o.max_message_size ||
           (answered_ == boost::asio::error::message_size && t.body_size > how_.wrong.path) ||
           (answered_ == boost::asio::error::message_size && how_.wrong.too_long != 0);
  case errc::expired:
    return own_deadline || t.submitted_at + o.max_queue_age <= now;
  case errc::deadline_exceeded:
    return own_deadline;
  case errc::not_written:
    return answered_ && *answered_;
  case errc::connect_failed:
  case errc::connect_timeout:
    return !open_ && o.max_connect_tries != 0;
  case errc::write_timeout:
    return writing_;
  case errc::disconnected:
  case errc::drain_timeout:
    return wants_ == wants::draining || wants_ == wants::nothing;
  case errc::overloaded:
  case errc::dropped:
  case errc::rejected:
  case errc::handshake_failed:
  case errc::handshake_timeout:
  case errc::connection_lost:
  case errc::tls_failed:
  case errc::answer_timeout:
  case errc::malformed_answer:
  case errc::answer_too_large:
  case errc::unexpected_events:
  case errc::surplus_answer:
  case errc::frame_too_large:
    break;
  }
  return false;
}

void datagram_shell::perform(core::finish_disconnect a)
{
  note(time_, "drain is through: ", a.error.message());
  require(!open_ && !connecting_ && !closing_, "disconnected, and there is a socket");
  if (wants_ == wants::draining) {
    wants_ = wants::nothing;
  }
}

// --- what holds whenever nothing is left to do at one instant

std::vector<tracked*> datagram_shell::queued() const
{
  std::vector<tracked*> waiting;
  for (tracked& t : messages_.all()) {
    const bool loaded = current_ && std::ranges::count(current_->messages, &t) != 0;
    if (!t.ended && !loaded) {
      waiting.push_back(&t);
    }
  }
  return waiting;
}

bool datagram_shell::may_go(const std::vector<tracked*>& waiting) const
{
  std::size_t size = 0;
  for (const tracked* t : waiting) {
    size += t->body_size;
  }
  return size >= limit_ || wants_ != wants::running ||
         waiting.front()->submitted_at + how_.options.linger <= time_.now();
}

void datagram_shell::check() const
{
  const auto waiting = queued();
  check_books(waiting);
  check_deadlines();
  require(!open_ || closing_ || writing_ || waiting.empty() || !may_go(waiting),
          "a datagram lingers longer than it may");
  require(open_ || connecting_ || closing_ || waiting.empty() || backing_off_,
          "messages are queued and nothing connects");
}

void datagram_shell::check_books(const std::vector<tracked*>& waiting) const
{
  const statistics& books = session_.books();
  require(books.messages.balanced() && books.events.balanced(), "the books do not balance");
  tally counted;
  for (const tracked& t : messages_.all()) {
    counted.submitted += t.submitted ? 1 : 0;
    counted.sent += t.ended && !t.error ? 1 : 0;
    counted.unknown += t.ended && outcome_of(t.error) == outcome::unknown ? 1 : 0;
    counted.not_sent += t.ended && outcome_of(t.error) == outcome::not_sent ? 1 : 0;
    counted.staged += t.ended ? 0 : 1;
  }
  counted.queued = waiting.size();
  counted.staged -= waiting.size();
  require(books.messages == counted, "the books count other messages");
}

void datagram_shell::check_deadlines() const
{
  const auto passed = [this](time_point due) {
    return due != never && due + how_.lateness < time_.now();
  };
  for (const tracked& t : messages_.all()) {
    require(t.ended || !passed(t.request->expires_at), "a message outlived its deadline");
  }
}

void datagram_shell::check_quiet() const
{
  require(std::ranges::all_of(messages_.all(), &tracked::ended), "a message never ends");
  require(!connecting_ && !closing_ && !writing_, "an operation never ends");
}

} // namespace riemann::simulation
