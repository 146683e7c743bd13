#ifndef RIEMANN_TEST_INTEGRATION_TCP_FIXTURE_HPP
#define RIEMANN_TEST_INTEGRATION_TCP_FIXTURE_HPP

#include "patience.hpp"
#include "scripted_peer.hpp"
#include "testkit_fixture.hpp"

#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace riemann::test {

namespace asio = boost::asio;
using boost::system::error_code;
using testkit::test::running_server;

/// What a handler was called with, and how often.
struct result {
  int calls = 0;
  error_code error{};
  response answer{};

  [[nodiscard]] bool done() const noexcept { return calls != 0; }
};

/// A handler that writes it down.
struct record {
  explicit record(result& r) : to{&r} {}

  void operator()(error_code e) const
  {
    ++to->calls;
    to->error = e;
  }
  void operator()(error_code e, response a) const
  {
    (*this)(e);
    to->answer = std::move(a);
  }

  result* to;
};

/// One try to connect, where nothing else is said.
inline tcp_options options_for(const asio::ip::tcp::endpoint& to,
                               session_options session = {.max_connect_tries = 1})
{
  tcp_options options;
  options.host = to.address().to_string();
  options.port = to.port();
  options.session = session;
  return options;
}

/// Every message has ended, once, and every event.
inline void check_books(const statistics& books)
{
  BOOST_TEST(books.messages.balanced());
  BOOST_TEST(books.events.balanced());
  BOOST_TEST(books.messages.live() == 0U);
  BOOST_TEST(books.events.live() == 0U);
}
inline void check_books(const tcp_transport& transport)
{
  check_books(transport.statistics());
}

inline message one_event()
{
  return message{{.service = "s"}};
}

/// A context, run by the test itself.
struct with_context {
  watchdog dog{};
  asio::io_context context{};
};

/// ...and a transport to a test server.
struct with_server : with_context {
  running_server server{};
  tcp_transport transport{context, options_for(server->tcp_endpoint())};
  client<tcp_transport&> user{transport};
};

using connection = scripted_peer::connection;

/// A script: answers for as long as it is asked.
inline constexpr auto serve = [](connection& c) { c.serve(); };
/// A script: never answers.
inline constexpr auto ignore = [](connection& c) { c.read_to_end(); };

/// A transport to a peer that plays the given scripts.
struct with_peer : with_context {
  void play(std::vector<scripted_peer::script> scripts,
            session_options session = {.max_connect_tries = 1},
            scripted_peer::settings settings = {})
  {
    peer.emplace(std::move(scripts), settings);
    transport.emplace(context, options_for(peer->endpoint(), session));
  }
  void send(result& r, message m = one_event()) { transport->async_send(std::move(m), record{r}); }
  void wait_for(result& r)
  {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(r.calls == 1);
  }
  /// Runs until the books say so.
  void wait_for(const std::function<bool(const statistics&)>& reached)
  {
    run_until(context, [&] { return reached(transport->statistics()); });
  }
  /// The next send gets through, over that many connections in all.
  void check_goes_on(std::uint64_t connections)
  {
    result next;
    send(next);
    wait_for(next);
    BOOST_TEST(next.error == error_code{});
    BOOST_TEST(transport->statistics().connections_opened == connections);
    check_books(*transport);
  }

  std::optional<scripted_peer> peer{};
  std::optional<tcp_transport> transport{};
};

/// A port of loopback that nobody listens on.
inline std::uint16_t closed_port(asio::io_context& context)
{
  asio::ip::tcp::acceptor gone{context, {asio::ip::address_v4::loopback(), 0}};
  return gone.local_endpoint().port();
}

/// A listener whose backlog is full, so that the kernel drops further SYNs.
class deaf_listener {
public:
  explicit deaf_listener(asio::io_context& context) : acceptor_{context}
  {
    acceptor_.open(asio::ip::tcp::v4());
    acceptor_.bind({asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(0);
    for (int i = 0; i != 4; ++i) {
      auto& s = waiting_.emplace_back(context);
      s.open(asio::ip::tcp::v4());
      s.native_non_blocking(true);
      auto to = endpoint();
      ::connect(s.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    }
  }
  [[nodiscard]] asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
  /// For one more: it is deaf no longer.
  void make_room()
  {
    waiting_.clear();
    acceptor_.non_blocking(true);
    error_code error;
    while (!error) {
      acceptor_.accept(error);
    }
  }

private:
  asio::ip::tcp::acceptor acceptor_;
  std::vector<asio::ip::tcp::socket> waiting_{};
};

} // namespace riemann::test

#endif
