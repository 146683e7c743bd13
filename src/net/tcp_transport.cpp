#include "net/make_shell.hpp"
#include "net/tcp_kind.hpp"

#include <riemann/tcp_transport.hpp>

#include <utility>

namespace riemann::inline v0 {

tcp_transport::tcp_transport(const executor_type& executor, tcp_options options)
    : basic_transport{net::make_shell<net::tcp_kind>(executor, std::move(options))}
{}

} // namespace riemann::inline v0
