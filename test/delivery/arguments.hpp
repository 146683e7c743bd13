#ifndef RIEMANN_TEST_DELIVERY_ARGUMENTS_HPP
#define RIEMANN_TEST_DELIVERY_ARGUMENTS_HPP

#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace delivery {

/// What the load is told, by words of the form `name=value`.
struct arguments {
  std::uint16_t port = 0;
  /// Not 0: a pool of connections to servers at both.
  std::uint16_t other_port = 0;
  std::size_t connections = 4;
  /// By a batch client.
  bool batches = false;
  /// Over TLS, trusting these authorities; empty: over TCP.
  std::string ca_certs{};
  /// Threads that submit, and that run the context.
  std::size_t threads = 4;
  std::size_t runners = 2;
  /// Messages unanswered at most, of each thread that submits.
  std::size_t outstanding = 64;
  /// Bytes of words in each event, besides its number.
  std::size_t padding = 0;
  /// Where the outcome of each number is written; empty: nowhere.
  std::string outcomes{};
  /// How many acknowledgements more are worth a line.
  std::uint64_t tick = 500;
  /// How long what is owed may take once there is nothing more to come.
  std::chrono::milliseconds drain = std::chrono::seconds{10};
  riemann::session_options session{};
};

/// Throws `std::invalid_argument`, naming the word.
[[nodiscard]] arguments parse(int argc, char** argv);

} // namespace delivery

#endif
