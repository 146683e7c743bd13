#ifndef RIEMANN_DETAIL_SOCKET_IMPLEMENTATION_HPP
#define RIEMANN_DETAIL_SOCKET_IMPLEMENTATION_HPP

#include <riemann/connection_change.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/implementation.hpp>

#include <boost/system/result.hpp>

namespace riemann::inline v0::detail {

/// What stands behind a transport over sockets.
template <class Protocol>
class RIEMANN_EXPORT socket_implementation : public implementation {
public:
  /// The peer's address while a connection is open, else
  /// `asio::error::not_connected`.
  [[nodiscard]] virtual boost::system::result<typename Protocol::endpoint> address() const = 0;
  [[nodiscard]] virtual boost::system::result<typename Protocol::socket::native_handle_type>
  native_socket() const = 0;
  /// In place of the one before; none: nobody observes any more.
  virtual void observe(connection_observer observer) = 0;
};

} // namespace riemann::inline v0::detail

#endif
