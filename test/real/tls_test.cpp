// Over TLS, with a server that demands a certificate.
#include "visit.hpp"

#include <riemann/tls_error.hpp>
#include <riemann/tls_transport.hpp>

#include <string>

namespace riemann::test {

namespace {

struct over_tls : visit {
  over_tls() : visit{sync_client{server_under_test::get().tls()}} {}

  tls_options options = server_under_test::get().tls();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(real_tls, over_tls)

BOOST_AUTO_TEST_CASE(tls_when_of_any_version_then_events_are_acknowledged_and_found)
{
  for (const tls_version version : {tls_version::tls_1_2, tls_version::tls_1_3}) {
    options.min_version = options.max_version = version;
    sync_client user{options};
    for (const event& e : many(100)) {
      BOOST_TEST_REQUIRE(user.send(e).has_value());
    }
    BOOST_TEST(user.query(field{"service"} == service("7")).value().event_count() == 1u);
  }
  BOOST_TEST(found().size() == 100u);
}

BOOST_AUTO_TEST_CASE(tls_when_plain_tcp_asks_then_the_same_index)
{
  put(named("of tls"));
  if (server_under_test::get().is_one()) {
    sync_client plain{server_under_test::get().tcp()};
    BOOST_TEST(plain.query(field{"service"} == service("of tls")).value().event_count() == 1u);
  } else {
    BOOST_TEST(found().size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(client_when_it_shows_no_certificate_then_refused_and_nothing_is_applied)
{
  options.certificate_file = options.key_file = options.certificate_pem = options.key_pem = {};
  options.session.max_connect_tries = 1;
  const event e = named("stranger");
  sync_client user{options};
  const auto sent = user.send(e);
  BOOST_TEST_REQUIRE(sent.has_error());
  BOOST_TEST((sent.error().code == errc::tls_failed || sent.error().code == errc::handshake_failed),
             sent.error().code.message());
  BOOST_TEST(found().empty());
}

BOOST_AUTO_TEST_CASE(client_when_the_server_is_for_another_name_then_refuses_it)
{
  options.server_name = "elsewhere.test";
  options.session.max_connect_tries = 1;
  sync_client user{options};
  const auto sent = user.send(named("x"));
  BOOST_TEST_REQUIRE(sent.has_error());
  BOOST_TEST((sent.error().code == outcome::not_sent));
  BOOST_TEST(found().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
