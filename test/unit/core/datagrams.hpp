#ifndef RIEMANN_UNIT_CORE_DATAGRAMS_HPP
#define RIEMANN_UNIT_CORE_DATAGRAMS_HPP

#include "core/session.hpp"
#include "ended.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace riemann::test {

/// Of so many bytes, up to 129.
inline message of_size(std::size_t size)
{
  // Two bytes each for the event's and the text's beginning.
  message m{{.description = std::string(size - 4, 'x')}};
  BOOST_TEST(m.size() == size);
  return m;
}

/// A datagram session, and the network in the test's hands.
struct datagrams {
  explicit datagrams(core::datagram_options o = {}) : session{impatient(o)} {}
  ~datagrams() { session.release_all().clear(); }

  request& send(message m, time_point deadline = never)
  {
    request& r = requests.emplace_back(std::move(m), deadline);
    session.submit(r, now);
    run();
    return r;
  }
  request& send(const char* service = "s") { return send(message{{.service = service}}); }
  void connected()
  {
    BOOST_REQUIRE(connecting);
    connecting = false;
    session.on_connected(now);
    run();
  }
  void wrote(error_code error = {})
  {
    BOOST_REQUIRE(writing);
    const auto size = error ? 0 : writing->size();
    writing.reset();
    session.on_written(error, size, now);
    run();
  }
  /// ...and lets the time pass until the next try.
  void closed()
  {
    BOOST_REQUIRE(closing);
    closing = false;
    session.on_closed(now);
    run();
    if (retry_at > now) {
      pass(std::chrono::ceil<std::chrono::microseconds>(retry_at - now));
    }
  }
  void pass(std::chrono::microseconds d)
  {
    now += d;
    session.on_time(now);
    run();
  }
  void run()
  {
    for (;;) {
      const auto a = session.next_action(now);
      if (std::holds_alternative<std::monostate>(a)) {
        break;
      }
      BOOST_TEST(!std::holds_alternative<core::start_read>(a));
      connecting = connecting || std::holds_alternative<core::start_connect>(a);
      closing = closing || std::holds_alternative<core::close_connection>(a);
      if (const auto* write = std::get_if<core::start_write>(&a)) {
        BOOST_TEST(!writing);
        writing = write->bytes;
      }
      if (const auto* told = std::get_if<core::tell>(&a)) {
        retry_at = told->until;
      }
      if (const auto* done = std::get_if<core::finish_disconnect>(&a)) {
        disconnected = done->error;
      }
    }
    session.take_ended().clear();
    BOOST_TEST(session.books().messages.balanced());
    BOOST_TEST(session.books().events.balanced());
    BOOST_TEST((session.next_deadline() > now));
  }
  /// One try, and after a loss the next nearly at once.
  static core::datagram_options impatient(core::datagram_options o)
  {
    o.max_connect_tries = 1;
    o.min_backoff = o.max_backoff = 1ms;
    return o;
  }
  [[nodiscard]] const statistics& books() const { return session.books(); }

  std::deque<request> requests{};
  core::datagram_session session;
  time_point now{1h};
  time_point retry_at{};
  bool connecting = false;
  bool closing = false;
  std::optional<std::span<const std::byte>> writing{};
  std::optional<error_code> disconnected{};
};

struct open_datagrams : datagrams {
  explicit open_datagrams(const core::datagram_options& o = {}) : datagrams{o}
  {
    static_cast<void>(session.connect(now));
    run();
    connected();
  }
};

} // namespace riemann::test

#endif
