#include "testkit/tls_manner.hpp"

#include "net/tls_credentials.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string_view>

namespace riemann::inline v0::testkit::detail {

namespace {

namespace ssl = boost::asio::ssl;

/// Without one, OpenSSL refuses to resume sessions that have a client certificate.
constexpr std::string_view session_id_context = "riemann testkit";

void set_session_id_context(ssl::context& context)
{
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes are unsigned
  const auto* const bytes = reinterpret_cast<const unsigned char*>(session_id_context.data());
  if (::SSL_CTX_set_session_id_context(context.native_handle(), bytes,
                                       static_cast<unsigned>(session_id_context.size())) != 1) {
    throw boost::system::system_error{static_cast<int>(::ERR_get_error()),
                                      boost::asio::error::get_ssl_category()};
  }
}

} // namespace

tls_manner make_manner(const server_tls_options& options)
{
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  net::set_versions(*context, options.min_version, options.max_version);
  // First of all: the security level in it is also that of the certificates.
  net::set_ciphers(*context, options.ciphers);
  net::use_certificate(*context, {"server_tls_options::certificate_pem", options.certificate_pem},
                       {"server_tls_options::key_pem", options.key_pem}, options.key_password);
  if (!options.client_ca_pem.empty()) {
    net::trust(*context, {"server_tls_options::client_ca_pem", options.client_ca_pem});
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  }
  set_session_id_context(*context);
  return {.context = std::move(context), .handshake_timeout = options.handshake_timeout};
}

} // namespace riemann::inline v0::testkit::detail
