#ifndef RIEMANN_TLS_OPTIONS_HPP
#define RIEMANN_TLS_OPTIONS_HPP

#include <riemann/detail/export.hpp>
#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
} // namespace boost::asio::ssl

namespace riemann::inline v0 {

/// There are none below: what is older is broken.
enum class tls_version { tls_1_2, tls_1_3 };

/// Certificates and keys are PEM, in a file or in memory; files are read when the
/// transport is made, and by `tls_transport::reload()`.
struct RIEMANN_EXPORT tls_options {
  /// Longest file, in bytes.
  static constexpr std::size_t max_pem_size = std::size_t{16} << 20;
  /// How long a session is taken up again before the server's certificate is verified
  /// anew; no longer than that certificate is in force.
  static constexpr std::chrono::hours max_session_age{12};
  /// Longest name of a server, in bytes.
  static constexpr std::size_t max_name_size = 253;

  /// Name or address (IPv4 or IPv6, without brackets) of the server.
  std::string host = "localhost";
  /// 1 to 65535. Riemann's `tcp-server` with TLS listens on 5554 unless told otherwise.
  std::uint16_t port = 5554;
  /// Further servers, in the order they are tried when those before them cannot be
  /// reached or do not answer. The certificate of each must be for its own host, unless
  /// `server_name` is given.
  std::vector<server_address> fallbacks{};
  /// Deadlines and bounds of the connection.
  session_options session{};
  /// TCP_NODELAY: answers are waited for, so small writes must not be.
  bool no_delay = true;
  /// SO_KEEPALIVE.
  bool keep_alive = true;
  /// From the connection's opening to the end of the handshake, above zero.
  std::chrono::milliseconds handshake_timeout = std::chrono::seconds{5};

  // --- whom to trust: all that are given, or, if none is, what the system trusts

  /// File of certificates to trust: of authorities, intermediate ones too, or the
  /// server's own.
  std::string ca_certs{};
  /// Directory of such files, each named by its subject's hash (`openssl rehash`).
  std::string ca_directory{};
  /// The certificates themselves.
  std::string ca_certs_pem{};

  /// The name (sent as SNI) or address that the server's certificate must be for.
  /// Empty: its host.
  std::string server_name{};
  /// Also takes the name from the certificate's common name, if it has no
  /// alternative names of DNS: certificates so made are long out of use (RFC 9525).
  bool match_common_name = false;
  /// Takes whoever answers for the server: anybody on the way can read and change
  /// everything. For experiments.
  bool insecure_skip_verification = false;

  // --- who we are: a Riemann demands a client certificate

  /// File of our certificate, followed by the intermediate ones it rests on.
  std::string certificate_file{};
  /// The certificates themselves, in place of the file.
  std::string certificate_pem{};
  /// File of its private key (RSA, EC or Ed25519). Empty: in the certificate's file.
  std::string key_file{};
  /// The key itself, in place of the file.
  std::string key_pem{};
  /// Asked for the password, on the thread that makes or reloads the transport, if
  /// the key is encrypted.
  std::function<std::string()> key_password{};

  // --- how

  /// The oldest version that is offered.
  tls_version min_version = tls_version::tls_1_2;
  /// The newest version that is offered.
  tls_version max_version = tls_version::tls_1_3;
  /// For TLS 1.2, as OpenSSL's `ciphers` lists them; those without certificates or
  /// encryption are left out. `@SECLEVEL=N` in it holds for certificates too, with every
  /// version. Empty: OpenSSL's own.
  std::string ciphers{};
  /// For TLS 1.3, separated by colons. Empty: OpenSSL's own.
  std::string cipher_suites{};
  /// Takes up the last connection's session again: a shorter handshake, without
  /// certificates. For `max_session_age` at most.
  bool resume_sessions = true;

  /// A context made elsewhere, in place of all of the above that a context holds
  /// (trust, certificate, key, versions, ciphers), which must then be left alone. It
  /// is not changed, and may be shared. The server's certificate is verified against
  /// it, name included, even if its own mode says not to, but for
  /// `insecure_skip_verification`.
  std::shared_ptr<boost::asio::ssl::context> context{};

  /// Throws `std::invalid_argument`, naming the option and what it may be. Reads no
  /// file.
  void validate() const;
};

} // namespace riemann::inline v0

#endif
