// What kind of thing went wrong, by OpenSSL's codes.
#include <riemann/error.hpp>
#include <riemann/tls_error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/pemerr.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>
#include <string>

namespace {

using namespace riemann;
using boost::system::error_code;

constexpr tls_error every_kind[] = {
    tls_error::wrong_name,
    tls_error::expired,
    tls_error::not_yet_valid,
    tls_error::self_signed,
    tls_error::untrusted,
    tls_error::weak,
    tls_error::certificate_invalid,
    tls_error::client_certificate_required,
    tls_error::client_certificate_refused,
    tls_error::refused,
    tls_error::not_tls,
    tls_error::truncated,
    tls_error::failed,
};

error_code ssl(int reason, int library = ERR_LIB_SSL)
{
  return {static_cast<int>(ERR_PACK(library, 0, reason)), boost::asio::error::get_ssl_category()};
}

error_code verdict(int code)
{
  return {code, certificate_category()};
}

/// It is of this kind, and of no other.
void check(const error_code& ec, tls_error kind)
{
  BOOST_TEST_CONTEXT(ec.message())
  {
    BOOST_TEST(is_tls_error(ec));
    for (const tls_error other : every_kind) {
      BOOST_TEST((ec == other) == (other == kind));
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_errors)

BOOST_AUTO_TEST_CASE(certificate_when_judged_then_of_the_verdicts_kind_and_in_its_words)
{
  check(verdict(X509_V_ERR_HOSTNAME_MISMATCH), tls_error::wrong_name);
  check(verdict(X509_V_ERR_IP_ADDRESS_MISMATCH), tls_error::wrong_name);
  check(verdict(X509_V_ERR_CERT_HAS_EXPIRED), tls_error::expired);
  check(verdict(X509_V_ERR_CERT_NOT_YET_VALID), tls_error::not_yet_valid);
  check(verdict(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT), tls_error::self_signed);
  check(verdict(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN), tls_error::untrusted);
  check(verdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), tls_error::untrusted);
  check(verdict(X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE), tls_error::untrusted);
  check(verdict(X509_V_ERR_CERT_SIGNATURE_FAILURE), tls_error::untrusted);
  check(verdict(X509_V_ERR_EE_KEY_TOO_SMALL), tls_error::weak);
  check(verdict(X509_V_ERR_CA_MD_TOO_WEAK), tls_error::weak);
  check(verdict(X509_V_ERR_INVALID_PURPOSE), tls_error::certificate_invalid);
  BOOST_TEST(verdict(X509_V_ERR_CERT_HAS_EXPIRED).message() == "certificate has expired");
  BOOST_TEST(std::string{certificate_category().name()} == "riemann.certificate");
}

BOOST_AUTO_TEST_CASE(alert_when_it_comes_then_of_its_kind)
{
  check(ssl(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED), tls_error::client_certificate_required);
  check(ssl(SSL_R_SSLV3_ALERT_BAD_CERTIFICATE), tls_error::client_certificate_refused);
  check(ssl(SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN), tls_error::client_certificate_refused);
  check(ssl(SSL_R_TLSV1_ALERT_UNKNOWN_CA), tls_error::client_certificate_refused);
  check(ssl(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE), tls_error::refused);
  check(ssl(SSL_R_TLSV1_ALERT_PROTOCOL_VERSION), tls_error::refused);
  check(ssl(SSL_R_TLSV1_ALERT_INTERNAL_ERROR), tls_error::refused);
}

BOOST_AUTO_TEST_CASE(stream_when_it_is_none_or_ends_then_of_its_kind)
{
  check(ssl(SSL_R_WRONG_VERSION_NUMBER), tls_error::not_tls);
  check(ssl(SSL_R_HTTP_REQUEST), tls_error::not_tls);
  check(ssl(SSL_R_UNSUPPORTED_PROTOCOL), tls_error::refused);
  check(ssl(SSL_R_CERTIFICATE_VERIFY_FAILED), tls_error::certificate_invalid);
  check(ssl(SSL_R_DH_KEY_TOO_SMALL), tls_error::weak);
  check(ssl(SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC), tls_error::failed);
  check(ssl(PEM_R_NO_START_LINE, ERR_LIB_PEM), tls_error::failed);
  check(boost::asio::ssl::error::stream_truncated, tls_error::truncated);
  check(boost::asio::ssl::error::unexpected_result, tls_error::failed);
}

BOOST_AUTO_TEST_CASE(error_when_it_is_not_of_tls_then_of_no_kind)
{
  for (const error_code& ec :
       {error_code{}, error_code{boost::asio::error::eof}, error_code{errc::tls_failed},
        error_code{boost::asio::error::connection_reset}}) {
    BOOST_TEST(!is_tls_error(ec));
    for (const tls_error kind : every_kind) {
      BOOST_TEST((ec != kind));
    }
  }
}

BOOST_AUTO_TEST_CASE(condition_when_asked_then_has_words_of_its_own)
{
  for (const tls_error kind : every_kind) {
    const auto text = make_error_condition(kind).message();
    BOOST_TEST(text.ends_with('.'));
    BOOST_TEST(text != tls_error_category().message(0));
  }
  BOOST_TEST(std::string{tls_error_category().name()} == "riemann.tls");
}

BOOST_AUTO_TEST_SUITE_END()
