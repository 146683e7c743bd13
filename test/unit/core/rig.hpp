#ifndef RIEMANN_UNIT_CORE_RIG_HPP
#define RIEMANN_UNIT_CORE_RIG_HPP

#include "core/session.hpp"
#include "ended.hpp"
#include "frames.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace riemann::test {

inline message named(const std::string& service)
{
  event e;
  e.service = service;
  return message{e};
}

/// A session and a shell in the test's hands: it carries actions out only as far
/// as noting them, and the test says what comes of them.
class rig {
public:
  /// One try, and no pings.
  explicit rig(session_options o = {}) : rig{impatient(o), core::destinations{}} {}
  rig(session_options o, core::destinations where) : options{o}, session{options, where} {}
  ~rig()
  {
    session.take_ended().clear();
    session.release_all().clear();
  }
  rig(const rig&) = delete;
  rig& operator=(const rig&) = delete;

  // What the user does.
  request& send(message m, time_point deadline = never)
  {
    request& r = requests.emplace_back(std::move(m), deadline);
    session.submit(r, now);
    run();
    return r;
  }
  request& send() { return send(named("s")); }
  request& query() { return send(message::query("true")); }
  void give_up(request& r)
  {
    then([&] { session.give_up(r); });
  }
  void connect()
  {
    then([&] {
      if (const auto refused = session.connect(now)) {
        connects.push_back(refused);
      }
    });
  }
  void connect_unwanted()
  {
    then([&] { session.connect_unwanted(); });
  }
  void drain(std::chrono::milliseconds within = 1s)
  {
    then([&] { session.drain(now + within, now); });
  }
  void cancel()
  {
    then([&] { session.cancel(); });
  }
  void shut()
  {
    then([&] { session.shut(); });
  }

  // What the network does.
  void connected()
  {
    BOOST_REQUIRE(connecting);
    connecting = false;
    open = true;
    then([&] { session.on_connected(now); });
  }
  /// The other side has accepted, and is to agree with ours.
  void handshake(std::chrono::milliseconds within)
  {
    BOOST_REQUIRE(connecting);
    then([&] { session.on_handshake(now + within); });
  }
  void refused(error_code error = boost::asio::error::connection_refused)
  {
    BOOST_REQUIRE(connecting);
    connecting = false;
    then([&] { session.on_connect_failed(error, "refused", now); });
  }
  void wrote(std::size_t n, error_code error = {})
  {
    BOOST_REQUIRE(writing);
    writing.reset();
    then([&] { session.on_written(error, n, now); });
  }
  void wrote() { wrote(writing.value().size()); }
  void receive(const bytes& what, error_code error = {})
  {
    BOOST_REQUIRE(reading && what.size() <= reading->size());
    std::ranges::copy(what, reading->begin());
    reading.reset();
    then([&] { session.on_read(error, what.size(), now); });
  }
  void eof() { receive({}, boost::asio::error::eof); }
  /// What was asked to close has closed.
  void closed()
  {
    BOOST_REQUIRE(closing);
    const error_code aborted = boost::asio::error::operation_aborted;
    if (writing) {
      wrote(0, aborted);
    }
    if (reading) {
      receive({}, aborted);
    }
    closing = false;
    connecting = false;
    open = false;
    then([&] { session.on_closed(now); });
    if (options.max_connect_tries == 1) {
      wait_for_backoff();
    }
  }
  /// Lets the time pass until the next try, if that is what is waited for.
  void wait_for_backoff()
  {
    if (!told.empty() && told.back().state == connection_state::backing_off) {
      pass(std::chrono::ceil<std::chrono::microseconds>(told.back().until - now));
    }
  }
  void probe_ends(bool well)
  {
    BOOST_REQUIRE(probing);
    probing = false;
    then([&] { session.on_probe(well, now); });
  }
  void pass(std::chrono::microseconds d)
  {
    now += d;
    then([&] { session.on_time(now); });
  }
  /// Opens the connection.
  void open_up()
  {
    connect();
    connected();
    connects.clear();
  }

  /// Carries out what is asked, and checks that it may be.
  void run()
  {
    for (;;) {
      const auto a = session.next_action(now);
      if (std::holds_alternative<std::monostate>(a)) {
        break;
      }
      std::visit([this](auto what) { perform(std::move(what)); }, a);
    }
    for (auto ended = session.take_ended(); !ended.empty(); ended.pop_front()) {
      BOOST_TEST((ended.front().where == phase::ended));
      ++ended_count;
    }
    BOOST_TEST(books().messages.balanced());
    BOOST_TEST(books().events.balanced());
    BOOST_TEST((session.next_deadline() > now));
  }

  [[nodiscard]] const statistics& books() const { return session.books(); }

  session_options options;
  core::session session;
  time_point now{1h};
  std::deque<request> requests{};

  std::size_t ended_count = 0;

  bool connecting = false;
  bool open = false;
  bool closing = false;
  bool clean = false; ///< was asked of the last close
  bool probing = false;
  std::size_t server = 0; ///< that was to be connected to last
  std::size_t probed = 0;
  std::vector<core::tell> told{};
  std::optional<std::span<const std::byte>> writing{};
  std::optional<std::span<std::byte>> reading{};
  std::vector<error_code> connects{};    ///< their results
  std::vector<error_code> disconnects{}; ///< their results

private:
  static session_options impatient(session_options o)
  {
    o.max_connect_tries = 1;
    o.min_backoff = o.max_backoff = 1ms;
    o.ping_interval = 0ms;
    return o;
  }
  void then(const std::function<void()>& input)
  {
    input();
    run();
  }
  void perform(std::monostate) {}
  void perform(core::start_connect a)
  {
    BOOST_TEST(!(connecting || open || closing));
    connecting = true;
    server = a.server;
  }
  void perform(core::start_probe a)
  {
    BOOST_TEST((open && !closing && !probing));
    probing = true;
    probed = a.server;
  }
  void perform(core::stop_probe)
  {
    BOOST_TEST(probing);
    probing = false;
  }
  void perform(core::tell a) { told.push_back(std::move(a)); }
  void perform(core::start_write a)
  {
    BOOST_TEST((open && !closing && !writing && !a.bytes.empty()));
    writing = a.bytes;
  }
  void perform(core::start_read a)
  {
    BOOST_TEST((open && !closing && !reading && !a.room.empty()));
    reading = a.room;
  }
  void perform(core::close_connection a)
  {
    BOOST_TEST(!closing);
    closing = true;
    clean = a.clean;
  }
  void perform(core::finish_connect a) { connects.push_back(a.error); }
  void perform(core::finish_disconnect a)
  {
    BOOST_TEST(!(open || closing || connecting));
    disconnects.push_back(a.error);
  }
};

} // namespace riemann::test

#endif
