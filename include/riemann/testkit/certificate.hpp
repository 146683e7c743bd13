#ifndef RIEMANN_TESTKIT_CERTIFICATE_HPP
#define RIEMANN_TESTKIT_CERTIFICATE_HPP

#include <riemann/detail/export.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace riemann::inline v0::testkit {

/// The kind of key a certificate is made for.
enum class key_type {
  ec, ///< P-256
  ed25519,
  rsa,
  rsa_1024, ///< too weak for OpenSSL as it comes
};

/// What a certificate says.
struct RIEMANN_EXPORT certificate_options {
  /// Of the subject; no more than a label.
  std::string common_name = "riemann-asio test";
  /// DNS names it is for; `*.example.net` for all of a domain.
  std::vector<std::string> names{"localhost"};
  /// IP addresses it is for.
  std::vector<std::string> addresses{"127.0.0.1", "::1"};
  /// The kind of its key.
  key_type key = key_type::ec;
  /// From and until when it is valid, counted from now.
  std::chrono::seconds not_before = -std::chrono::hours{1};
  /// As `not_before`; after it.
  std::chrono::seconds not_after = std::chrono::hours{24};
};

/// A certificate with its key, both PEM.
struct RIEMANN_EXPORT identity {
  /// The certificate, and then those between it and its authority.
  std::string certificate_pem{};
  /// PKCS #8, as Riemann wants it too.
  std::string key_pem{};

  /// The key, encrypted by a password (AES-256). Throws `std::invalid_argument` if that
  /// is empty.
  [[nodiscard]] std::string encrypted_key_pem(const std::string& password) const;
};

/// A certificate that is signed by its own key. Throws as an authority does.
[[nodiscard]] RIEMANN_EXPORT identity make_self_signed(const certificate_options& options = {});

/**
 * An authority that signs certificates for tests: it is made, with a new key, in
 * memory, and forgotten with the object. Each function throws
 * `std::invalid_argument` for an address or a name that is none, and
 * `std::runtime_error` with OpenSSL's reason when that fails.
 */
class RIEMANN_EXPORT certificate_authority {
public:
  /// A new authority, whose certificate is signed by itself.
  explicit certificate_authority(const std::string& common_name = "riemann-asio test authority");
  /// The other may then only be destroyed or assigned to.
  certificate_authority(certificate_authority&&) noexcept;
  /// The other may then only be destroyed or assigned to.
  certificate_authority& operator=(certificate_authority&&) noexcept;
  /// Its key is forgotten.
  ~certificate_authority();

  /// Its certificate, PEM: what is to be trusted.
  [[nodiscard]] std::string certificate_pem() const;

  /// For servers and clients alike.
  [[nodiscard]] identity issue(const certificate_options& options = {}) const;

  /// An authority below this one, whose certificates are issued with its own behind
  /// them.
  [[nodiscard]] certificate_authority issue_authority(const std::string& common_name) const;

private:
  class impl;
  explicit certificate_authority(std::unique_ptr<impl> i) noexcept;

  std::unique_ptr<impl> impl_;
};

} // namespace riemann::inline v0::testkit

#endif
