#include "cli/failure.hpp"
#include "cli/make_transport.hpp"

#include <riemann/testkit/certificate.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

using namespace riemann::cli;

namespace {

/// A client's certificate and its encrypted key, in files that go with it.
struct client_files {
  client_files()
  {
    std::string name = (std::filesystem::temp_directory_path() / "riemann-test-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory = name;
    const auto who = riemann::testkit::make_self_signed();
    settings.transport = transport_kind::tls;
    settings.tls.certfile = directory / "client.pem";
    settings.tls.keyfile = directory / "client.key";
    std::ofstream{settings.tls.certfile} << who.certificate_pem;
    std::ofstream{settings.tls.keyfile} << who.encrypted_key_pem("a secret");
  }
  client_files(const client_files&) = delete;
  client_files& operator=(const client_files&) = delete;
  ~client_files()
  {
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }

  /// What making a transport complains of, or nothing.
  std::string complaint()
  {
    try {
      make_transport(context.get_executor(), settings);
    } catch (const failure& error) {
      BOOST_TEST((error.code() == exit_code::usage));
      return error.what();
    }
    return {};
  }

  boost::asio::io_context context{};
  std::filesystem::path directory{};
  server_settings settings{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cli_make_transport, client_files)

BOOST_AUTO_TEST_CASE(key_when_encrypted_then_its_password_opens_it)
{
  settings.tls.key_password = "a secret";
  BOOST_TEST(complaint().empty());
}

BOOST_AUTO_TEST_CASE(key_when_its_password_is_missing_or_wrong_then_file_and_variable_are_named)
{
  const std::string key = "--keyfile \"" + settings.tls.keyfile + '"';
  BOOST_TEST(complaint().starts_with(key + " is encrypted, and there is no RIEMANN_KEY_PASSWORD"));
  settings.tls.key_password = "wrong";
  BOOST_TEST(complaint().starts_with(key + " cannot be decrypted with RIEMANN_KEY_PASSWORD"));
}

BOOST_AUTO_TEST_SUITE_END()
