#ifndef RIEMANN_TEST_INTEGRATION_TESTKIT_TLS_FIXTURE_HPP
#define RIEMANN_TEST_INTEGRATION_TESTKIT_TLS_FIXTURE_HPP

#include "testkit_fixture.hpp"

#include <riemann/testkit/certificate.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <openssl/ssl.h>
#include <optional>
#include <string>

namespace riemann::inline v0::testkit::test {

struct frees_session {
  void operator()(SSL_SESSION* s) const noexcept { ::SSL_SESSION_free(s); }
};
using session_handle = std::unique_ptr<SSL_SESSION, frees_session>;

struct tls_client_options {
  std::string trusted{}; ///< PEM
  std::optional<identity> shown{};
  tls_version version = tls_version::tls_1_3;
  SSL_SESSION* resumes = nullptr;
  std::string ciphers{};
};

/// For what has to be there before a client's stream.
struct tls_client_context : client_context {
  explicit tls_client_context(const tls_client_options& o)
  {
    namespace ssl = boost::asio::ssl;
    const auto version = o.version == tls_version::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
    ::SSL_CTX_set_min_proto_version(tls.native_handle(), version);
    ::SSL_CTX_set_max_proto_version(tls.native_handle(), version);
    if (!o.ciphers.empty()) {
      ::SSL_CTX_set_cipher_list(tls.native_handle(), o.ciphers.c_str());
    }
    tls.set_verify_mode(ssl::verify_peer);
    tls.set_verify_callback(ssl::host_name_verification{"127.0.0.1"});
    tls.add_certificate_authority(boost::asio::buffer(o.trusted));
    if (o.shown) {
      tls.use_certificate_chain(boost::asio::buffer(o.shown->certificate_pem));
      tls.use_private_key(boost::asio::buffer(o.shown->key_pem), ssl::context::pem);
    }
  }

  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
};

/// A blocking TLS stream that speaks frames. It does not shake hands by itself.
class tls_client : private tls_client_context,
                   public frame_client<boost::asio::ssl::stream<boost::asio::ip::tcp::socket>> {
public:
  tls_client(const boost::asio::ip::tcp::endpoint& to, const tls_client_options& o)
      : tls_client_context{o}, frame_client{context, tls}
  {
    socket().connect(to);
    socket().set_option(boost::asio::ip::tcp::no_delay{true});
    if (o.resumes != nullptr) {
      ::SSL_set_session(handle(), o.resumes);
    }
  }

  boost::asio::ip::tcp::socket& socket() noexcept { return stream().next_layer(); }
  SSL* handle() noexcept { return stream().native_handle(); }

  boost::system::error_code try_handshake()
  {
    boost::system::error_code ec;
    stream().handshake(boost::asio::ssl::stream_base::client, ec);
    return ec;
  }
  void handshake() { stream().handshake(boost::asio::ssl::stream_base::client); }

  /// Sends close_notify, and waits for the server's.
  boost::system::error_code shutdown()
  {
    boost::system::error_code ec;
    stream().shutdown(ec);
    return ec;
  }
  /// Reads the socket to its end, whatever comes: the server has then done, and
  /// counted, all that it does.
  void wait_for_end()
  {
    std::array<std::byte, 4096> data{};
    boost::system::error_code ec;
    while (!ec) {
      socket().read_some(boost::asio::buffer(data), ec);
    }
  }
};

} // namespace riemann::inline v0::testkit::test

#endif
