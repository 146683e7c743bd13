#ifndef RIEMANN_TEST_UNIT_GOLDEN_SERVER_REPLAY_HPP
#define RIEMANN_TEST_UNIT_GOLDEN_SERVER_REPLAY_HPP

#include "testkit/connection_core.hpp"
#include "transcript.hpp"

#include <riemann/event_view.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace riemann::golden {

struct replay_options {
  /// Longest message taken over TCP, in bytes; a real server's.
  std::size_t max_message_size = 0x7FFFFFFB;
  /// Bytes of a read, at most; long requests come as they fit.
  std::size_t piece = std::numeric_limits<std::size_t>::max();
};

/// Asks the testkit server's core what the real server was asked, record by record, in
/// their order, each on a connection of its own.
class server_replay {
public:
  explicit server_replay(replay_options options = {}) : options_{options} {}

  /// What it does otherwise, in words; empty: nothing.
  [[nodiscard]] std::string play(const transcript& t);

private:
  struct connection;

  std::string over_tcp(const transcript& t, connection& c, const bytes& answered);
  std::string half_closed(const transcript& t);
  std::string keeping_micros();
  std::string datagram(const transcript& t);
  [[nodiscard]] bool holds(const event_view& e) const;

  replay_options options_;
  testkit::detail::request_handler handler_{ttl_duration{60.0F}};
};

} // namespace riemann::golden

#endif
