#ifndef RIEMANN_BENCH_USUAL_EVENT_HPP
#define RIEMANN_BENCH_USUAL_EVENT_HPP

#include <riemann/event.hpp>
#include <riemann/message.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace bench {

/// Bytes of a message of the one event everything here sends.
inline constexpr std::size_t usual_size = 103;

/// As a service would send it. The peers build the very same one.
inline const riemann::event& usual_event()
{
  static const riemann::event e{.host = "app-server-17.example.org",
                                .service = "api request latency ms",
                                .state = "ok",
                                .metric = 0.217,
                                .tags = {"prod", "api", "http"},
                                .ttl = riemann::ttl_duration{60},
                                .time = riemann::timestamp::from_micros(1'700'000'000'123'456)};
  return e;
}

/// One message of `events` of them.
inline riemann::message usual_message(std::size_t events)
{
  return riemann::message{std::vector<riemann::event>(events, usual_event())};
}

/// A server's answer (its body) to a query that found `events` of them.
inline std::vector<std::byte> usual_answer(std::size_t events)
{
  const riemann::message found = usual_message(events);
  constexpr std::array ok{std::byte{0x10}, std::byte{0x01}};
  std::vector<std::byte> body(ok.size() + found.size());
  std::ranges::copy(found.body(), std::ranges::copy(ok, body.begin()).out);
  return body;
}

} // namespace bench

#endif
