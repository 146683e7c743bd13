#ifndef RIEMANN_NET_MAKE_SHELL_HPP
#define RIEMANN_NET_MAKE_SHELL_HPP

#include "net/connector.hpp"
#include "net/session_shell.hpp"
#include "net/session_shell_actions.hpp"
#include "net/session_shell_steps.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace riemann::inline v0::net {

/// A session shell over sockets of this kind, on the concrete executor where it is
/// an `io_context`'s: a strand over an erased one takes memory on every hop
/// (Boost 1.81).
template <class Kind>
std::shared_ptr<detail::implementation> make_shell(const boost::asio::any_io_executor& executor,
                                                   const typename Kind::options_type& options)
{
  options.validate();
  const auto make = [&](const auto& on) -> std::shared_ptr<detail::implementation> {
    using executor_type = std::decay_t<decltype(on)>;
    return std::make_shared<session_shell<Kind, executor_type>>(executor, on, options);
  };
  if (const auto* concrete = executor.target<boost::asio::io_context::executor_type>()) {
    return make(*concrete);
  }
  return make(executor);
}

} // namespace riemann::inline v0::net

#endif
