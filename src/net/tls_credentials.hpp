#ifndef RIEMANN_NET_TLS_CREDENTIALS_HPP
#define RIEMANN_NET_TLS_CREDENTIALS_HPP

#include <riemann/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace riemann::inline v0::net {

// What a TLS context is made of, for either side. Each function throws
// `credential_error`, naming the thing.

/// Something to do with TLS that cannot be used: `what()` is a sentence.
class credential_error final : public boost::system::system_error {
public:
  credential_error(const std::string& what, const boost::system::error_code& reason);

  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

private:
  std::string sentence_;
};

/// The first of what OpenSSL has to say on this thread; it forgets the rest.
[[nodiscard]] boost::system::error_code openssl_reason() noexcept;

/// PEM, and what to call it in an error.
struct pem_text {
  std::string name; ///< as in `ca_certs "/etc/riemann/ca.pem"`
  std::string text;
};

[[nodiscard]] pem_text read_pem(std::string_view option, const std::string& path);

/// A certificate that one of these has signed is to be trusted.
void trust(boost::asio::ssl::context& context, const pem_text& authorities);
/// The same of those in a directory, by their subjects' hashes.
void trust_directory(boost::asio::ssl::context& context, std::string_view option,
                     const std::string& path);

/// Shows this certificate, with those that follow it. `password` may be none.
void use_certificate(boost::asio::ssl::context& context, const pem_text& certificate,
                     const pem_text& key, const std::function<std::string()>& password);

void set_versions(boost::asio::ssl::context& context, tls_version min, tls_version max);
/// For TLS 1.2, without those that leave out certificates or encryption; empty: as they
/// are.
void set_ciphers(boost::asio::ssl::context& context, const std::string& list);
/// For TLS 1.3; empty: as they are.
void set_cipher_suites(boost::asio::ssl::context& context, const std::string& list);

} // namespace riemann::inline v0::net

#endif
