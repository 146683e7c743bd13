#ifndef RIEMANN_CLI_SETTINGS_HPP
#define RIEMANN_CLI_SETTINGS_HPP

#include <riemann/event.hpp>
#include <riemann/options.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace riemann::cli {

enum class transport_kind { tcp, udp, none };

/// How to reach the server: what holds for every command that talks to one.
struct server_settings {
  std::string host = "localhost";
  std::uint16_t port = 5555;
  transport_kind transport = transport_kind::tcp;
  /// For connecting, and for each answer.
  std::chrono::milliseconds timeout = std::chrono::seconds{5};

  /// For a message as a whole; the timeouts of connecting and of the answer pass
  /// first, and say more.
  [[nodiscard]] std::chrono::milliseconds message_deadline() const
  {
    return std::min(2 * timeout, session_options::max_duration);
  }
};

struct send_settings {
  server_settings server{};
  riemann::event event{};
  bool echo = true;
};

struct query_settings {
  server_settings server{};
  std::string query{};
};

struct serve_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 5555;
  /// Acknowledge and forget.
  bool sink = false;
};

struct agent_settings {
  server_settings server{};
  std::chrono::milliseconds interval = std::chrono::seconds{5};
  /// Until the first round, which needs two samples: at most this, and at most
  /// the interval.
  std::chrono::milliseconds first_delay = std::chrono::seconds{1};
  /// Rounds; 0: for ever.
  std::uint64_t count = 0;
  std::string event_host{};
  tag_list tags{};
  bool echo = false;
};

/// The user asked for help or the version.
struct text_to_print {
  std::string text;
};

using command =
    std::variant<send_settings, query_settings, serve_settings, agent_settings, text_to_print>;

} // namespace riemann::cli

#endif
