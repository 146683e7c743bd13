#ifndef RIEMANN_TESTKIT_CERTIFICATE_BUILDER_HPP
#define RIEMANN_TESTKIT_CERTIFICATE_BUILDER_HPP

#include "testkit/openssl_handles.hpp"

#include <riemann/testkit/certificate.hpp>

#include <string>

namespace riemann::inline v0::testkit::detail {

/// Whose certificate it is.
enum class holder { end_entity, authority };

/// Who signs it; no certificate: the certificate's own holder, with its key.
struct signer {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
};

/// A certificate of X.509 version 3 for this key. `options.key` is not looked at.
[[nodiscard]] certificate_handle make_certificate(const certificate_options& options, holder whose,
                                                  EVP_PKEY* key, const signer& by);

[[nodiscard]] std::string to_pem(X509* certificate);

} // namespace riemann::inline v0::testkit::detail

#endif
