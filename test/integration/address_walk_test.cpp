// Several addresses of one name: each has its turn.

#include "net/tcp_kind.hpp"
#include "net/udp_kind.hpp"
#include "tcp_fixture.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

template <class Kind>
struct walking : with_context {
  using protocol = typename Kind::protocol;
  using endpoint = typename protocol::endpoint;
  using strand = asio::strand<asio::io_context::executor_type>;
  using socket_type = typename protocol::socket::template rebind_executor<strand>::other;

  error_code open(const std::vector<endpoint>& addresses)
  {
    result opened;
    auto results = protocol::resolver::results_type::create(addresses.begin(), addresses.end(),
                                                            "several", "5555");
    Kind::open(socket, std::move(results), options, stopped, record{opened});
    BOOST_TEST(!opened.done());
    run_until(context, [&] { return opened.done(); });
    BOOST_TEST(opened.calls == 1);
    return opened.error;
  }
  endpoint local(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

  bool stopped = false;
  typename Kind::options_type options{};
  socket_type socket{strand{context.get_executor()}};
};

using walking_tcp = walking<net::tcp_kind>;
using walking_udp = walking<net::udp_kind>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(tcp_addresses, walking_tcp)

BOOST_AUTO_TEST_CASE(first_that_accepts_is_taken_whatever_those_before_it_do)
{
  running_server server;
  const deaf_listener deaf{context};
  options.session.connect_timeout = 300ms;
  const auto good = server->tcp_endpoint();
  BOOST_TEST(open({good}) == error_code{});
  BOOST_TEST(open({local(closed_port(context)), good}) == error_code{});
  BOOST_TEST((socket.remote_endpoint() == good));
  // One that swallows everything has its share of the time, and no more.
  BOOST_TEST(open({deaf.endpoint(), good}) == error_code{});
  BOOST_TEST((socket.remote_endpoint() == good));
  BOOST_TEST(open({deaf.endpoint(), local(closed_port(context)), good}) == error_code{});
}

BOOST_AUTO_TEST_CASE(last_ones_error_is_told_when_none_accepts)
{
  const deaf_listener deaf{context};
  options.session.connect_timeout = 100ms;
  BOOST_TEST(open({local(closed_port(context)), local(closed_port(context))}) ==
             asio::error::connection_refused);
  BOOST_TEST(open({deaf.endpoint(), local(closed_port(context))}) ==
             asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(stopped_one_tries_no_further_wherever_it_is)
{
  const deaf_listener deaf{context};
  const std::vector<endpoint> addresses{deaf.endpoint(), deaf.endpoint()};
  for (const bool begun : {false, true}) {
    result opened;
    stopped = false;
    net::tcp_kind::open(socket,
                        protocol::resolver::results_type::create(addresses.begin(), addresses.end(),
                                                                 "several", "5555"),
                        options, stopped, record{opened});
    if (begun) {
      context.restart();
      context.poll();
    }
    stopped = true;
    socket.close();
    run(context);
    BOOST_TEST(opened.error == asio::error::operation_aborted);
    BOOST_TEST(!socket.is_open());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(udp_addresses, walking_udp)

BOOST_AUTO_TEST_CASE(first_on_this_machine_where_somebody_listens_is_taken)
{
  running_server server;
  std::uint16_t closed = 0;
  {
    asio::ip::udp::socket gone{context, local(0)};
    closed = gone.local_endpoint().port();
  }
  BOOST_TEST(open({server->udp_endpoint()}) == error_code{});
  BOOST_TEST(open({local(closed), server->udp_endpoint()}) == error_code{});
  BOOST_TEST((socket.remote_endpoint() == server->udp_endpoint()));
  BOOST_TEST(open({local(closed)}) == asio::error::connection_refused);
}

BOOST_AUTO_TEST_SUITE_END()
