// The peer: riemann-c-client, the library Debian has, as its API lets one use it.
#include "program.hpp"
#include "usual_event.hpp"

#include <riemann/response.hpp>
#include <riemann/riemann-client.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace {

using bench::arguments;
using bench::result;

struct freeing {
  void operator()(riemann_client_t* p) const { riemann_client_free(p); }
  void operator()(riemann_message_t* p) const { riemann_message_free(p); }
};
using client_ptr = std::unique_ptr<riemann_client_t, freeing>;
using message_ptr = std::unique_ptr<riemann_message_t, freeing>;

riemann_event_t* usual_event()
{
  return riemann_event_create(
      RIEMANN_EVENT_FIELD_HOST, "app-server-17.example.org", RIEMANN_EVENT_FIELD_SERVICE,
      "api request latency ms", RIEMANN_EVENT_FIELD_STATE, "ok", RIEMANN_EVENT_FIELD_METRIC_D,
      0.217, RIEMANN_EVENT_FIELD_TAGS, "prod", "api", "http", nullptr, RIEMANN_EVENT_FIELD_TTL,
      60.0, RIEMANN_EVENT_FIELD_TIME, std::int64_t{1'700'000'000}, RIEMANN_EVENT_FIELD_TIME_MICROS,
      std::int64_t{1'700'000'000'123'456}, RIEMANN_EVENT_FIELD_NONE);
}

message_ptr usual_message(std::size_t events)
{
  message_ptr m{riemann_message_create_with_events(usual_event(), nullptr)};
  for (std::size_t i = 1; i < events; ++i) {
    riemann_message_append_events(m.get(), usual_event(), nullptr);
  }
  return m;
}

void fail_if(int code, const char* what)
{
  if (code != 0) {
    throw std::system_error{-code, std::generic_category(), what};
  }
}

/// That it sends what we send, or the comparison is worth nothing.
void check_same_event()
{
  const message_ptr m = usual_message(1);
  std::size_t size = 0;
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> bytes{
      riemann_message_to_buffer(m.get(), &size), &std::free};
  constexpr std::size_t header = 4; // to_buffer puts the length in front
  const auto* begin = reinterpret_cast<const std::byte*>(bytes.get()) + header;
  const auto parsed = riemann::response::parse({begin, begin + (size - header)}).value();
  if (size - header != bench::usual_size ||
      parsed.to_events() != std::vector{bench::usual_event()}) {
    throw std::runtime_error{"riemann-c-client encodes another event than ours, of " +
                             std::to_string(size - header) + " bytes"};
  }
}

/// A connected client, and what it sends.
class peer {
public:
  peer(const arguments& a, riemann_client_type_t type)
      : client_{riemann_client_create(type, a.host.c_str(), a.port)},
        fresh_{a.fresh},
        events_{a.events},
        kept_{usual_message(a.events)}
  {
    check_same_event();
    if (!client_) {
      throw std::system_error{errno, std::generic_category(), "riemann_client_create"};
    }
  }

  /// Encodes and sends: a message made for the purpose, or the same one again.
  void send()
  {
    fail_if(fresh_ ? riemann_client_send_message_oneshot(client_.get(),
                                                         usual_message(events_).release())
                   : riemann_client_send_message(client_.get(), kept_.get()),
            "riemann_client_send_message");
  }
  void receive()
  {
    const message_ptr answer{riemann_client_recv_message(client_.get())};
    if (!answer || !answer->ok) {
      throw std::system_error{errno, std::generic_category(), "riemann_client_recv_message"};
    }
  }
  /// Reads `n` answers past the API, as many at once as there are.
  void receive_raw(std::size_t n)
  {
    constexpr std::size_t answer_size = 6;
    std::byte room[std::size_t{64} << 10];
    for (std::size_t unread = n * answer_size; unread != 0;) {
      const auto got =
          ::recv(riemann_client_get_fd(client_.get()), room, std::min(unread, sizeof room), 0);
      if (got <= 0) {
        throw std::system_error{errno, std::generic_category(), "recv"};
      }
      unread -= static_cast<std::size_t>(got);
    }
  }

private:
  client_ptr client_;
  bool fresh_;
  std::size_t events_;
  message_ptr kept_;
};

void run_sync(const arguments& a, result& r)
{
  peer p{a, RIEMANN_CLIENT_TCP};
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    const auto begun = r.latency.begin();
    p.send();
    p.receive();
    r.latency.end(begun);
  }
  r.watch.stop();
}

/// Pipelined by hand: sends until the window is full, then drains half of it.
/// `Receive` reads that many answers.
template <class Receive>
void pipeline(const arguments& a, result& r, Receive receive)
{
  peer p{a, RIEMANN_CLIENT_TCP};
  const std::size_t half = std::max<std::size_t>(a.window / 2, 1);
  std::vector<bench::clock::time_point> begun(a.window);
  std::size_t answered = 0;
  const auto drain = [&](std::size_t n) {
    receive(p, n, [&] { r.latency.end(begun[answered++ % a.window]); });
  };
  r.watch.start();
  for (std::size_t sent = 0; sent != a.messages; ++sent) {
    if (sent - answered == a.window) {
      drain(half);
    }
    begun[sent % a.window] = r.latency.begin();
    p.send();
  }
  drain(a.messages - answered);
  r.watch.stop();
}

void run_pipelined(const arguments& a, result& r)
{
  pipeline(a, r, [](peer& p, std::size_t n, const auto& ended) {
    for (; n != 0; --n) {
      p.receive();
      ended();
    }
  });
}

/// The same, and the answers are not even decoded.
void run_pipelined_raw(const arguments& a, result& r)
{
  pipeline(a, r, [](peer& p, std::size_t n, const auto& ended) {
    p.receive_raw(n);
    for (; n != 0; --n) {
      ended();
    }
  });
}

void run_udp(const arguments& a, result& r)
{
  peer p{a, RIEMANN_CLIENT_UDP};
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    p.send();
  }
  r.watch.stop();
}

/// An answer's bytes, decoded; every event's host, service and metric looked at.
void run_decode(const arguments& a, result& r)
{
  const auto body = bench::usual_answer(a.events);
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    // It takes bytes that are not const, and does not write to them.
    auto* bytes = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(body.data()));
    const message_ptr answer{riemann_message_from_buffer(bytes, body.size())};
    if (!answer || answer->n_events != a.events) {
      throw std::runtime_error{"riemann_message_from_buffer did not find the events"};
    }
    for (std::size_t e = 0; e != answer->n_events; ++e) {
      bench::keep(answer->events[e]->host);
      bench::keep(answer->events[e]->service);
      bench::keep(answer->events[e]->metric_d);
    }
  }
  r.watch.stop();
}

} // namespace

int main(int argc, char** argv)
{
  return bench::run({.name = "bench-peer",
                     .about = "riemann-c-client under the same load",
                     .modes = {{"sync", run_sync},
                               {"pipelined", run_pipelined},
                               {"pipelined-raw", run_pipelined_raw},
                               {"udp", run_udp},
                               {"decode", run_decode}}},
                    argc, argv);
}
