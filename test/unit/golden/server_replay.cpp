#include "server_replay.hpp"

#include "answers.hpp"
#include "conduct.hpp"

#include <riemann/message.hpp>
#include <riemann/testkit/server.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace riemann::golden {

namespace {

using testkit::detail::connection_core;
using testkit::detail::connection_phase;
using testkit::detail::request_handler;

/// A while after the times in the records.
const timestamp now = timestamp::from_seconds(1'700'000'100);

/// Longer requests do not come byte by byte.
constexpr std::size_t long_request = std::size_t{64} << 10;

message event_in_micros(std::int64_t micros)
{
  return message{{.host = "micros",
                  .service = std::to_string(micros),
                  .ttl = ttl_duration{1e9F},
                  .time = timestamp::from_micros(micros)}};
}

} // namespace

struct server_replay::connection {
  connection(const replay_options& o, request_handler& h)
      : options{o},
        handler{h},
        core{{.max_message_size = o.max_message_size, .max_unread_answers = 1U << 30}, {}}
  {}

  void feed(std::span<const std::byte> request)
  {
    const auto piece =
        request.size() > long_request ? std::numeric_limits<std::size_t>::max() : options.piece;
    while (!request.empty() && core.phase() == connection_phase::open) {
      const auto room = core.prepare_read();
      const auto n = std::min({room.size(), request.size(), piece});
      std::memcpy(room.data(), request.data(), n);
      core.received(n, handler, now);
      request = request.subspan(n);
    }
  }
  bytes take_answers()
  {
    bytes all;
    while (core.next_output() == connection_core::output::write) {
      const auto written = core.to_write();
      all.insert(all.end(), written.begin(), written.end());
      core.sent(written.size());
    }
    return all;
  }
  bool is_open() { return core.phase() == connection_phase::open; }
  bool is_closed() { return core.phase() == connection_phase::closed; }
  /// It is open, and the next message is answered.
  bool goes_on()
  {
    feed(message{}.frame());
    return is_open() && take_answers().size() == 6;
  }

  replay_options options;
  request_handler& handler;
  connection_core core;
};

std::string server_replay::play(const transcript& t)
{
  connection c{options_, handler_};
  switch (conduct_of(t).value()) {
  case conduct::answers:
  case conduct::closes:
  case conduct::waits:
  case conduct::omits:
    c.feed(t.request);
    return over_tcp(t, c, c.take_answers());
  case conduct::closes_half_closed:
    return half_closed(t);
  case conduct::keeps_micros:
    return keeping_micros();
  case conduct::indexes:
  case conduct::drops:
  case conduct::ignores:
    return datagram(t);
  case conduct::is_not_reached:
  case conduct::refuses:
    break;
  }
  throw std::logic_error{t.name + " is not for the core"};
}

std::string server_replay::over_tcp(const transcript& t, connection& c, const bytes& answered)
{
  if (describe(answered) != describe(t.response)) {
    return "other answers";
  }
  const auto what = *conduct_of(t);
  if (what == conduct::closes) {
    return c.is_closed() ? "" : "the connection stays open";
  }
  // In the midst of a message nothing can be asked.
  const bool well = what == conduct::waits ? c.is_open() : c.goes_on();
  return well ? "" : "the connection is closed";
}

std::string server_replay::half_closed(const transcript& t)
{
  // The client's end may come before the answer is out, or after that.
  for (const bool in_time : {true, false}) {
    connection c{options_, handler_};
    c.feed(t.request);
    const auto answered = in_time ? c.take_answers() : bytes{};
    c.core.ended();
    const auto too_late = c.take_answers();
    if (!c.is_closed() || !too_late.empty()) {
      return "the connection is not closed";
    }
    if (in_time && describe(answered) != describe(t.response)) {
      return "another answer";
    }
  }
  for (const auto body : bodies_of(t.request)) {
    const auto asked = response::parse({body.begin(), body.end()}).value();
    if (!std::ranges::all_of(asked.events(), [this](const auto& e) { return holds(e); })) {
      return "the event is not applied";
    }
  }
  return {};
}

std::string server_replay::keeping_micros()
{
  request_handler apart{ttl_duration{60.0F}};
  connection c{options_, apart};
  std::multiset<std::int64_t> given;
  for (std::int64_t i = 0; i != 2'000; ++i) {
    const auto micros = 1'700'000'000'000'000 + i * 7'919;
    given.insert(micros);
    c.feed(event_in_micros(micros).frame());
  }
  static_cast<void>(c.take_answers());
  c.feed(message::query("host = \"micros\"").frame());
  const auto answered = c.take_answers();
  const auto body = bodies_of(answered).at(0);
  const auto answer = response::parse({body.begin(), body.end()}).value();
  std::multiset<std::int64_t> taken;
  for (const auto e : answer.events()) {
    taken.insert(e.time().value().micros());
  }
  return taken == given ? "" : "other times";
}

std::string server_replay::datagram(const transcript& t)
{
  const auto before = handler_.index().size();
  // As the kernel gives it to a receiver with that much room.
  const auto limit = testkit::server_options{}.max_datagram_size;
  handler_.handle_datagram(std::span{t.request}.first(std::min(t.request.size(), limit)), now);
  const bool indexes = conduct_of(t) == conduct::indexes;
  if (handler_.index().size() != before + (indexes ? 1 : 0)) {
    return indexes ? "no event is indexed" : "an event is indexed";
  }
  const auto sent = response::parse(t.request);
  if (indexes && !holds(*sent.value().events().begin())) {
    return "another event is indexed";
  }
  return {};
}

bool server_replay::holds(const event_view& e) const
{
  bool found = false;
  handler_.index().visit([&](const testkit::detail::stored_event& s) {
    found = s.value().host == e.host() && s.value().service == e.service();
    return !found;
  });
  return found;
}

} // namespace riemann::golden
