#include "net/tls_credentials.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <system_error>

namespace riemann::inline v0::net {

namespace {

using boost::system::error_code;

[[noreturn]] void refuse(const std::string& what, const error_code& reason)
{
  throw credential_error{what, reason};
}

error_code system_reason() noexcept
{
  return {errno, boost::system::generic_category()};
}

/// What Asio reports, or what OpenSSL still has to say of it: that is nearer to the
/// cause.
error_code cause_of(const error_code& reported) noexcept
{
  return ::ERR_peek_error() != 0 ? openssl_reason() : reported;
}

/// OpenSSL gives several reasons when there is none.
void require_pem(const pem_text& in, std::string_view label, const std::string& what)
{
  if (in.text.find(std::string{label} + "-----") == std::string::npos) {
    refuse(in.name + " holds no " + what + " in PEM",
           {ERR_PACK(ERR_LIB_PEM, 0, PEM_R_NO_START_LINE), boost::asio::error::get_ssl_category()});
  }
}

struct closes_file {
  void operator()(std::FILE* f) const noexcept { std::fclose(f); }
};

/// OpenSSL looks for `<hash of the subject>.<number>` and for nothing else.
bool is_hashed_name(const std::string& name)
{
  return name.size() > 9 && name[8] == '.' &&
         std::all_of(name.begin(), name.begin() + 8,
                     [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
         std::all_of(name.begin() + 9, name.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

int version_number(tls_version v) noexcept
{
  switch (v) {
  case tls_version::tls_1_2:
    return TLS1_2_VERSION;
  case tls_version::tls_1_3:
    break;
  }
  return TLS1_3_VERSION;
}

} // namespace

error_code openssl_reason() noexcept
{
  const auto code = ::ERR_get_error();
  ::ERR_clear_error();
  return {static_cast<int>(code), boost::asio::error::get_ssl_category()};
}

credential_error::credential_error(const std::string& what, const error_code& reason)
    : system_error{reason}, sentence_{"riemann: " + what + ": " + reason.message()}
{}

pem_text read_pem(std::string_view option, const std::string& path)
{
  pem_text read{std::string{option} + " \"" + path + '"', {}};
  const std::unique_ptr<std::FILE, closes_file> file{std::fopen(path.c_str(), "rb")};
  if (!file) {
    refuse(read.name + " cannot be opened", system_reason());
  }
  std::array<char, 4096> block{};
  while (const auto n = std::fread(block.data(), 1, block.size(), file.get())) {
    read.text.append(block.data(), n);
    if (read.text.size() > tls_options::max_pem_size) {
      refuse(read.name + " is too long", make_error_code(boost::system::errc::file_too_large));
    }
  }
  if (std::ferror(file.get()) != 0) {
    refuse(read.name + " cannot be read", system_reason());
  }
  return read;
}

void trust(boost::asio::ssl::context& context, const pem_text& authorities)
{
  require_pem(authorities, "CERTIFICATE", "certificate");
  ::ERR_clear_error();
  error_code error;
  // NOLINTNEXTLINE(bugprone-unused-return-value): it is in the error
  context.add_certificate_authority(boost::asio::buffer(authorities.text), error);
  if (error) {
    refuse(authorities.name + " cannot be used", cause_of(error));
  }
}

void trust_directory(boost::asio::ssl::context& context, std::string_view option,
                     const std::string& path)
{
  const std::string name = std::string{option} + " \"" + path + '"';
  std::error_code error;
  const std::filesystem::directory_iterator files{path, error};
  if (error) {
    refuse(name + " cannot be read", error);
  }
  bool any = false;
  for (auto entry = begin(files); entry != end(files) && !any; entry.increment(error)) {
    any = is_hashed_name(entry->path().filename().string());
  }
  if (!any) {
    refuse(name + " holds no certificate under its subject's hash (see `openssl rehash`)",
           make_error_code(boost::system::errc::no_such_file_or_directory));
  }
  error_code added;
  context.add_verify_path(path, added); // NOLINT(bugprone-unused-return-value): in the error
  if (added) {
    refuse(name + " cannot be used", added);
  }
}

void use_certificate(boost::asio::ssl::context& context, const pem_text& certificate,
                     const pem_text& key, const std::function<std::string()>& password)
{
  require_pem(certificate, "CERTIFICATE", "certificate");
  require_pem(key, "PRIVATE KEY", "private key");
  ::ERR_clear_error();
  error_code error;
  // NOLINTNEXTLINE(bugprone-unused-return-value): it is in the error
  context.use_certificate_chain(boost::asio::buffer(certificate.text), error);
  if (error) {
    refuse(certificate.name + " cannot be used", cause_of(error));
  }
  bool asked = false;
  std::exception_ptr thrown; // not to be thrown through OpenSSL
  // Without one of ours OpenSSL would ask on the terminal.
  context.set_password_callback([&](std::size_t, boost::asio::ssl::context::password_purpose) {
    asked = true;
    try {
      return password ? password() : std::string{};
    } catch (...) {
      thrown = std::current_exception();
      return std::string{};
    }
  });
  context.use_private_key(boost::asio::buffer(key.text), boost::asio::ssl::context::pem,
                          error); // NOLINT(bugprone-unused-return-value): it is in the error
  // What it refers to is gone with this function.
  context.set_password_callback(
      [](std::size_t, boost::asio::ssl::context::password_purpose) { return std::string{}; });
  if (thrown) {
    ::ERR_clear_error();
    std::rethrow_exception(thrown);
  }
  if (!error && ::SSL_CTX_check_private_key(context.native_handle()) != 1) {
    // OpenSSL keeps a key of another type apart, and would show no certificate.
    error = openssl_reason();
  }
  if (!error) {
    return;
  }
  error = cause_of(error);
  if (asked && !password) {
    refuse(key.name + " is encrypted, and there is no key_password", error);
  }
  if (asked) {
    refuse(key.name + " cannot be decrypted with key_password", error);
  }
  refuse(key.name + " cannot be used with " + certificate.name, error);
}

void set_versions(boost::asio::ssl::context& context, tls_version min, tls_version max)
{
  auto* const handle = context.native_handle();
  if (::SSL_CTX_set_min_proto_version(handle, version_number(min)) != 1 ||
      ::SSL_CTX_set_max_proto_version(handle, version_number(max)) != 1) {
    refuse("min_version and max_version cannot be set", openssl_reason());
  }
}

void set_ciphers(boost::asio::ssl::context& context, const std::string& list)
{
  if (list.empty()) {
    return;
  }
  // Whatever a list allows: none that shows no certificate, or encrypts nothing.
  const std::string safe = list + ":!aNULL:!eNULL";
  if (::SSL_CTX_set_cipher_list(context.native_handle(), safe.c_str()) != 1) {
    refuse("ciphers \"" + list + "\" cannot be used", openssl_reason());
  }
}

void set_cipher_suites(boost::asio::ssl::context& context, const std::string& list)
{
  if (!list.empty() && ::SSL_CTX_set_ciphersuites(context.native_handle(), list.c_str()) != 1) {
    refuse("cipher_suites \"" + list + "\" cannot be used", openssl_reason());
  }
}

} // namespace riemann::inline v0::net
