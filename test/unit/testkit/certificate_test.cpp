// What the test kit's certificates say, as OpenSSL reads them.

#include "testkit/openssl_handles.hpp"

#include <riemann/testkit/certificate.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace riemann::testkit;
using namespace riemann::testkit::detail;
using namespace std::chrono_literals;

using store_handle = std::unique_ptr<X509_STORE, freed_by<&X509_STORE_free>>;
using verifier_handle = std::unique_ptr<X509_STORE_CTX, freed_by<&X509_STORE_CTX_free>>;

bio_handle reader_of(const std::string& text)
{
  return bio_handle{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

std::vector<certificate_handle> certificates(const std::string& pem)
{
  std::vector<certificate_handle> all;
  const auto in = reader_of(pem);
  while (auto* c = ::PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) {
    all.emplace_back(c);
  }
  return all;
}

certificate_handle first(const std::string& pem)
{
  auto all = certificates(pem);
  BOOST_REQUIRE(!all.empty());
  return std::move(all.front());
}

int give_password(char* to, int size, int, void* password)
{
  return static_cast<int>(
      static_cast<const std::string*>(password)->copy(to, static_cast<std::size_t>(size)));
}

/// Nothing, if the password is wrong.
key_handle read_key(const std::string& pem, std::string password = {})
{
  return key_handle{
      ::PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, &give_password, &password)};
}

/// OpenSSL's verdict on the first certificate, with those behind it at hand: X509_V_OK, or why
/// not.
int verify(const std::string& pem, const std::string& trusted,
           int purpose = X509_PURPOSE_SSL_SERVER)
{
  const auto chain = certificates(pem);
  const auto root = first(trusted);
  const store_handle store{::X509_STORE_new()};
  ::X509_STORE_add_cert(store.get(), root.get());
  ::X509_STORE_set_flags(store.get(), X509_V_FLAG_X509_STRICT);
  ::X509_STORE_set_purpose(store.get(), purpose);
  STACK_OF(X509)* const between = sk_X509_new_null();
  for (const auto& c : chain) {
    sk_X509_push(between, c.get());
  }
  const verifier_handle verifier{::X509_STORE_CTX_new()};
  ::X509_STORE_CTX_init(verifier.get(), store.get(), chain.front().get(), between);
  ::X509_verify_cert(verifier.get());
  const int verdict = ::X509_STORE_CTX_get_error(verifier.get());
  sk_X509_free(between);
  return verdict;
}

bool is_for_name(X509* c, const std::string& name)
{
  return ::X509_check_host(c, name.data(), name.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                           nullptr) == 1;
}

bool is_for_address(X509* c, const std::string& address)
{
  return ::X509_check_ip_asc(c, address.c_str(), 0) == 1;
}

std::string common_name(const X509_NAME* name)
{
  std::string text(100, '\0');
  const auto n = ::X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName,
                                             text.data(), static_cast<int>(text.size()));
  text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  return text;
}

/// From the first moment it is valid to the last.
std::chrono::seconds validity(const X509* c)
{
  int days = 0;
  int seconds = 0;
  BOOST_REQUIRE(
      ::ASN1_TIME_diff(&days, &seconds, ::X509_get0_notBefore(c), ::X509_get0_notAfter(c)) == 1);
  return std::chrono::days{days} + std::chrono::seconds{seconds};
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_certificate)

BOOST_AUTO_TEST_CASE(certificate_is_for_the_names_and_addresses_it_was_made_for)
{
  const certificate_authority authority{"the authority"};
  const auto c = first(authority
                           .issue({.common_name = "the sübject",
                                   .names = {"a.example.net", "*.example.org"},
                                   .addresses = {"192.0.2.1", "2001:db8::1"}})
                           .certificate_pem);
  BOOST_TEST(common_name(::X509_get_subject_name(c.get())) == "the sübject");
  BOOST_TEST(common_name(::X509_get_issuer_name(c.get())) == "the authority");
  BOOST_TEST(::X509_get_version(c.get()) == X509_VERSION_3);
  BOOST_TEST(is_for_name(c.get(), "a.example.net"));
  BOOST_TEST(is_for_name(c.get(), "b.example.org"));
  BOOST_TEST(!is_for_name(c.get(), "b.example.net"));
  BOOST_TEST(!is_for_name(c.get(), "the sübject"));
  BOOST_TEST(is_for_address(c.get(), "192.0.2.1"));
  BOOST_TEST(is_for_address(c.get(), "2001:db8::1"));
  BOOST_TEST(!is_for_address(c.get(), "127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(certificate_is_for_this_machine_unless_told_otherwise)
{
  const auto c = first(certificate_authority{}.issue().certificate_pem);
  BOOST_TEST(is_for_name(c.get(), "localhost"));
  BOOST_TEST(is_for_address(c.get(), "127.0.0.1"));
  BOOST_TEST(is_for_address(c.get(), "::1"));
}

BOOST_AUTO_TEST_CASE(certificate_without_alternative_names_has_none)
{
  const auto c =
      first(certificate_authority{}.issue({.names = {}, .addresses = {}}).certificate_pem);
  BOOST_TEST(::X509_get_ext_by_NID(c.get(), NID_subject_alt_name, -1) == -1);
}

BOOST_AUTO_TEST_CASE(usage_is_that_of_an_authority_or_of_servers_and_clients)
{
  const certificate_authority authority;
  const auto root = first(authority.certificate_pem());
  BOOST_TEST((::X509_get_extension_flags(root.get()) & EXFLAG_CA) != 0U);
  BOOST_TEST(::X509_get_key_usage(root.get()) == (KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  const auto leaf = first(authority.issue().certificate_pem);
  BOOST_TEST((::X509_get_extension_flags(leaf.get()) & EXFLAG_CA) == 0U);
  BOOST_TEST((::X509_get_extension_flags(leaf.get()) & EXFLAG_BCONS) != 0U);
  BOOST_TEST(::X509_get_key_usage(leaf.get()) == std::uint32_t{KU_DIGITAL_SIGNATURE});
  BOOST_TEST(::X509_get_extended_key_usage(leaf.get()) == (XKU_SSL_SERVER | XKU_SSL_CLIENT));
  BOOST_TEST(::ASN1_OCTET_STRING_cmp(::X509_get0_authority_key_id(leaf.get()),
                                     ::X509_get0_subject_key_id(root.get())) == 0);
  const auto rsa = first(authority.issue({.key = key_type::rsa}).certificate_pem);
  BOOST_TEST(::X509_get_key_usage(rsa.get()) == (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT));
}

BOOST_AUTO_TEST_CASE(no_two_certificates_have_the_same_serial_number)
{
  const certificate_authority authority;
  const auto a = first(authority.issue().certificate_pem);
  const auto b = first(authority.issue().certificate_pem);
  const auto* const number = ::X509_get0_serialNumber(a.get());
  BOOST_TEST(::ASN1_INTEGER_cmp(number, ::X509_get0_serialNumber(b.get())) != 0);
  const bignum_handle value{::ASN1_INTEGER_to_BN(number, nullptr)};
  BOOST_TEST(::BN_is_negative(value.get()) == 0);
  BOOST_TEST(BN_num_bytes(value.get()) == 16);
}

BOOST_AUTO_TEST_CASE(validity_is_counted_from_now)
{
  const certificate_authority authority;
  const auto c =
      first(authority.issue({.not_before = -48h, .not_after = 24h * 365 * 40}).certificate_pem);
  BOOST_TEST((validity(c.get()) == 48h + 24h * 365 * 40));
  const auto trusted = authority.certificate_pem();
  const auto expired = authority.issue({.not_before = -2h, .not_after = -1h});
  BOOST_TEST(verify(expired.certificate_pem, trusted) == X509_V_ERR_CERT_HAS_EXPIRED);
  const auto to_come = authority.issue({.not_before = 1h, .not_after = 2h});
  BOOST_TEST(verify(to_come.certificate_pem, trusted) == X509_V_ERR_CERT_NOT_YET_VALID);
}

BOOST_AUTO_TEST_CASE(chain_leads_to_the_authority_and_to_no_other)
{
  const certificate_authority authority{"root"};
  const auto branch = authority.issue_authority("region").issue_authority("branch");
  const auto trusted = authority.certificate_pem();
  const auto direct = authority.issue().certificate_pem;
  BOOST_TEST(certificates(direct).size() == 1U);
  BOOST_TEST(verify(direct, trusted) == X509_V_OK);
  BOOST_TEST(verify(direct, trusted, X509_PURPOSE_SSL_CLIENT) == X509_V_OK);
  const auto below = branch.issue().certificate_pem;
  const auto chain = certificates(below);
  BOOST_REQUIRE_EQUAL(chain.size(), 3U);
  BOOST_TEST(common_name(::X509_get_subject_name(chain[1].get())) == "branch");
  BOOST_TEST(common_name(::X509_get_subject_name(chain[2].get())) == "region");
  BOOST_TEST(verify(below, trusted) == X509_V_OK);
  BOOST_TEST(verify(below, branch.certificate_pem()) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT);
  const certificate_authority stranger{"root"};
  BOOST_TEST(verify(direct, stranger.certificate_pem()) ==
             X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

BOOST_AUTO_TEST_CASE(authority_can_be_moved)
{
  certificate_authority from;
  const auto trusted = from.certificate_pem();
  certificate_authority to{std::move(from)};
  BOOST_TEST(verify(to.issue().certificate_pem, trusted) == X509_V_OK);
  to = certificate_authority{};
  BOOST_TEST(to.certificate_pem() != trusted);
}

BOOST_AUTO_TEST_CASE(self_signed_certificate_rests_on_itself)
{
  for (const auto key : {key_type::ec, key_type::ed25519}) {
    const auto i = make_self_signed({.common_name = "alone", .key = key});
    const auto c = first(i.certificate_pem);
    BOOST_TEST(::X509_self_signed(c.get(), 1) == 1);
    BOOST_TEST(common_name(::X509_get_issuer_name(c.get())) == "alone");
    BOOST_TEST(verify(i.certificate_pem, i.certificate_pem) == X509_V_OK);
    BOOST_TEST(verify(i.certificate_pem, certificate_authority{}.certificate_pem()) ==
               X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  }
}

BOOST_AUTO_TEST_CASE(key_is_of_the_type_that_was_asked_for)
{
  const certificate_authority authority;
  const auto check = [&](key_type type, const char* name, int bits) {
    const auto i = authority.issue({.key = type});
    BOOST_TEST(i.key_pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto key = read_key(i.key_pem);
    BOOST_REQUIRE(key);
    BOOST_TEST(::EVP_PKEY_is_a(key.get(), name) == 1);
    BOOST_TEST(::EVP_PKEY_get_bits(key.get()) == bits);
    const auto c = first(i.certificate_pem);
    BOOST_TEST(::X509_check_private_key(c.get(), key.get()) == 1);
    BOOST_TEST(verify(i.certificate_pem, authority.certificate_pem()) == X509_V_OK);
  };
  check(key_type::ec, "EC", 256);
  check(key_type::ed25519, "ED25519", 256);
  check(key_type::rsa, "RSA", 2048);
  check(key_type::rsa_1024, "RSA", 1024);
}

BOOST_AUTO_TEST_CASE(encrypted_key_opens_with_its_password_alone)
{
  const auto i = make_self_signed();
  const auto pem = i.encrypted_key_pem("secret");
  BOOST_TEST(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  BOOST_TEST(!read_key(pem, "wrong"));
  const auto key = read_key(pem, "secret");
  BOOST_REQUIRE(key);
  BOOST_TEST(::EVP_PKEY_eq(key.get(), read_key(i.key_pem).get()) == 1);
  BOOST_CHECK_THROW(static_cast<void>(i.encrypted_key_pem("")), std::invalid_argument);
  BOOST_CHECK_THROW(static_cast<void>(identity{}.encrypted_key_pem("secret")), std::runtime_error);
  // One that is encrypted already: nobody is asked for its password.
  BOOST_CHECK_THROW(static_cast<void>(identity{{}, pem}.encrypted_key_pem("secret")),
                    std::runtime_error);
  ::ERR_clear_error();
}

BOOST_AUTO_TEST_CASE(names_and_addresses_that_are_none_are_refused)
{
  const certificate_authority authority;
  const auto refused = [&](const certificate_options& o) {
    BOOST_CHECK_THROW(static_cast<void>(authority.issue(o)), std::invalid_argument);
    BOOST_CHECK_THROW(static_cast<void>(make_self_signed(o)), std::invalid_argument);
  };
  const std::string with_nul{"a\0b", 3};
  for (const auto& name : {std::string{}, with_nul, std::string{"a b"}, std::string{"bücher"}}) {
    refused({.names = {"fine", name}});
  }
  for (const auto& address :
       {std::string{}, std::string{"127.0.0.1\0", 10}, std::string{"localhost"},
        std::string{"127.0.0.256"}, std::string{"1::2::3"}, std::string{"fe80::1%lo"}}) {
    refused({.addresses = {"::1", address}});
  }
  refused({.common_name = ""});
  refused({.common_name = with_nul});
  BOOST_CHECK_THROW(certificate_authority{""}, std::invalid_argument);
  BOOST_CHECK_THROW(static_cast<void>(authority.issue_authority(with_nul)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(reason_is_given_when_openssl_fails)
{
  try {
    static_cast<void>(make_self_signed({.common_name = std::string(65, 'x')}));
    BOOST_ERROR("a common name is 64 characters at most");
  } catch (const std::runtime_error& e) {
    BOOST_TEST(e.what() == std::string{"the common name cannot be used: string too long"});
  }
  BOOST_CHECK_THROW(static_cast<void>(make_self_signed({.not_after = std::chrono::years{9'000}})),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
