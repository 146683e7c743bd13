// The recorded exchanges over TLS: a peer says to the client what the real server said.

#include "answers.hpp"
#include "conduct.hpp"
#include "golden_fixture.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <openssl/x509_vfy.h>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::golden;
using namespace riemann::test;
using namespace std::chrono_literals;

/// OpenSSL's verdict on a certificate that makes it send the recorded alert.
int verdict_for(const transcript& t)
{
  const bool bad = t.outcome.find("BAD_CERTIFICATE") != std::string::npos;
  return bad ? X509_V_ERR_CERT_REJECTED : X509_V_ERR_PERMITTED_VIOLATION;
}

asio::ssl::context context_of(const tls_record& how, const transcript& t)
{
  asio::ssl::context made{asio::ssl::context::tls_server};
  const auto version = how.version == tls_version::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  ::SSL_CTX_set_max_proto_version(made.native_handle(), version);
  made.use_certificate_chain(asio::buffer(recorded_identity().certificate_pem));
  made.use_private_key(asio::buffer(recorded_identity().key_pem), asio::ssl::context::pem);
  if (how.mutual) {
    made.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    made.add_certificate_authority(asio::buffer(usual().authority.certificate_pem()));
  }
  if (conduct_of(t) == conduct::refuses) {
    made.set_verify_callback([&t](bool, asio::ssl::verify_context& judged) {
      ::X509_STORE_CTX_set_error(judged.native_handle(), verdict_for(t));
      return false;
    });
  }
  return made;
}

/// Plays the server of one record.
scripted_peer::script server_of(const tls_record& how, const transcript& t, std::string& read)
{
  return [&](connection& c) {
    auto context = context_of(how, t);
    asio::ssl::stream<asio::ip::tcp::socket&> stream{c.socket(), context};
    error_code refused;
    stream.handshake(asio::ssl::stream_base::server, refused);
    if (!refused) {
      read.resize(t.request.size());
      asio::read(stream, asio::buffer(read));
      asio::write(stream, asio::buffer(t.response));
    }
    // Closed with something unread it would be reset, and the alert lost.
    c.read_to_end();
  };
}

/// Shows a certificate where the recorded client did, and where it is to be refused:
/// OpenSSL has one alert for a missing certificate, and no way to send another.
void configure(tls_options& o, const tls_record& how, const transcript& t)
{
  only(o, how.version);
  o.session.max_in_flight = 1;
  if (how.certificate == shown::nothing && conduct_of(t) != conduct::refuses) {
    o.certificate_pem.clear();
    o.key_pem.clear();
  }
}

void check_answered(with_tls_peer& scene, const transcript& t, const std::string& read)
{
  result sent;
  scene.transport->async_send(message_of(t), record{sent});
  scene.wait_for(sent);
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST((sent.error == outcome::acked));
  BOOST_TEST(golden::compare(sent.answer, t.decoded.at(0)) == "");
  BOOST_TEST((read == text_of(t.request)));
  BOOST_TEST(scene.transport->connection().value().version == agreed(t, 0));
  BOOST_TEST(scene.transport->connection().value().cipher == agreed(t, 1));
}

void check_refused(with_tls_peer& scene, const transcript& t, tls_version version)
{
  result connected;
  result first;
  result second;
  scene.transport->async_connect(record{connected});
  scene.transport->async_send(message_of(t), record{first});
  scene.transport->async_send(message_of(t), record{second});
  scene.wait_for(connected);
  scene.wait_for(first);
  scene.wait_for(second);
  // In 1.3 the alert comes after the client's handshake, when one is written.
  const bool within = version == tls_version::tls_1_2;
  const auto refused = tls_error::client_certificate_refused;
  BOOST_TEST((within ? connected.error == refused : !connected.error), connected.error.message());
  BOOST_TEST(first.error == (within ? errc::handshake_failed : errc::tls_failed));
  BOOST_TEST((first.error == (within ? outcome::not_sent : outcome::unknown)));
  BOOST_TEST(second.error == errc::handshake_failed);
  BOOST_TEST((second.error == outcome::not_sent));
  const auto cause = scene.transport->statistics().last_failure;
  BOOST_TEST((cause == refused), cause.message());
  const auto* const words = verdict_for(t) == X509_V_ERR_CERT_REJECTED
                                ? "alert bad certificate"
                                : "alert certificate unknown";
  BOOST_TEST(cause.message().find(words) != std::string::npos, cause.message());
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_client_sockets)

BOOST_AUTO_TEST_CASE(answers_and_alerts_over_tls_become_what_they_are)
{
  for (const auto& how : tls_records) {
    BOOST_TEST_CONTEXT(how.name)
    {
      const auto& t = transcript_named(how.name);
      std::string read;
      with_tls_peer scene;
      scene.play({server_of(how, t, read)}, [&](tls_options& o) { configure(o, how, t); });
      if (conduct_of(t) == conduct::refuses) {
        check_refused(scene, t, how.version);
      } else {
        check_answered(scene, t, read);
      }
      check_books(scene.transport->statistics());
      scene.transport.reset();
      scene.peer.reset();
    }
  }
}

BOOST_FIXTURE_TEST_CASE(server_without_tls_that_waits_in_silence_ends_the_handshake_in_time,
                        with_tls_peer)
{
  BOOST_TEST((conduct_of(transcript_named("tls_to_plain_port")) == conduct::waits));
  play({ignore}, [](tls_options& o) { o.handshake_timeout = 60ms; });
  result connected;
  result sent;
  transport->async_connect(record{connected});
  transport->async_send(one_event(), record{sent});
  wait_for(connected);
  wait_for(sent);
  BOOST_TEST(connected.error == errc::handshake_timeout);
  BOOST_TEST(sent.error == errc::handshake_timeout);
  BOOST_TEST((sent.error == outcome::not_sent));
}

BOOST_AUTO_TEST_CASE(record_each_that_needs_sockets_is_played_to_the_client_here)
{
  for (const auto& t : transcripts()) {
    if (stage_for_client(t) == stage::sockets) {
      const bool played =
          t.name == "tls_to_plain_port" ||
          std::ranges::any_of(tls_records, [&](const auto& r) { return t.name == r.name; });
      BOOST_TEST(played, t.name << " is not played");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
