#ifndef RIEMANN_NET_TLS_SETUP_HPP
#define RIEMANN_NET_TLS_SETUP_HPP

#include <riemann/tls_options.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <openssl/ssl.h>
#include <optional>
#include <string>
#include <vector>

namespace riemann::inline v0::net {

/// Bytes of content in a record of TLS, at most.
inline constexpr std::size_t max_tls_record = std::size_t{16} << 10;

/// What connections are made by until it is replaced, as a whole.
struct tls_terms {
  tls_options options;
  std::shared_ptr<boost::asio::ssl::context> context;
};

/**
 * All that a transport's TLS connections have in common: the terms, which may be
 * replaced, and the session to take up again.
 *
 * Any thread may call it; what it does to a connection's `SSL` object, on its strand.
 */
class tls_setup {
public:
  /// Throws `credential_error`.
  explicit tls_setup(const tls_options& options);
  tls_setup(const tls_setup&) = delete;
  tls_setup& operator=(const tls_setup&) = delete;

  using terms_pointer = std::shared_ptr<const tls_terms>;

  /// For connections made from now on. Throws as `validate()` and the constructor
  /// do, and has then changed nothing.
  void replace(const tls_options& fresh);
  /// The same, from what was given last.
  void renew();
  [[nodiscard]] terms_pointer current() const;

  /// Before the handshake: says what is asked of the server. `wanted` is set if that
  /// asks for a certificate that there is none of, and must live as long.
  [[nodiscard]] boost::system::error_code prepare(SSL* connection, const tls_terms& terms,
                                                  const std::string& host, bool& wanted);
  /// The connection is in use.
  void established(SSL* connection);
  /// It is of no more use, but its session may be.
  void ended(SSL* connection, const terms_pointer& terms, const std::string& host) noexcept;

  /// What the open connection uses.
  [[nodiscard]] std::optional<tls_connection> connection() const;

private:
  using clock = std::chrono::steady_clock;

  struct frees_session {
    void operator()(SSL_SESSION* s) const noexcept { ::SSL_SESSION_free(s); }
  };
  using session_pointer = std::unique_ptr<SSL_SESSION, frees_session>;

  void put_in_place(const tls_options& fresh);
  [[nodiscard]] session_pointer take_session(const tls_terms& terms, const std::string& host);

  mutable std::mutex mutex_{};
  std::mutex replacing_{}; ///< held while files are read
  terms_pointer terms_;
  session_pointer session_{};
  std::string session_host_{};      ///< that it was agreed on with
  clock::time_point verified_at_{}; ///< the server's certificate, for that session
  std::optional<tls_connection> connection_{};
};

/// How a handshake has ended.
struct tls_judgement {
  boost::system::error_code error;
  std::string hint; ///< in words, what the error alone does not say
};

/// What a handshake's end means: a bad certificate is told by its own code.
[[nodiscard]] tls_judgement judge(SSL* connection, const boost::system::error_code& error,
                                  const tls_terms& terms, const std::string& host, bool wanted);

/// Whether an OpenSSL of that version (`OpenSSL_version_num()`) frees buffers only while
/// nothing is in them: before its mend (CVE-2024-4741), not when it has read the first
/// bytes of a record and waits for the others.
[[nodiscard]] bool frees_buffers_safely(unsigned long version) noexcept;

/// Frees a connection's buffers, unless something is in them, if this OpenSSL can tell.
void give_back_buffers(SSL* connection) noexcept;

/// What a session shell has to know of the options, and what was made of the others.
struct tls_settings {
  std::string host{};
  std::uint16_t port = 0;
  std::vector<server_address> fallbacks{};
  session_options session{};
  bool no_delay = true;
  bool keep_alive = true;
  std::chrono::milliseconds handshake_timeout{};
  std::shared_ptr<tls_setup> setup{};

  void validate() const {} ///< done, or there were no setup
};

} // namespace riemann::inline v0::net

#endif
