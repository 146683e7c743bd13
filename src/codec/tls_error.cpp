#include <riemann/tls_error.hpp>

#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <optional>
#include <string>

namespace riemann::inline v0 {

namespace {

tls_error kind_of_certificate_error(int code) noexcept
{
  switch (code) {
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return tls_error::wrong_name;
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return tls_error::expired;
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return tls_error::not_yet_valid;
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return tls_error::self_signed;
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
  case X509_V_ERR_CERT_UNTRUSTED:
    return tls_error::untrusted;
  case X509_V_ERR_EE_KEY_TOO_SMALL:
  case X509_V_ERR_CA_KEY_TOO_SMALL:
  case X509_V_ERR_CA_MD_TOO_WEAK:
    return tls_error::weak;
  default:
    return tls_error::certificate_invalid;
  }
}

/// OpenSSL gives the alerts' numbers as reasons, with this added.
tls_error kind_of_alert(int reason) noexcept
{
  switch (reason) {
  case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    return tls_error::client_certificate_required;
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
  case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    return tls_error::client_certificate_refused;
  default:
    return tls_error::refused;
  }
}

tls_error kind_of_ssl_error(unsigned long code) noexcept
{
  const int reason = ERR_GET_REASON(code);
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) {
    return tls_error::failed;
  }
  if (reason >= SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
    return kind_of_alert(reason);
  }
  switch (reason) {
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_HTTP_REQUEST:
  case SSL_R_HTTPS_PROXY_REQUEST:
  case SSL_R_UNKNOWN_PROTOCOL:
    return tls_error::not_tls;
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_WRONG_SSL_VERSION:
  case SSL_R_NO_PROTOCOLS_AVAILABLE:
    return tls_error::refused;
  case SSL_R_EE_KEY_TOO_SMALL:
  case SSL_R_CA_KEY_TOO_SMALL:
  case SSL_R_CA_MD_TOO_WEAK:
  case SSL_R_DH_KEY_TOO_SMALL:
    return tls_error::weak;
  case SSL_R_CERTIFICATE_VERIFY_FAILED:
    return tls_error::certificate_invalid;
  default:
    return tls_error::failed;
  }
}

/// Nothing: the code is not TLS's.
std::optional<tls_error> kind_of(const boost::system::error_code& ec) noexcept
{
  if (!ec) {
    return {};
  }
  if (ec.category() == certificate_category()) {
    return kind_of_certificate_error(ec.value());
  }
  if (ec.category() == boost::asio::error::get_ssl_category()) {
    return kind_of_ssl_error(static_cast<unsigned int>(ec.value()));
  }
  if (ec == boost::asio::ssl::error::stream_truncated) {
    return tls_error::truncated;
  }
  if (ec.category() == boost::asio::ssl::error::get_stream_category()) {
    return tls_error::failed;
  }
  return {};
}

const char* explain(tls_error e) noexcept
{
  switch (e) {
  case tls_error::wrong_name:
    return "The server's certificate is for another name or address.";
  case tls_error::expired:
    return "The server's certificate has expired.";
  case tls_error::not_yet_valid:
    return "The server's certificate is not valid yet.";
  case tls_error::self_signed:
    return "The server's certificate is signed by itself, and not trusted.";
  case tls_error::untrusted:
    return "Nobody trusted has signed the server's certificate.";
  case tls_error::weak:
    return "A key or signature is weaker than OpenSSL's security level allows.";
  case tls_error::certificate_invalid:
    return "The server's certificate is not valid.";
  case tls_error::client_certificate_required:
    return "The server demands a client certificate.";
  case tls_error::client_certificate_refused:
    return "The server does not accept the client certificate.";
  case tls_error::refused:
    return "The server and this side could not agree.";
  case tls_error::not_tls:
    return "The other side does not speak TLS.";
  case tls_error::truncated:
    return "The connection ended without TLS's close_notify.";
  case tls_error::failed:
    return "TLS failed.";
  }
  return "An error that is not riemann's.";
}

// Boost's base has a protected destructor that is not virtual, so that categories
// outlive `main`; gcc warns of it all the same.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

class kinds final : public boost::system::error_category {
public:
  [[nodiscard]] const char* name() const noexcept override { return "riemann.tls"; }
  [[nodiscard]] std::string message(int e) const override { return text(e); }
  [[nodiscard]] const char* message(int e, char*, std::size_t) const noexcept override
  {
    return text(e);
  }
  using boost::system::error_category::equivalent;
  [[nodiscard]] bool equivalent(const boost::system::error_code& code,
                                int e) const noexcept override
  {
    return kind_of(code) == static_cast<tls_error>(e);
  }

private:
  static const char* text(int e) noexcept { return explain(static_cast<tls_error>(e)); }
};

class verdicts final : public boost::system::error_category {
public:
  [[nodiscard]] const char* name() const noexcept override { return "riemann.certificate"; }
  [[nodiscard]] std::string message(int e) const override { return text(e); }
  [[nodiscard]] const char* message(int e, char*, std::size_t) const noexcept override
  {
    return text(e);
  }

private:
  static const char* text(int e) noexcept { return ::X509_verify_cert_error_string(e); }
};

#pragma GCC diagnostic pop

} // namespace

const boost::system::error_category& tls_error_category() noexcept
{
  static const kinds instance;
  return instance;
}

const boost::system::error_category& certificate_category() noexcept
{
  static const verdicts instance;
  return instance;
}

bool is_tls_error(const boost::system::error_code& ec) noexcept
{
  return kind_of(ec).has_value();
}

} // namespace riemann::inline v0
