#ifndef RIEMANN_SIMULATION_WIRE_HPP
#define RIEMANN_SIMULATION_WIRE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The little of the protocol the simulated server speaks, apart from the
/// library's codec: all that a message holds has a name, and its answer has the first
/// of them.
namespace riemann::simulation {

using bytes = std::vector<std::byte>;

/// A message as the server understands it.
struct asked {
  /// Of its events and its query, in their order; none: it is empty.
  std::vector<std::uint64_t> names{};
  unsigned events = 0;
  bool has_query = false;
};

/// A name as it is written, in a message and in its answer.
std::string name_of(std::uint64_t number);

/// Reads a body; throws `violation` when it is not what a client sent.
asked decode(std::span<const std::byte> body);

/// Length in the four bytes in front.
std::size_t announced(std::span<const std::byte> header);

// Frames of answers.
bytes acknowledgement();
bytes rejection(std::uint64_t name);
bytes found(std::uint64_t name, unsigned events);
bytes malformed();
/// A length over `limit`, and a few bytes.
bytes oversized(std::size_t limit);

} // namespace riemann::simulation

#endif
