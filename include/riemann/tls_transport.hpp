#ifndef RIEMANN_TLS_TRANSPORT_HPP
#define RIEMANN_TLS_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/connection_change.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/socket_implementation.hpp>
#include <riemann/failure.hpp>
#include <riemann/tls_error.hpp>
#include <riemann/tls_options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace riemann::inline v0 {

namespace net {
class tls_setup;
} // namespace net

/// What was agreed on for a connection.
struct RIEMANN_EXPORT tls_connection {
  std::string version{}; ///< OpenSSL's name for it: "TLSv1.3"
  std::string cipher{};  ///< "TLS_AES_256_GCM_SHA384", for one
  bool resumed = false;  ///< it took up an earlier session
};

/**
 * One connection to a Riemann server over TLS, in all else as `tcp_transport`.
 *
 * The server must show a certificate that is trusted, in force, and for its name.
 * Over TLS 1.3 a server that refuses our certificate says so only after the
 * handshake: `async_connect` then succeeds, what was written ends as
 * `errc::tls_failed`, and what is queued as `errc::handshake_failed`.
 *
 * A failed write may have given its last bytes to the connection or not, up to 16 KiB:
 * messages in them end `unknown`.
 */
class RIEMANN_EXPORT tls_transport final : public basic_transport {
public:
  /// Its answers carry events: a client over it can query.
  static constexpr bool answers_queries = true;

  /// Opens nothing yet, but reads the files. Throws `std::invalid_argument` for
  /// invalid options, and `boost::system::system_error` for certificates, keys and
  /// ciphers that cannot be used, naming the option, the file, and the reason.
  explicit tls_transport(const executor_type& executor, tls_options options = {});
  /// On the context's executor.
  template <class Context>
    requires std::convertible_to<Context&, boost::asio::execution_context&>
  explicit tls_transport(Context& context, tls_options options = {})
      : tls_transport{executor_type{context.get_executor()}, std::move(options)}
  {}

  /// The peer's address, or `asio::error::not_connected`. Any thread may call it.
  [[nodiscard]] boost::system::result<boost::asio::ip::tcp::endpoint> address() const
  {
    return sockets().address();
  }

  /// The open socket's handle, for options of its own, or
  /// `asio::error::not_connected`. The transport may close it at any time when
  /// other threads run it; do not read, write or close it.
  [[nodiscard]] boost::system::result<boost::asio::ip::tcp::socket::native_handle_type>
  socket() const
  {
    return sockets().native_socket();
  }

  /// What the open connection uses, or `asio::error::not_connected`. Any thread may
  /// call it.
  [[nodiscard]] boost::system::result<tls_connection> connection() const;

  /// Reads the files anew, for the connections to come; the open one goes on as it
  /// is. If anything is wrong with them, says what, and changes nothing. Any thread
  /// may call it.
  [[nodiscard]] boost::system::result<void, failure> reload();
  /// ...with other certificates and keys: `fresh` takes the place of what was given, as a
  /// whole, `server_name` and `insecure_skip_verification` included, but for the host,
  /// the port, `fallbacks`, the session's options, `handshake_timeout`, `no_delay` and
  /// `keep_alive`, which stay as they were.
  [[nodiscard]] boost::system::result<void, failure> reload(const tls_options& fresh);

  /// As `tcp_transport::observe`.
  void observe(connection_observer observer) { sockets().observe(std::move(observer)); }

private:
  using sockets_type = detail::socket_implementation<boost::asio::ip::tcp>;

  tls_transport(const executor_type& executor, const tls_options& options,
                std::shared_ptr<net::tls_setup> setup);

  [[nodiscard]] sockets_type& sockets() const noexcept
  {
    return static_cast<sockets_type&>(implementation());
  }

  std::shared_ptr<net::tls_setup> setup_;
};

} // namespace riemann::inline v0

#endif
