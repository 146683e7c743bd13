#include "net/tls_context.hpp"

#include "net/tls_credentials.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <openssl/ssl.h>

namespace riemann::inline v0::net {

namespace {

using boost::asio::ssl::context;

void trust_all(context& made, const tls_options& options)
{
  if (!options.ca_certs.empty()) {
    trust(made, read_pem("ca_certs", options.ca_certs));
  }
  if (!options.ca_directory.empty()) {
    trust_directory(made, "ca_directory", options.ca_directory);
  }
  if (!options.ca_certs_pem.empty()) {
    trust(made, {"ca_certs_pem", options.ca_certs_pem});
  }
  if (options.ca_certs.empty() && options.ca_directory.empty() && options.ca_certs_pem.empty()) {
    boost::system::error_code error;
    made.set_default_verify_paths(error); // NOLINT(bugprone-unused-return-value): in the error
    if (error) {
      throw credential_error{"what the system trusts cannot be used", error};
    }
  }
}

void show_certificate(context& made, const tls_options& options)
{
  if (options.certificate_file.empty() && options.certificate_pem.empty()) {
    return;
  }
  const pem_text certificate = options.certificate_file.empty()
                                   ? pem_text{"certificate_pem", options.certificate_pem}
                                   : read_pem("certificate_file", options.certificate_file);
  if (!options.key_file.empty()) {
    use_certificate(made, certificate, read_pem("key_file", options.key_file),
                    options.key_password);
  } else if (!options.key_pem.empty()) {
    use_certificate(made, certificate, {"key_pem", options.key_pem}, options.key_password);
  } else {
    use_certificate(made, certificate, certificate, options.key_password);
  }
}

} // namespace

std::shared_ptr<context> make_tls_context(const tls_options& options)
{
  if (options.context) {
    return options.context;
  }
  auto made = std::make_shared<context>(context::tls_client);
  ::SSL_CTX_set_options(made->native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // What is given to be trusted is, whether it stands above others or not.
  ::X509_STORE_set_flags(::SSL_CTX_get_cert_store(made->native_handle()),
                         X509_V_FLAG_PARTIAL_CHAIN);
  set_versions(*made, options.min_version, options.max_version);
  set_ciphers(*made, options.ciphers);
  set_cipher_suites(*made, options.cipher_suites);
  trust_all(*made, options);
  show_certificate(*made, options);
  return made;
}

} // namespace riemann::inline v0::net
