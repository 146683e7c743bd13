#ifndef RIEMANN_FUZZ_MAKE_EVENT_HPP
#define RIEMANN_FUZZ_MAKE_EVENT_HPP

#include "input.hpp"

#include <riemann/event.hpp>

#include <cstdint>

namespace riemann::fuzz {

inline metric make_metric(input& in)
{
  switch (in.below(3)) {
  case 0:
    return in.number<std::int64_t>();
  case 1:
    return in.number<double>();
  default:
    return in.number<float>();
  }
}

inline timestamp make_time(input& in)
{
  const bool fine = in.flag();
  const auto count = in.number<std::int64_t>();
  return fine ? timestamp::from_micros(count) : timestamp::from_seconds(count);
}

/// Any event: bytes say which fields it has, and what is in them.
inline event make_event(input& in)
{
  const auto has = [fields = in.byte()](unsigned bit) { return (fields >> bit & 1U) != 0; };
  event e;
  if (has(0)) {
    e.host = in.text();
  }
  if (has(1)) {
    e.service = in.text();
  }
  if (has(2)) {
    e.state = in.text();
  }
  if (has(3)) {
    e.description = in.flag() ? in.block() : in.text();
  }
  if (has(4)) {
    e.metric = make_metric(in);
  }
  if (has(5)) {
    e.ttl = ttl_duration{in.number<float>()};
  }
  if (has(6)) {
    e.time = make_time(in);
  }
  if (has(7)) {
    const std::uint8_t counts = in.byte();
    for (unsigned n = counts & 15U; n > 0; --n) {
      e.tags.push_back(in.text());
    }
    for (unsigned n = counts >> 4U; n > 0; --n) {
      attribute a{.key = in.text()};
      if (in.flag()) {
        a.value = in.text();
      }
      e.attributes.push_back(a);
    }
  }
  return e;
}

} // namespace riemann::fuzz

#endif
