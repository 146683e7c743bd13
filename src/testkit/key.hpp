#ifndef RIEMANN_TESTKIT_KEY_HPP
#define RIEMANN_TESTKIT_KEY_HPP

#include "testkit/openssl_handles.hpp"

#include <riemann/testkit/certificate.hpp>

#include <string>

namespace riemann::inline v0::testkit::detail {

[[nodiscard]] key_handle make_key(key_type type);

/// PKCS #8; encrypted, if there is a password.
[[nodiscard]] std::string to_pem(EVP_PKEY* key, const std::string& password = {});
/// Of a key that is not encrypted.
[[nodiscard]] key_handle key_from_pem(const std::string& pem);

/// What was written to a BIO in memory.
[[nodiscard]] std::string text_of(BIO* memory);
[[nodiscard]] bio_handle make_memory();

} // namespace riemann::inline v0::testkit::detail

#endif
