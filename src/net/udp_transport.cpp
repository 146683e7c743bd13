#include "net/make_shell.hpp"
#include "net/udp_kind.hpp"

#include <riemann/udp_transport.hpp>

#include <utility>

namespace riemann::inline v0 {

udp_transport::udp_transport(const executor_type& executor, udp_options options)
    : basic_transport{net::make_shell<net::udp_kind>(executor, std::move(options))}
{}

} // namespace riemann::inline v0
