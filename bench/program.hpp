#ifndef RIEMANN_BENCH_PROGRAM_HPP
#define RIEMANN_BENCH_PROGRAM_HPP

#include "measure.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// How to speak TLS. Files are PEM.
struct tls_arguments {
  std::string ca_certs{};
  std::string certfile{};
  std::string keyfile{};
  std::string version{}; ///< "1.2" or "1.3" alone; empty: whatever is agreed on
  bool resume = true;
};

/// What a run is told.
struct arguments {
  std::string mode{};
  std::string host = "127.0.0.1";
  std::uint16_t port = 5555;
  std::size_t window = 1'000; ///< messages unanswered at most
  std::size_t messages = 100'000;
  std::size_t events = 1; ///< in each message
  std::size_t threads = 1;
  std::size_t coalesced = 0; ///< bytes of a datagram, UDP; 0: one message each
  bool latency = false;      ///< record how long each message takes
  bool fresh = false;        ///< the C client: make each event anew
  bool tls = false;
  tls_arguments secure{};
};

/// What a run has to tell.
struct result {
  explicit result(const arguments& a) : latency{a.latency, a.messages} {}

  stopwatch watch{};
  latencies latency;
  std::vector<std::pair<std::string, std::size_t>> extra{}; ///< counts of the mode's own
  std::vector<std::pair<std::string, std::string>> words{}; ///< plain ones, without quotes
};

/// What the program is, and the one thing it does in each mode.
struct program {
  struct mode {
    std::string name;
    std::function<void(const arguments&, result&)> run;
    bool over_tls = false; ///< it can be
  };

  std::string name;
  std::string about;
  std::vector<mode> modes;
};

/// Does one run, as the command line says, and prints what was measured as one line of
/// JSON. Returns the exit code: 0, 2 for a wrong command line, 1 for anything else.
int run(const program& p, int argc, char** argv);

} // namespace bench

#endif
