#include "codec/option_checks.hpp"

#include <riemann/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace riemann::inline v0 {

namespace {

using codec::refuse_option;

/// One of two ways to give the same.
void check_once(std::string_view file_option, const std::string& file, std::string_view pem_option,
                const std::string& pem)
{
  if (!file.empty() && !pem.empty()) {
    refuse_option(pem_option, "given",
                  "empty when " + std::string{file_option} + " is given, or the other way round");
  }
}

/// OpenSSL takes `.example.net` for all that ends so.
void check_verifiable(std::string_view option, const std::string& name)
{
  const bool ascii = std::ranges::all_of(name, [](unsigned char c) { return c > 32 && c < 127; });
  if (name.starts_with('.') || name.find("..") != std::string::npos || !ascii) {
    refuse_option(option, '"' + name + '"',
                  "a name as in certificates: ASCII (other names in their xn-- form), and no "
                  "empty part");
  }
  if (name.size() > tls_options::max_name_size) {
    refuse_option(option, std::to_string(name.size()) + " bytes long",
                  "at most " + std::to_string(tls_options::max_name_size));
  }
}

void check_path(std::string_view option, const std::string& path)
{
  if (path.find('\0') != std::string::npos) {
    refuse_option(option, "text with a NUL in it", "a path");
  }
}

void check_files(const tls_options& o)
{
  check_path("ca_certs", o.ca_certs);
  check_path("ca_directory", o.ca_directory);
  check_path("certificate_file", o.certificate_file);
  check_path("key_file", o.key_file);
  check_once("certificate_file", o.certificate_file, "certificate_pem", o.certificate_pem);
  check_once("key_file", o.key_file, "key_pem", o.key_pem);
  const bool has_certificate = !o.certificate_file.empty() || !o.certificate_pem.empty();
  if (!has_certificate && !o.key_file.empty()) {
    refuse_option("key_file", '"' + o.key_file + '"',
                  "empty without certificate_file or certificate_pem");
  }
  if (!has_certificate && !o.key_pem.empty()) {
    refuse_option("key_pem", "given", "empty without certificate_file or certificate_pem");
  }
}

void check_left_to_context(std::string_view option, bool left)
{
  if (!left) {
    refuse_option(option, "given", "left alone when context is given, which holds it");
  }
}

void check_context(const tls_options& o)
{
  if (!o.context) {
    return;
  }
  const tls_options none;
  check_left_to_context("ca_certs", o.ca_certs.empty());
  check_left_to_context("ca_directory", o.ca_directory.empty());
  check_left_to_context("ca_certs_pem", o.ca_certs_pem.empty());
  check_left_to_context("certificate_file", o.certificate_file.empty());
  check_left_to_context("certificate_pem", o.certificate_pem.empty());
  check_left_to_context("key_password", !o.key_password);
  check_left_to_context("min_version", o.min_version == none.min_version);
  check_left_to_context("max_version", o.max_version == none.max_version);
  check_left_to_context("ciphers", o.ciphers.empty());
  check_left_to_context("cipher_suites", o.cipher_suites.empty());
}

} // namespace

void tls_options::validate() const
{
  codec::check_server(host, port);
  codec::check_fallbacks(fallbacks);
  session.validate();
  codec::check_duration("handshake_timeout", handshake_timeout);
  if (!server_name.empty()) {
    codec::check_host("server_name", server_name);
  }
  if (!server_name.empty()) {
    check_verifiable("server_name", server_name);
  } else {
    check_verifiable("host", host);
    for (const server_address& s : fallbacks) {
      check_verifiable("a fallback's host", s.host);
    }
  }
  if (context && context->native_handle() == nullptr) {
    refuse_option("context", "moved from", "one that is whole");
  }
  check_files(*this);
  check_context(*this);
  if (min_version > max_version) {
    refuse_option("min_version", "TLS 1.3", "at most max_version, TLS 1.2");
  }
}

} // namespace riemann::inline v0
