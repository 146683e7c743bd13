#ifndef RIEMANN_NET_TLS_CONTEXT_HPP
#define RIEMANN_NET_TLS_CONTEXT_HPP

#include <riemann/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace riemann::inline v0::net {

/// The user's own context, or one made of the options, whose files are read. Throws
/// `credential_error`.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context>
make_tls_context(const tls_options& options);

} // namespace riemann::inline v0::net

#endif
