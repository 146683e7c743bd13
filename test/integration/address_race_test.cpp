// Several addresses of one name: whoever accepts first.

#include "net/address_race.hpp"
#include "net/tcp_kind.hpp"
#include "net/udp_kind.hpp"
#include "tcp_fixture.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

template <class Kind>
struct opening : with_context {
  using protocol = typename Kind::protocol;
  using endpoint = typename protocol::endpoint;
  using strand = asio::strand<asio::io_context::executor_type>;
  using socket_type = typename protocol::socket::template rebind_executor<strand>::other;

  static auto results(const std::vector<endpoint>& addresses)
  {
    return protocol::resolver::results_type::create(addresses.begin(), addresses.end(), "several",
                                                    "5555");
  }
  error_code open(const std::vector<endpoint>& addresses)
  {
    result opened;
    Kind::open(socket, results(addresses), options, stopped, record{opened});
    BOOST_TEST(!opened.done());
    run_until(context, [&] { return opened.done(); });
    BOOST_TEST(opened.calls == 1);
    return opened.error;
  }
  static endpoint local(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

  bool stopped = false;
  typename Kind::options_type options{};
  socket_type socket{strand{context.get_executor()}};
};

using opening_udp = opening<net::udp_kind>;

/// Who waits for longer is not meant to.
constexpr std::chrono::milliseconds at_once{0};
constexpr std::chrono::milliseconds never_beside = 1h;

struct racing : opening<net::tcp_kind> {
  using race = net::address_race<socket_type, record>;

  void start(const std::vector<endpoint>& addresses, std::chrono::milliseconds stagger)
  {
    ended = {};
    stopped = false;
    std::make_shared<race>(socket, results(addresses), stagger, stopped, record{ended})->start();
    BOOST_TEST(!ended.done());
  }
  /// What becomes of it.
  error_code run_race(const std::vector<endpoint>& addresses, std::chrono::milliseconds stagger)
  {
    start(addresses, stagger);
    run(context); // nothing of it is left behind
    BOOST_TEST(ended.calls == 1);
    return ended.error;
  }
  void check_won(const endpoint& winner)
  {
    BOOST_TEST(ended.error == error_code{});
    BOOST_REQUIRE(socket.is_open());
    BOOST_TEST((socket.remote_endpoint() == winner));
  }
  endpoint refusing() { return local(closed_port(context)); }

  result ended{};
  running_server server{};
  endpoint good = server->tcp_endpoint();
  deaf_listener first_deaf{context};
  deaf_listener second_deaf{context};
  endpoint deaf = first_deaf.endpoint();
  endpoint deaf_too = second_deaf.endpoint();
};

struct named {
  asio::ip::tcp::endpoint address;
  [[nodiscard]] asio::ip::tcp::endpoint endpoint() const { return address; }
};

std::string order_of(std::string_view found)
{
  std::vector<named> results;
  for (std::size_t i = 0; i != found.size(); ++i) {
    const auto protocol = found[i] == '4' ? asio::ip::tcp::v4() : asio::ip::tcp::v6();
    results.push_back({{protocol, static_cast<std::uint16_t>(i)}});
  }
  std::string order;
  for (const auto& e : net::interleaved<asio::ip::tcp::endpoint>(results)) {
    order += std::to_string(e.port());
  }
  return order;
}

} // namespace

BOOST_AUTO_TEST_SUITE(address_order)

BOOST_AUTO_TEST_CASE(families_when_mixed_then_take_turns_beginning_with_the_first_ones)
{
  BOOST_TEST(order_of("") == "");
  BOOST_TEST(order_of("6") == "0");
  BOOST_TEST(order_of("4444") == "0123");
  BOOST_TEST(order_of("66644") == "03142");
  BOOST_TEST(order_of("46") == "01");
  BOOST_TEST(order_of("4666") == "0123");
  BOOST_TEST(order_of("464646") == "012345");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(address_race, racing)

BOOST_AUTO_TEST_CASE(address_when_it_accepts_then_the_others_are_not_tried)
{
  run_race({good, deaf, deaf_too}, never_beside);
  check_won(good);
}

BOOST_AUTO_TEST_CASE(address_when_it_refuses_then_the_next_begins_at_once)
{
  run_race({refusing(), refusing(), good}, never_beside);
  check_won(good);
}

/// None of these has a deadline: a SYN that is swallowed is repeated for minutes.
BOOST_AUTO_TEST_CASE(address_when_it_swallows_everything_then_costs_a_stagger)
{
  for (const auto stagger : {at_once, 1ms, 20ms}) {
    run_race({deaf, good}, stagger);
    check_won(good);
    run_race({deaf, deaf_too, good}, stagger);
    check_won(good);
    run_race({deaf, refusing(), deaf_too, good}, stagger);
    check_won(good);
    run_race({good, deaf}, stagger);
    check_won(good);
  }
}

BOOST_AUTO_TEST_CASE(address_when_it_is_slow_then_goes_on_beside_the_next)
{
  start({deaf, refusing()}, at_once);
  run_until(context, [&] { return socket.is_open(); });
  first_deaf.make_room(); // for the SYN that the kernel sends again
  run(context);
  check_won(deaf);
}

BOOST_AUTO_TEST_CASE(error_when_none_accepts_then_is_the_last_ones)
{
  BOOST_TEST(run_race({}, at_once) == asio::error::host_not_found);
  BOOST_TEST(run_race({refusing()}, at_once) == asio::error::connection_refused);
  BOOST_TEST(run_race({refusing(), refusing(), refusing()}, at_once) ==
             asio::error::connection_refused);
  BOOST_TEST(run_race({refusing(), refusing()}, never_beside) == asio::error::connection_refused);
  BOOST_TEST(!socket.is_open());
}

BOOST_AUTO_TEST_CASE(race_when_stopped_at_any_step_then_ends_and_closes_everything)
{
  const std::vector<std::vector<endpoint>> fields{
      {deaf, deaf_too}, {deaf, deaf_too, refusing()}, {refusing(), deaf, deaf_too}, {deaf, good}};
  for (const auto& field : fields) {
    for (const auto stagger : {at_once, never_beside}) {
      for (std::size_t steps = 0; steps != 8; ++steps) {
        start(field, stagger);
        context.restart();
        for (std::size_t i = 0; i != steps; ++i) {
          context.poll_one();
        }
        const bool over = ended.done();
        stopped = true;
        socket.close();
        run(context);
        BOOST_TEST(ended.calls == 1);
        if (!over) {
          BOOST_TEST(ended.error == asio::error::operation_aborted);
        }
        BOOST_TEST(!socket.is_open());
      }
    }
  }
}

/// Whoever ran in the socket has failed, and one that runs beside it takes its place.
BOOST_AUTO_TEST_CASE(race_when_stopped_after_its_leader_failed_then_ends_all_the_same)
{
  std::optional<deaf_listener> dying{context};
  start({dying->endpoint(), deaf}, at_once);
  run_until(context, [&] { return socket.is_open(); });
  const auto before = socket.native_handle();
  dying.reset();
  run_until(context, [&] { return socket.native_handle() != before; });
  BOOST_TEST(!ended.done());
  stopped = true;
  socket.close();
  run(context);
  BOOST_TEST(ended.error == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(race_when_its_context_is_destroyed_then_goes_with_it_uninvoked)
{
  const auto race_in = [&](asio::io_context& brief, std::size_t steps) {
    bool unwanted = false;
    result uninvoked;
    auto owned = std::make_unique<socket_type>(strand{brief.get_executor()});
    std::make_shared<race>(*owned, results({deaf, refusing(), deaf_too, good}), never_beside,
                           unwanted, record{uninvoked})
        ->start();
    for (std::size_t i = 0; i != steps; ++i) {
      brief.poll_one();
    }
    unwanted = true;
    owned.reset();
    return uninvoked;
  };
  for (std::size_t steps = 0; steps != 6; ++steps) {
    asio::io_context brief;
    const auto uninvoked = race_in(brief, steps);
    BOOST_TEST(!uninvoked.done());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tcp_addresses, opening<net::tcp_kind>)

BOOST_AUTO_TEST_CASE(socket_when_an_address_accepts_then_is_as_the_options_say)
{
  running_server server;
  const deaf_listener deaf{context};
  for (const bool set : {true, false}) {
    options.no_delay = set;
    options.keep_alive = set;
    BOOST_TEST(open({deaf.endpoint(), server->tcp_endpoint()}) == error_code{});
    BOOST_TEST((socket.remote_endpoint() == server->tcp_endpoint()));
    asio::ip::tcp::no_delay no_delay;
    asio::socket_base::keep_alive keep_alive;
    socket.get_option(no_delay);
    socket.get_option(keep_alive);
    BOOST_TEST(no_delay.value() == set);
    BOOST_TEST(keep_alive.value() == set);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(udp_addresses, opening_udp)

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
