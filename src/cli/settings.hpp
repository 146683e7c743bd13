#ifndef RIEMANN_CLI_SETTINGS_HPP
#define RIEMANN_CLI_SETTINGS_HPP

#include "cli/figure_limits.hpp"
#include "cli/input_format.hpp"
#include "cli/values.hpp"

#include <riemann/event.hpp>
#include <riemann/options.hpp>
#include <riemann/tls_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace riemann::cli {

enum class transport_kind { tcp, tls, udp, none };

/// With TLS: whom to trust, who we are.
struct tls_settings {
  std::string ca_certs{};
  std::string certfile{};
  std::string keyfile{};
  std::optional<std::string> key_password{};
  std::string server_name{};
  tls_version min_version = tls_version::tls_1_2;
  bool insecure = false;
};

/// How to reach the server: what holds for every command that talks to one.
struct server_settings {
  std::string host = "localhost";
  std::uint16_t port = 5555;
  transport_kind transport = transport_kind::tcp;
  /// For connecting, and for each answer.
  std::chrono::milliseconds timeout = std::chrono::seconds{5};
  tls_settings tls{};
  /// Messages whose answers are owed, at most; 0: as many as the library takes itself.
  std::size_t window = 0;

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

/// `send --stdin`.
struct stream_settings {
  server_settings server{};
  /// What the lines need not say. Without a time, they get that of their reading.
  riemann::event defaults{};
  input_format format = input_format::guessed;
  metric_kind metric = metric_kind::as_written;
  /// Where lines are kept that cannot be read; empty: nowhere.
  std::string reject_file{};
  /// Without the summary.
  bool quiet = false;
};

enum class output_format { json, ndjson, table, csv };

struct query_settings {
  server_settings server{};
  std::string query{};
  output_format output = output_format::json;
  /// To ask again so much later, and again; nothing: once.
  std::optional<std::chrono::milliseconds> watch{};
};

struct ping_settings {
  server_settings server{};
  /// 0: until interrupted.
  std::uint64_t count = 1;
  std::chrono::milliseconds interval = std::chrono::seconds{1};
};

/// Throw-away certificates are made where none are given.
struct serve_tls_settings {
  std::uint16_t port = 5554;
  std::string certfile{};
  std::string keyfile{};
  std::optional<std::string> key_password{};
  std::string client_ca_certs{};
  /// Clients must show a certificate of the throw-away authority.
  bool mutual = false;
  /// Where throw-away ones are written; empty: in a directory of their own, which
  /// goes with the server.
  std::string directory{};
};

struct serve_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 5555;
  /// Acknowledge and forget.
  bool sink = false;
  /// Where what is acknowledged is kept; empty: nowhere.
  std::string journal{};
  std::optional<serve_tls_settings> tls{};
};

struct bench_settings {
  server_settings server{};
  /// 0: no bound. One at least is given; of both, the one that is reached first holds.
  std::uint64_t events = 0;
  std::chrono::milliseconds time{};
  std::uint64_t batch = 1; ///< events in a message
  std::size_t connections = 1;
  std::size_t threads = 1;
  std::string event_host{};
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
  figure_limits limits{};
};

/// The user asked for help or the version.
struct text_to_print {
  std::string text;
};

using command = std::variant<send_settings, stream_settings, query_settings, ping_settings,
                             serve_settings, agent_settings, bench_settings, text_to_print>;

} // namespace riemann::cli

#endif
