#include "testkit/certificate_builder.hpp"

#include "testkit/key.hpp"

#include <algorithm>
#include <ctime>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdexcept>
#include <utility>

namespace riemann::inline v0::testkit::detail {

namespace {

/// Of a serial number: unique by chance, and within the 20 bytes that RFC 5280 allows.
constexpr int serial_bits = 127;

void check_text(const std::string& text, const char* complaint)
{
  if (text.empty() || text.find('\0') != std::string::npos) {
    throw std::invalid_argument{complaint};
  }
}

void set_serial(X509* certificate)
{
  const auto number = require_made<bignum_handle>(::BN_new(), "there is no memory");
  require_done(::BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                   ::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate)) !=
                       nullptr,
               "a serial number cannot be made");
}

void set_subject(X509* certificate, const std::string& common_name)
{
  check_text(common_name, "a common name must not be empty, and without NUL");
  require_done(::X509_NAME_add_entry_by_NID(
                   ::X509_get_subject_name(certificate), NID_commonName, MBSTRING_UTF8,
                   // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes
                   // are unsigned
                   reinterpret_cast<const unsigned char*>(common_name.data()),
                   static_cast<int>(common_name.size()), -1, 0) == 1,
               "the common name cannot be used");
}

void set_validity(X509* certificate, const certificate_options& options)
{
  std::time_t now = std::time(nullptr);
  const auto set = [&now](ASN1_TIME* field, std::chrono::seconds from_now) {
    return ::X509_time_adj(field, static_cast<long>(from_now.count()), &now) != nullptr;
  };
  require_done(set(::X509_getm_notBefore(certificate), options.not_before) &&
                   set(::X509_getm_notAfter(certificate), options.not_after),
               "the time of validity cannot be set");
}

name_handle dns_name(const std::string& text)
{
  constexpr auto complaint = "certificate_options::names must each be ASCII, and not empty";
  check_text(text, complaint);
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; })) {
    throw std::invalid_argument{complaint};
  }
  auto value = require_made<string_handle>(::ASN1_IA5STRING_new(), "there is no memory");
  require_done(::ASN1_STRING_set(value.get(), text.data(), static_cast<int>(text.size())) == 1,
               "a name cannot be set");
  auto name = require_made<name_handle>(::GENERAL_NAME_new(), "there is no memory");
  ::GENERAL_NAME_set0_value(name.get(), GEN_DNS, value.release());
  return name;
}

name_handle address_name(const std::string& text)
{
  constexpr auto complaint = "certificate_options::addresses must each be IPv4 or IPv6";
  check_text(text, complaint);
  octets_handle value{::a2i_IPADDRESS(text.c_str())};
  if (!value) {
    ::ERR_clear_error();
    throw std::invalid_argument{complaint};
  }
  auto name = require_made<name_handle>(::GENERAL_NAME_new(), "there is no memory");
  ::GENERAL_NAME_set0_value(name.get(), GEN_IPADD, value.release());
  return name;
}

void add(GENERAL_NAMES* to, name_handle name)
{
  require_done(sk_GENERAL_NAME_push(to, name.get()) > 0, "there is no memory");
  static_cast<void>(name.release());
}

void set_alternative_names(X509* certificate, const certificate_options& options)
{
  const auto names = require_made<names_handle>(::GENERAL_NAMES_new(), "there is no memory");
  for (const auto& n : options.names) {
    add(names.get(), dns_name(n));
  }
  for (const auto& a : options.addresses) {
    add(names.get(), address_name(a));
  }
  // Empty ones are malformed: then it has none.
  if (sk_GENERAL_NAME_num(names.get()) != 0) {
    require_done(::X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0,
                                     X509V3_ADD_DEFAULT) == 1,
                 "the alternative names cannot be set");
  }
}

/// In the words of OpenSSL's configuration files.
void add_extension(X509* certificate, X509* issuer, int kind, const char* value)
{
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const auto extension = require_made<extension_handle>(
      ::X509V3_EXT_nconf_nid(nullptr, &context, kind, value), "an extension cannot be made");
  require_done(::X509_add_ext(certificate, extension.get(), -1) == 1,
               "an extension cannot be added");
}

void set_usage(X509* certificate, X509* issuer, holder whose, bool is_rsa)
{
  const auto add = [&](int kind, const char* value) {
    add_extension(certificate, issuer, kind, value);
  };
  // The authority's key is found by the subject's: it has to be there before it.
  add(NID_subject_key_identifier, "hash");
  add(NID_authority_key_identifier, "keyid:always");
  if (whose == holder::authority) {
    add(NID_basic_constraints, "critical,CA:TRUE");
    add(NID_key_usage, "critical,keyCertSign,cRLSign");
    return;
  }
  add(NID_basic_constraints, "critical,CA:FALSE");
  // RSA keys also encrypt, in the oldest of TLS 1.2's key exchanges.
  add(NID_key_usage,
      is_rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature");
  add(NID_ext_key_usage, "serverAuth,clientAuth");
}

void sign(X509* certificate, EVP_PKEY* key)
{
  // Ed25519 has its digest built in.
  const auto* const digest = ::EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : ::EVP_sha256();
  require_done(::X509_sign(certificate, key, digest) > 0, "a certificate cannot be signed");
}

} // namespace

certificate_handle make_certificate(const certificate_options& options, holder whose, EVP_PKEY* key,
                                    const signer& by)
{
  ::ERR_clear_error();
  auto made = require_made<certificate_handle>(::X509_new(), "there is no memory");
  auto* const certificate = made.get();
  auto* const issuer = by.certificate != nullptr ? by.certificate : certificate;
  require_done(::X509_set_version(certificate, X509_VERSION_3) == 1, "version 3 cannot be set");
  set_serial(certificate);
  set_subject(certificate, options.common_name);
  require_done(::X509_set_issuer_name(certificate, ::X509_get_subject_name(issuer)) == 1 &&
                   ::X509_set_pubkey(certificate, key) == 1,
               "a certificate cannot be filled in");
  set_validity(certificate, options);
  set_usage(certificate, issuer, whose, ::EVP_PKEY_is_a(key, "RSA") == 1);
  set_alternative_names(certificate, options);
  sign(certificate, by.certificate != nullptr ? by.key : key);
  return made;
}

std::string to_pem(X509* certificate)
{
  ::ERR_clear_error();
  const auto out = make_memory();
  require_done(::PEM_write_bio_X509(out.get(), certificate) == 1,
               "a certificate cannot be written");
  return text_of(out.get());
}

} // namespace riemann::inline v0::testkit::detail
