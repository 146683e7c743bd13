#ifndef RIEMANN_FUZZ_SESSION_SCRIPT_HPP
#define RIEMANN_FUZZ_SESSION_SCRIPT_HPP

#include "input.hpp"
#include "session_shell.hpp"

#include <riemann/message.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <array>
#include <chrono>
#include <limits>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <string>
#include <utility>

namespace riemann::fuzz {

/// Bytes say what happens, step by step; what cannot happen does not.
class session_script {
public:
  explicit session_script(input in)
      : in_{in}, releases_{in_.flag()}, shell_{make_options(in_), {1 + in_.below(2), 1}}
  {}

  void run()
  {
    while (!in_.empty()) {
      step();
    }
    releases_ ? shell_.release() : shell_.shut();
  }

private:
  static constexpr std::size_t most_messages = 64;
  static constexpr std::size_t most_resends = 3;
  /// Of a description; as long as is written from where it lies.
  static constexpr std::size_t long_text = std::size_t{70} << 10;

  static session_options make_options(input& in)
  {
    using namespace std::chrono_literals;
    using ms = std::chrono::milliseconds;
    session_options o{.connect_timeout = 100ms,
                      .max_connect_tries = in.below(3),
                      .min_backoff = in.one_of<ms>({1ms, 20ms}),
                      .max_backoff = 50ms,
                      .stay_connected = in.flag(),
                      .preferred_interval = 700ms,
                      .ping_interval = in.one_of<ms>({0ms, 500ms}),
                      .answer_timeout = 200ms,
                      .write_timeout = 300ms,
                      .max_queue_age = in.one_of<ms>({400ms, 60'000ms}),
                      .max_in_flight = in.one_of<std::size_t>({1'000, 1, 2, 4}),
                      .max_in_flight_bytes = in.one_of<std::size_t>({1U << 24U, 1, 60}),
                      .max_queued = in.one_of<std::size_t>({100'000, 1, 3}),
                      .max_queued_bytes = in.one_of<std::size_t>({1U << 24U, 1, 60}),
                      .when_full = static_cast<overload_policy>(in.below(4)),
                      .max_message_size = in.one_of<std::size_t>({1U << 20U, 20}),
                      .max_answer_size = in.one_of<std::size_t>({1U << 20U, 30}),
                      .max_write_size = in.one_of<std::size_t>({1U << 18U, 1, 40})};
    o.validate();
    return o;
  }

  void step()
  {
    const std::size_t kind = in_.below(10);
    if (kind < 3) {
      submit();
    } else if (kind < 4) {
      change_mind();
    } else if (kind < 5) {
      let_time_pass();
    } else if (kind < 6) {
      shell_.closing() ? shell_.closed(in_.byte()) : on_connecting();
    } else if (kind < 8) {
      on_open();
    } else {
      hear();
    }
  }

  // --- users

  void submit()
  {
    const std::size_t number = shell_.messages().all().size();
    if (number == most_messages) {
      return;
    }
    const std::uint8_t how = in_.byte();
    std::string name = "m" + std::to_string(number);
    message m;
    if ((how & 3U) == 3U) {
      m.set_query(name);
    } else {
      for (unsigned n = how & 3U; n != std::numeric_limits<unsigned>::max(); --n) {
        m.append(event_literal{.service = name});
      }
    }
    if ((how & 0xC0U) == 0xC0U) {
      m.append(event_literal{.description = std::string(long_text, 'x')});
    }
    shell_.submit(std::move(m), deadline(how >> 2U & 3U), std::move(name),
                  static_cast<std::uint8_t>((how >> 4U & 3U) % most_resends));
  }
  [[nodiscard]] core::time_point deadline(unsigned which) const
  {
    using namespace std::chrono_literals;
    const std::array all{core::never, shell_.now(), shell_.now() + 10ms, shell_.now() + 250ms};
    return all[which];
  }

  void change_mind()
  {
    core::session& s = shell_.session();
    const std::size_t kind = in_.below(16);
    switch (kind) {
    case 0:
      return shell_.give_up(session_shell::connecting_id, in_.flag());
    case 1:
      return shell_.drain(std::chrono::milliseconds{in_.byte() * 2});
    case 2:
      return shell_.give_up(session_shell::disconnecting_id, in_.flag());
    case 3:
      return shell_.cancel();
    case 4:
      return shell_.hold(in_.flag());
    case 5:
      return shell_.then([&] { s.quiet() ? s.rest() : void(); });
    case 6:
      return in_.byte() == 0x5A ? shell_.ask_to_shut() : void();
    default:
      return kind < 11 ? shell_.connect() : give_up();
    }
  }
  void give_up()
  {
    const auto& all = shell_.messages().all();
    if (!all.empty()) {
      const std::size_t which = in_.byte();
      shell_.give_up(all[which % all.size()].id(), which >= 0x80);
    }
  }

  // --- time

  void let_time_pass()
  {
    using namespace std::chrono_literals;
    const core::time_point due = shell_.session().next_deadline();
    if (in_.flag() && due != core::never) {
      return shell_.pass(due);
    }
    shell_.pass(shell_.now() + in_.one_of<std::chrono::microseconds>(
                                   {1us, 1ms, 9ms, 99ms, 100ms, 200ms, 300ms, 400ms, 3'600s}));
  }

  // --- the network

  error_code failure()
  {
    namespace error = boost::asio::error;
    return in_.one_of<error_code>({
        error::make_error_code(error::eof),
        error::make_error_code(error::connection_reset),
        error::make_error_code(error::broken_pipe),
        error::make_error_code(error::timed_out),
        boost::asio::ssl::error::make_error_code(boost::asio::ssl::error::stream_truncated),
        {ERR_PACK(ERR_LIB_SSL, 0, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE), error::get_ssl_category()},
        {ERR_PACK(ERR_LIB_SSL, 0, SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC),
         error::get_ssl_category()},
    });
  }
  void on_connecting()
  {
    if (shell_.probing() && in_.flag()) {
      return shell_.probed(in_.flag());
    }
    if (!shell_.connecting()) {
      return;
    }
    switch (in_.below(4)) {
    case 0:
      return shell_.refused(failure());
    case 1:
      return shell_.then([&] {
        shell_.session().on_handshake(shell_.now() + std::chrono::milliseconds{in_.byte() + 1});
      });
    default:
      return shell_.connected();
    }
  }
  void on_open()
  {
    if (!shell_.writing()) {
      return;
    }
    const std::size_t kind = in_.below(4);
    const std::size_t n = kind == 0 ? std::string::npos : in_.byte();
    shell_.wrote(n, kind == 3 ? failure() : error_code{});
  }
  void hear()
  {
    if (!shell_.reading()) {
      return;
    }
    switch (in_.below(8)) {
    case 0:
      shell_.line().say(in_.text());
      break;
    case 1:
      return shell_.read(in_.byte(), failure());
    case 2:
      return shell_.read(in_.byte(), {});
    case 3:
      shell_.line().answer(reply::rejection);
      break;
    case 4:
      shell_.line().answer(reply::events);
      break;
    default:
      shell_.line().answer(reply::acknowledgement);
      break;
    }
    if (in_.flag()) {
      shell_.read(std::string::npos, {});
    }
  }

  input in_;
  bool releases_;
  session_shell shell_;
};

} // namespace riemann::fuzz

#endif
