#ifndef RIEMANN_TEST_INTEGRATION_TLS_FIXTURE_HPP
#define RIEMANN_TEST_INTEGRATION_TLS_FIXTURE_HPP

#include "tcp_fixture.hpp"

#include <riemann/testkit/certificate.hpp>
#include <riemann/tls_error.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace riemann::test {

/// What most TLS tests show each other, made once a run.
struct credentials {
  testkit::certificate_authority authority{};
  testkit::identity server = authority.issue();
  testkit::identity client = authority.issue({.common_name = "a client"});
  testkit::certificate_authority stranger{"somebody else"};
};

inline const credentials& usual()
{
  static const credentials made;
  return made;
}

/// As a real Riemann: it demands a client certificate of its authority.
inline testkit::server_tls_options mutual_tls()
{
  testkit::server_tls_options tls;
  tls.certificate_pem = usual().server.certificate_pem;
  tls.key_pem = usual().server.key_pem;
  tls.client_ca_pem = usual().authority.certificate_pem();
  return tls;
}

inline testkit::server_options with_tls(testkit::server_tls_options tls)
{
  testkit::server_options options;
  options.tls = std::move(tls);
  return options;
}

inline tls_options tls_options_for(const asio::ip::tcp::endpoint& to)
{
  tls_options options;
  options.host = to.address().to_string();
  options.port = to.port();
  options.session.max_connect_tries = 1;
  options.ca_certs_pem = usual().authority.certificate_pem();
  options.certificate_pem = usual().client.certificate_pem;
  options.key_pem = usual().client.key_pem;
  return options;
}

inline void only(tls_options& options, tls_version version)
{
  options.min_version = options.max_version = version;
}

inline constexpr tls_version every_version[] = {tls_version::tls_1_2, tls_version::tls_1_3};

inline const char* name_of(tls_version version)
{
  return version == tls_version::tls_1_2 ? "TLSv1.2" : "TLSv1.3";
}

/// A server with TLS, and transports to it.
struct with_tls_server : with_context {
  explicit with_tls_server(testkit::server_tls_options tls = mutual_tls())
      : server{with_tls(std::move(tls))}
  {}

  [[nodiscard]] tls_options options() { return tls_options_for(server->tls_endpoint()); }
  void wait_for(result& r)
  {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(r.calls == 1);
  }
  /// One message; its result.
  result send(tls_transport& transport, message m = one_event())
  {
    result sent;
    transport.async_send(std::move(m), record{sent});
    wait_for(sent);
    return sent;
  }
  result connect(tls_transport& transport)
  {
    result connected;
    transport.async_connect(record{connected});
    wait_for(connected);
    return connected;
  }
  /// At once, so that the message waits for the connection.
  std::pair<result, result> connect_and_send(tls_transport& transport)
  {
    std::pair<result, result> both;
    transport.async_connect(record{both.first});
    transport.async_send(one_event(), record{both.second});
    wait_for(both.first);
    wait_for(both.second);
    return both;
  }
  result disconnect(tls_transport& transport)
  {
    result ended;
    transport.async_disconnect(patience, record{ended});
    wait_for(ended);
    return ended;
  }

  running_server server;
};

/// The connection of a script, with TLS on it; blocking.
class tls_peer {
public:
  using stream_type = asio::ssl::stream<asio::ip::tcp::socket&>;

  /// Shakes hands with the client, as the usual server.
  explicit tls_peer(scripted_peer::connection& c) : stream_{c.socket(), make_context()}
  {
    stream_.handshake(asio::ssl::stream_base::server);
  }

  stream_type& stream() noexcept { return stream_; }

  std::string read_frame()
  {
    std::string header(4, '\0');
    asio::read(stream_, asio::buffer(header));
    std::size_t length = 0;
    for (const char c : header) {
      length = length << 8 | static_cast<unsigned char>(c);
    }
    std::string body(length, '\0');
    asio::read(stream_, asio::buffer(body));
    return body;
  }
  void ack() { asio::write(stream_, asio::buffer("\0\0\0\2\x10\x01", 6)); }
  /// Until the client's side ends; how it did.
  error_code read_to_end()
  {
    std::string data(4096, '\0');
    error_code error;
    while (!error) {
      stream_.read_some(asio::buffer(data), error);
    }
    return error;
  }

private:
  static asio::ssl::context& make_context()
  {
    thread_local asio::ssl::context context = [] {
      asio::ssl::context made{asio::ssl::context::tls_server};
      made.use_certificate_chain(asio::buffer(usual().server.certificate_pem));
      made.use_private_key(asio::buffer(usual().server.key_pem), asio::ssl::context::pem);
      return made;
    }();
    return context;
  }

  stream_type stream_;
};

/// A transport to a peer that plays the given scripts.
struct with_tls_peer : with_context {
  void play(std::vector<scripted_peer::script> scripts,
            const std::function<void(tls_options&)>& change = {})
  {
    peer.emplace(std::move(scripts));
    auto options = tls_options_for(peer->endpoint());
    if (change) {
      change(options);
    }
    transport.emplace(context, options);
  }
  void wait_for(result& r)
  {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(r.calls == 1);
  }

  std::optional<scripted_peer> peer{};
  std::optional<tls_transport> transport{};
};

/// A directory that goes with the test.
class scratch_directory {
public:
  scratch_directory()
  {
    std::string name = (std::filesystem::temp_directory_path() / "riemann-test-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory()
  {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string operator/(const std::string& name) const
  {
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  /// Its path.
  std::string write(const std::string& name, const std::string& content) const
  {
    std::ofstream{path_ / name} << content;
    return *this / name;
  }

private:
  std::filesystem::path path_{};
};

} // namespace riemann::test

#endif
