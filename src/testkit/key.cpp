#include "testkit/key.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdexcept>

namespace riemann::inline v0::testkit::detail {

namespace {

EVP_PKEY* generate(key_type type)
{
  switch (type) {
  case key_type::ec:
    return ::EVP_EC_gen("P-256");
  case key_type::ed25519:
    return ::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  case key_type::rsa:
    return ::EVP_RSA_gen(2048);
  case key_type::rsa_1024:
    return ::EVP_RSA_gen(1024);
  }
  throw std::invalid_argument{"certificate_options::key is no key_type"};
}

/// OpenSSL would ask on the terminal otherwise.
int no_password(char*, int, int, void*)
{
  return -1;
}

} // namespace

void throw_openssl_error(const std::string& what)
{
  const char* reason = ::ERR_reason_error_string(::ERR_get_error());
  const std::string sentence =
      what + ": " + (reason != nullptr ? reason : "OpenSSL gives no reason");
  ::ERR_clear_error();
  throw std::runtime_error{sentence};
}

key_handle make_key(key_type type)
{
  ::ERR_clear_error();
  return require_made<key_handle>(generate(type), "a key cannot be made");
}

bio_handle make_memory()
{
  return require_made<bio_handle>(::BIO_new(::BIO_s_mem()), "there is no memory");
}

std::string text_of(BIO* memory)
{
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string to_pem(EVP_PKEY* key, const std::string& password)
{
  ::ERR_clear_error();
  const auto out = make_memory();
  const auto* const cipher = password.empty() ? nullptr : ::EVP_aes_256_cbc();
  require_done(::PEM_write_bio_PKCS8PrivateKey(out.get(), key, cipher, password.data(),
                                               static_cast<int>(password.size()), nullptr,
                                               nullptr) == 1,
               "a key cannot be written");
  return text_of(out.get());
}

key_handle key_from_pem(const std::string& pem)
{
  ::ERR_clear_error();
  const auto in = require_made<bio_handle>(
      ::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "there is no memory");
  return require_made<key_handle>(
      ::PEM_read_bio_PrivateKey(in.get(), nullptr, &no_password, nullptr), "a key cannot be read");
}

} // namespace riemann::inline v0::testkit::detail
