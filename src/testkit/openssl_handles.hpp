#ifndef RIEMANN_TESTKIT_OPENSSL_HANDLES_HPP
#define RIEMANN_TESTKIT_OPENSSL_HANDLES_HPP

#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>

namespace riemann::inline v0::testkit::detail {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const noexcept
  {
    Free(p);
  }
};

using bio_handle = std::unique_ptr<BIO, freed_by<&BIO_free>>;
using bignum_handle = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;
using certificate_handle = std::unique_ptr<X509, freed_by<&X509_free>>;
using extension_handle = std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>>;
using key_handle = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using name_handle = std::unique_ptr<GENERAL_NAME, freed_by<&GENERAL_NAME_free>>;
using names_handle = std::unique_ptr<GENERAL_NAMES, freed_by<&GENERAL_NAMES_free>>;
using octets_handle = std::unique_ptr<ASN1_OCTET_STRING, freed_by<&ASN1_OCTET_STRING_free>>;
using string_handle = std::unique_ptr<ASN1_IA5STRING, freed_by<&ASN1_IA5STRING_free>>;

/// Throws `std::runtime_error`: what was tried, and OpenSSL's reason.
[[noreturn]] void throw_openssl_error(const std::string& what);

/// What OpenSSL returns, unless that is its way to say no.
inline void require_done(bool done, const char* what)
{
  if (!done) {
    throw_openssl_error(what);
  }
}
template <class Handle>
Handle require_made(typename Handle::pointer made, const char* what)
{
  require_done(made != nullptr, what);
  return Handle{made};
}

} // namespace riemann::inline v0::testkit::detail

#endif
