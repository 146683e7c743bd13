#include "cli/serve_tls.hpp"

#include "cli/explain.hpp"
#include "cli/failure.hpp"
#include "net/tls_credentials.hpp"

#include <riemann/testkit/certificate.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/ssl/context.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace riemann::cli {

namespace {

constexpr std::array file_names{"ca.pem", "server.pem", "server.key", "client.pem", "client.key"};

[[noreturn]] void fail_on(const std::string& path, std::string_view what)
{
  throw failure{exit_code::other, "cannot " + std::string{what} + " '" + path +
                                      "': " + std::generic_category().message(errno) +
                                      "; give another directory with --tls-dir"};
}

/// For the owner's eyes alone; never in place of a file that is there.
void write_file(const std::string& path, std::string_view text)
{
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    fail_on(path, "make");
  }
  errno = ENOSPC; // what a short write means
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int why = errno;
  if (::close(file) != 0 || !whole) {
    errno = whole ? errno : why;
    fail_on(path, "write");
  }
}

std::string make_directory()
{
  std::error_code ignored;
  auto base = std::filesystem::temp_directory_path(ignored);
  std::string path = (base / "riemann-cli-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    fail_on(path, "make");
  }
  return path;
}

/// Whoever else may write there could put certificates in place of ours.
void make_given_directory(const std::string& path)
{
  if (::mkdir(path.c_str(), S_IRWXU) == 0) {
    return;
  }
  if (errno != EEXIST) {
    fail_on(path, "make");
  }
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) {
    fail_on(path, "look at");
  }
  if (!S_ISDIR(about.st_mode) || about.st_uid != ::geteuid() ||
      (about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw failure{exit_code::other, "'" + path + "' is not a directory that is yours alone to " +
                                        "write in; give another with --tls-dir"};
  }
}

/// Localhost, this machine's name, and the address that is listened on.
testkit::certificate_options servers_certificate(const serve_settings& settings)
{
  testkit::certificate_options certificate;
  certificate.common_name = "riemann-cli serve";
  certificate.not_after = std::chrono::hours{24 * 30};
  boost::system::error_code error;
  const auto name = boost::asio::ip::host_name(error);
  if (!error && !name.empty()) {
    certificate.names.push_back(name);
  }
  const auto address = boost::asio::ip::make_address(settings.address, error);
  if (!error && !address.is_unspecified() && !address.is_loopback()) {
    certificate.addresses.push_back(address.to_string());
  }
  return certificate;
}

} // namespace

serve_credentials::serve_credentials(const serve_settings& settings)
{
  const serve_tls_settings& tls = *settings.tls;
  options_.port = tls.port;
  try {
    if (!tls.client_ca_certs.empty()) {
      const auto authorities = net::read_pem("ca_certs", tls.client_ca_certs);
      boost::asio::ssl::context trial{boost::asio::ssl::context::tls_server};
      net::trust(trial, authorities);
      options_.client_ca_pem = authorities.text;
    }
    if (!tls.certfile.empty()) {
      read(tls);
      return;
    }
  } catch (const net::credential_error& error) {
    throw explain_credentials(error.what());
  }
  try {
    make(settings);
  } catch (...) {
    remove();
    throw;
  }
}

serve_credentials::~serve_credentials()
{
  remove();
}

void serve_credentials::read(const serve_tls_settings& settings)
{
  const auto certificate = net::read_pem("certificate_file", settings.certfile);
  const auto key =
      settings.keyfile.empty() ? certificate : net::read_pem("key_file", settings.keyfile);
  if (settings.key_password) {
    options_.key_password = [password = *settings.key_password] { return password; };
  }
  // Here the files are known by their names.
  boost::asio::ssl::context trial{boost::asio::ssl::context::tls_server};
  net::use_certificate(trial, certificate, key, options_.key_password);
  options_.certificate_pem = certificate.text;
  options_.key_pem = key.text;
}

void serve_credentials::make(const serve_settings& settings)
{
  const testkit::certificate_authority authority{"riemann-cli throw-away authority"};
  auto certificate = servers_certificate(settings);
  const auto server = authority.issue(certificate);
  // It is nobody's server.
  certificate.common_name = "riemann-cli client";
  certificate.names = {"client.invalid"};
  certificate.addresses.clear();
  const auto client = authority.issue(certificate);
  options_.certificate_pem = server.certificate_pem;
  options_.key_pem = server.key_pem;
  if (settings.tls->mutual) {
    options_.client_ca_pem = authority.certificate_pem();
  }
  directory_ = settings.tls->directory;
  if (directory_.empty()) {
    directory_ = make_directory();
    removes_directory_ = true;
  } else {
    make_given_directory(directory_);
  }
  const std::array texts{authority.certificate_pem(), server.certificate_pem, server.key_pem,
                         client.certificate_pem, client.key_pem};
  for (std::size_t i = 0; i != texts.size(); ++i) {
    write_file((std::filesystem::path{directory_} / file_names[i]).string(), texts[i]);
  }
}

void serve_credentials::remove() noexcept
{
  if (removes_directory_) {
    for (const char* name : file_names) {
      ::unlink((directory_ + '/' + name).c_str());
    }
    ::rmdir(directory_.c_str());
  }
}

} // namespace riemann::cli
