#ifndef RIEMANN_BENCH_FLOOR_HPP
#define RIEMANN_BENCH_FLOOR_HPP

#include "measure.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace bench {

/// Sends `total` copies of `frame` over a raw socket with at most `window` of
/// them unanswered, refilled on any progress, and counts the answers.
sample run_floor(const std::string& host, std::uint16_t port, std::span<const std::byte> frame,
                 std::size_t window, std::size_t total);

} // namespace bench

#endif
