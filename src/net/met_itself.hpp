#ifndef RIEMANN_NET_MET_ITSELF_HPP
#define RIEMANN_NET_MET_ITSELF_HPP

#include <boost/system/error_code.hpp>

namespace riemann::inline v0::net {

/// Both ends of the connection are this socket: where nobody listens on a port that the
/// kernel gives to clients, it may give just that one, and TCP's simultaneous open
/// succeeds. What is written then comes back as its own answer.
template <class Socket>
[[nodiscard]] bool met_itself(const Socket& connected)
{
  boost::system::error_code none;
  const auto local = connected.local_endpoint(none);
  if (none) {
    return false;
  }
  const auto remote = connected.remote_endpoint(none);
  return !none && local == remote;
}

} // namespace riemann::inline v0::net

#endif
