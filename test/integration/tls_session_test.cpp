// Connections over TLS that go well: resumed, long, and under way from many threads.

#include "tls_fixture.hpp"

#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_session, with_tls_server)

BOOST_AUTO_TEST_CASE(session_is_taken_up_again_by_the_next_connection)
{
  for (const auto version : every_version) {
    BOOST_TEST_CONTEXT(test::name_of(version))
    {
      auto given = options();
      only(given, version);
      tls_transport transport{context, given};
      const auto before = server->counters().resumed;
      BOOST_TEST(send(transport).error == error_code{});
      BOOST_TEST(!transport.connection().value().resumed);
      for (int again = 0; again != 3; ++again) {
        BOOST_TEST(disconnect(transport).error == error_code{});
        BOOST_TEST(!transport.connection().has_value());
        BOOST_TEST(connect(transport).error == error_code{});
        BOOST_TEST(send(transport).error == error_code{});
        BOOST_TEST(transport.connection().value().resumed);
      }
      BOOST_TEST(server->counters().resumed == before + 3);
    }
  }
}

BOOST_AUTO_TEST_CASE(session_of_a_connection_that_was_lost_is_taken_up_too)
{
  for (const auto version : every_version) {
    BOOST_TEST_CONTEXT(test::name_of(version))
    {
      auto given = options();
      only(given, version);
      tls_transport transport{context, given};
      BOOST_TEST(send(transport).error == error_code{});
      server->close_connections();
      run_until(context, [&] { return transport.statistics().connections_lost == 1; });
      BOOST_TEST(send(transport).error == error_code{});
      BOOST_TEST(transport.connection().value().resumed);
    }
  }
}

BOOST_AUTO_TEST_CASE(session_is_left_alone_where_that_is_asked_for_or_terms_have_changed)
{
  auto given = options();
  given.resume_sessions = false;
  tls_transport never{context, given};
  tls_transport reloaded{context, options()};
  for (tls_transport* const transport : {&never, &reloaded}) {
    BOOST_TEST(send(*transport).error == error_code{});
    BOOST_TEST(disconnect(*transport).error == error_code{});
    BOOST_TEST(reloaded.reload().has_value());
    BOOST_TEST(connect(*transport).error == error_code{});
    BOOST_TEST(!transport->connection().value().resumed);
  }
}

BOOST_AUTO_TEST_CASE(message_of_any_length_goes_through)
{
  tls_transport transport{context, options()};
  const std::vector<std::size_t> sizes{1,      2,         255,       16'383,
                                       16'384, 16'385,    32'768,    65'536,
                                       65'537, 1'000'000, 1U << 24U, (64U << 20U) - 100};
  for (const std::size_t size : sizes) {
    BOOST_TEST_CONTEXT(size)
    {
      const auto sent = send(transport, message{{.description = std::string(size, 'x')}});
      BOOST_TEST(sent.error == error_code{});
      BOOST_TEST(server->index().front().description->size() == size);
    }
  }
  BOOST_TEST(transport.statistics().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(long_answer_comes_through)
{
  tls_transport transport{context, options()};
  BOOST_TEST(send(transport, message{{.description = std::string(5'000'000, 'x')}}).error ==
             error_code{});
  const auto found = send(transport, message::query("true"));
  BOOST_TEST(found.error == error_code{});
  BOOST_REQUIRE_EQUAL(found.answer.event_count(), 1U);
  BOOST_TEST(found.answer.events().front().description()->size() == 5'000'000U);
}

BOOST_AUTO_TEST_CASE(slow_reader_gets_all_of_a_long_message)
{
  tls_transport transport{context, options()};
  server->inject(testkit::slow_reads{50'000, 1ms}, {.message = testkit::fault_place::accept});
  BOOST_TEST(send(transport, message{{.description = std::string(2'000'000, 'x')}}).error ==
             error_code{});
}

BOOST_AUTO_TEST_CASE(many_threads_send_while_connections_come_and_go)
{
  constexpr int senders = 4;
  constexpr int count = 500;
  tls_transport transport{context, options()};
  std::atomic<int> acked{0};
  std::atomic<int> failed{0};
  {
    const context_threads threads{context, 2};
    std::vector<std::jthread> sending;
    for (int i = 0; i != senders; ++i) {
      sending.emplace_back([&] {
        for (int n = 0; n != count; ++n) {
          std::promise<error_code> ended;
          transport.async_send(one_event(),
                               [&](error_code e, const response&) { ended.set_value(e); });
          ++(get(ended.get_future()) ? failed : acked);
          if (n % 100 == 50) {
            server->close_connections();
          }
        }
      });
    }
    sending.clear();
    get(transport.async_disconnect(patience, asio::use_future));
  }
  BOOST_TEST(acked + failed == senders * count);
  BOOST_TEST(acked > 0);
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(address_socket_and_connection_are_told_while_it_is_open)
{
  tls_transport transport{context, options()};
  BOOST_TEST(!transport.address().has_value());
  BOOST_TEST((transport.connection().error() == asio::error::not_connected));
  BOOST_TEST(connect(transport).error == error_code{});
  BOOST_TEST((transport.address().value() == server->tls_endpoint()));
  BOOST_TEST(transport.socket().value() >= 0);
  BOOST_TEST(transport.connection().value().version == "TLSv1.3");
  BOOST_TEST(!transport.connection().value().cipher.empty());
  BOOST_TEST(disconnect(transport).error == error_code{});
  BOOST_TEST(!transport.address().has_value());
  BOOST_TEST(!transport.connection().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
