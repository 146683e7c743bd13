#include "net/session_shell.hpp"
#include "net/tcp_connector.hpp"

#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <utility>

namespace riemann {

namespace {

template <class Executor>
std::shared_ptr<detail::implementation> make_shell(const boost::asio::any_io_executor& own,
                                                   const Executor& executor,
                                                   const tcp_options& options)
{
  using shell = net::session_shell<net::tcp_connector<Executor>>;
  return std::make_shared<shell>(own, executor, options);
}

/// On the concrete executor where it is an `io_context`'s: a strand over an
/// erased one takes memory on every hop (Boost 1.81).
std::shared_ptr<detail::implementation>
make_implementation(const boost::asio::any_io_executor& executor, const tcp_options& options)
{
  options.validate();
  if (const auto* concrete = executor.target<boost::asio::io_context::executor_type>()) {
    return make_shell(executor, *concrete, options);
  }
  return make_shell(executor, executor, options);
}

} // namespace

tcp_transport::tcp_transport(const executor_type& executor, tcp_options options)
    : basic_transport{make_implementation(executor, options)}
{}

} // namespace riemann
