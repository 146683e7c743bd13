#ifndef RIEMANN_TESTKIT_TLS_MANNER_HPP
#define RIEMANN_TESTKIT_TLS_MANNER_HPP

#include "testkit/tls_wire.hpp"

#include <riemann/testkit/server.hpp>

namespace riemann::inline v0::testkit::detail {

/// Throws `boost::system::system_error` for what cannot be used.
[[nodiscard]] tls_manner make_manner(const server_tls_options& options);

} // namespace riemann::inline v0::testkit::detail

#endif
