#ifndef RIEMANN_SIMULATION_WIRE_HPP
#define RIEMANN_SIMULATION_WIRE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The little of the protocol the simulated server speaks, apart from the
/// library's codec: every message carries its number, and so does its answer.
namespace riemann::simulation {

using bytes = std::vector<std::byte>;

/// A message as the server understands it.
struct asked {
  std::uint64_t number = 0;
  unsigned events = 0;
  bool has_query = false;
};

/// What names message `number` inside it and inside its answer.
std::string name_of(std::uint64_t number);

/// Reads a body; throws `violation` when it is not what a client sent.
asked decode(std::span<const std::byte> body);

/// Length in the four bytes in front.
std::size_t announced(std::span<const std::byte> header);

// Frames of answers.
bytes acknowledgement();
bytes rejection(std::uint64_t number);
bytes found(std::uint64_t number, unsigned events);
bytes malformed();
/// A length over `limit`, and a few bytes.
bytes oversized(std::size_t limit);

} // namespace riemann::simulation

#endif
