#include "net/tls_setup.hpp"

#include "net/tls_context.hpp"
#include "net/tls_credentials.hpp"

#include <riemann/tls_error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <new>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <utility>

namespace riemann::inline v0::net {

namespace {

using boost::system::error_code;

/// The name as certificates have it: a zone or the root's point is not in them.
std::string name_to_verify(const tls_options& options, const std::string& host)
{
  std::string name = options.server_name.empty() ? host : options.server_name;
  if (name.size() > 1 && name.ends_with('.')) {
    name.pop_back();
  }
  return name;
}

/// An address as certificates have it; none if it is a name.
std::optional<std::string> address_in(const std::string& name)
{
  error_code not_one;
  auto address = boost::asio::ip::make_address(name, not_one);
  if (not_one) {
    return {};
  }
  if (address.is_v6()) {
    auto v6 = address.to_v6();
    v6.scope_id(0);
    address = v6;
  }
  return address.to_string();
}

/// Verified against the name, by OpenSSL, within the handshake.
bool ask_for(SSL* connection, const tls_options& options, const std::string& host)
{
  std::string name = name_to_verify(options, host);
  const auto address = address_in(name);
  X509_VERIFY_PARAM* const param = ::SSL_get0_param(connection);
  if (address) {
    return ::X509_VERIFY_PARAM_set1_ip_asc(param, address->c_str()) == 1;
  }
  ::X509_VERIFY_PARAM_set_hostflags(
      param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                 (options.match_common_name ? 0 : X509_CHECK_FLAG_NEVER_CHECK_SUBJECT));
  return ::X509_VERIFY_PARAM_set1_host(param, name.data(), name.size()) == 1 &&
         // The macro for it has a cast that the compiler is told to refuse.
         ::SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    name.data()) == 1;
}

/// OpenSSL asks for a certificate when the server does.
int note_request(SSL*, void* wanted) noexcept
{
  *static_cast<bool*>(wanted) = true;
  return 1;
}

bool has_certificate(const tls_options& options) noexcept
{
  // A context of the user's own may have other ways to come by one.
  return options.context || !options.certificate_file.empty() || !options.certificate_pem.empty();
}

/// No certificate, nothing verified. A context of the user's own may have a key that
/// both sides know in its place (PSK), but not nothing.
bool is_anonymous(SSL* connection, const tls_options& options) noexcept
{
  if (options.insecure_skip_verification) {
    return false;
  }
  if (options.context) {
    return ::SSL_CIPHER_get_auth_nid(::SSL_get_current_cipher(connection)) == NID_auth_null;
  }
  return ::SSL_get0_peer_certificate(connection) == nullptr ||
         ::SSL_get_verify_result(connection) != X509_V_OK;
}

/// The verdict on the server's certificate, if that is what the error is about.
error_code refine(SSL* connection, const error_code& error) noexcept
{
  const auto code = static_cast<unsigned int>(error.value());
  if (error.category() == boost::asio::error::get_ssl_category() &&
      ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    if (const auto verdict = ::SSL_get_verify_result(connection); verdict != X509_V_OK) {
      return {static_cast<int>(verdict), certificate_category()};
    }
  }
  return error;
}

} // namespace

tls_setup::tls_setup(const tls_options& options)
    : terms_{std::make_shared<tls_terms>(tls_terms{options, make_tls_context(options)})}
{}

void tls_setup::replace(const tls_options& fresh)
{
  const std::scoped_lock lock{replacing_};
  put_in_place(fresh);
}

void tls_setup::renew()
{
  const std::scoped_lock lock{replacing_};
  put_in_place(current()->options);
}

void tls_setup::put_in_place(const tls_options& fresh)
{
  const auto before = current();
  tls_options merged = fresh;
  merged.host = before->options.host;
  merged.port = before->options.port;
  merged.fallbacks = before->options.fallbacks;
  merged.session = before->options.session;
  merged.handshake_timeout = before->options.handshake_timeout;
  merged.validate();
  auto context = make_tls_context(merged);
  auto after = std::make_shared<tls_terms>(tls_terms{std::move(merged), std::move(context)});
  session_pointer old;
  const std::scoped_lock lock{mutex_};
  terms_ = std::move(after);
  old = std::move(session_);
}

tls_setup::terms_pointer tls_setup::current() const
{
  const std::scoped_lock lock{mutex_};
  return terms_;
}

error_code tls_setup::prepare(SSL* connection, const tls_terms& terms, const std::string& host,
                              bool& wanted)
{
  const tls_options& options = terms.options;
  ::ERR_clear_error();
  // Asio sets it: 34 KiB taken from the heap, and given back, with every record.
  ::SSL_clear_mode(connection, SSL_MODE_RELEASE_BUFFERS);
  if (!has_certificate(options)) {
    ::SSL_set_cert_cb(connection, &note_request, &wanted);
  }
  if (!ask_for(connection, options, host)) {
    return openssl_reason();
  }
  if (options.insecure_skip_verification) {
    ::SSL_set_verify(connection, SSL_VERIFY_NONE, nullptr);
  } else {
    ::SSL_set_verify(connection, ::SSL_get_verify_mode(connection) | SSL_VERIFY_PEER,
                     ::SSL_get_verify_callback(connection));
  }
  if (const auto session = take_session(terms, host)) {
    ::SSL_set_session(connection, session.get());
  }
  return {};
}

/// A session spares its connection the verification, so it must not outlive what was
/// verified.
tls_setup::session_pointer tls_setup::take_session(const tls_terms& terms, const std::string& host)
{
  const std::scoped_lock lock{mutex_};
  auto session = std::move(session_);
  if (!session || &terms != terms_.get() || session_host_ != host ||
      clock::now() - verified_at_ > tls_options::max_session_age) {
    return {};
  }
  X509* const certificate = ::SSL_SESSION_get0_peer(session.get());
  const bool in_force =
      certificate != nullptr && ::X509_cmp_current_time(::X509_get0_notAfter(certificate)) > 0;
  return in_force || terms.options.insecure_skip_verification ? std::move(session)
                                                              : session_pointer{};
}

void tls_setup::established(SSL* connection)
{
  tls_connection agreed{::SSL_get_version(connection), ::SSL_get_cipher_name(connection),
                        ::SSL_session_reused(connection) != 0};
  const std::scoped_lock lock{mutex_};
  if (!agreed.resumed) {
    verified_at_ = clock::now();
  }
  connection_ = std::move(agreed);
}

void tls_setup::ended(SSL* connection, const terms_pointer& terms, const std::string& host) noexcept
{
  session_pointer kept;
  const session_pointer last{::SSL_get1_session(connection)};
  if (last && ::SSL_SESSION_is_resumable(last.get()) != 0) {
    // A copy: OpenSSL spoils the session of a connection that was cut off.
    kept.reset(::SSL_SESSION_dup(last.get()));
  }
  const std::scoped_lock lock{mutex_};
  connection_.reset();
  if (terms->options.resume_sessions && terms == terms_ && kept) {
    try {
      session_host_ = host;
      session_ = std::move(kept);
    } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): then it is not taken up again
      session_.reset();
    }
  }
}

std::optional<tls_connection> tls_setup::connection() const
{
  const std::scoped_lock lock{mutex_};
  return connection_;
}

tls_judgement judge(SSL* connection, const error_code& error, const tls_terms& terms,
                    const std::string& host, bool wanted)
{
  if (!error) {
    // A cipher without certificates is a way round all that is verified.
    return is_anonymous(connection, terms.options)
               ? tls_judgement{{X509_V_ERR_UNSPECIFIED, certificate_category()},
                               " (the server has shown no certificate)"}
               : tls_judgement{};
  }
  const error_code refined = refine(connection, error);
  if (refined == tls_error::wrong_name) {
    return {refined, " (it should be for " + name_to_verify(terms.options, host) + ')'};
  }
  if (wanted && (refined == tls_error::refused || // OpenSSL's, and Java's way to say it
                 refined == tls_error::client_certificate_refused)) {
    return {refined, " (the server asks for a client certificate, and there is none)"};
  }
  if (refined == tls_error::truncated || refined == boost::asio::error::eof ||
      refined == boost::asio::error::connection_reset) {
    return {refined, " (the server closed the connection)"};
  }
  return {refined, {}};
}

bool frees_buffers_safely(unsigned long version) noexcept
{
  // 0xMNN00PP0: OpenSSL_version_num(3).
  constexpr unsigned long branch_bits = 20;
  constexpr unsigned long patch_bits = 4;
  const unsigned long branch = version >> branch_bits;
  const unsigned long patch = version >> patch_bits & 0xffU;
  switch (branch) {
  case 0x300:
    return patch >= 14;
  case 0x301:
    return patch >= 6;
  case 0x302:
    return patch >= 2;
  case 0x303:
    return patch >= 1;
  default:
    return branch > 0x303;
  }
}

void give_back_buffers(SSL* connection) noexcept
{
  static const bool safely = frees_buffers_safely(::OpenSSL_version_num());
  if (safely) {
    ::SSL_free_buffers(connection);
  }
}

} // namespace riemann::inline v0::net
