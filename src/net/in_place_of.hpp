#ifndef RIEMANN_NET_IN_PLACE_OF_HPP
#define RIEMANN_NET_IN_PLACE_OF_HPP

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>

#include <utility>

namespace riemann::inline v0::net {

/// What calls `step(handler, arguments...)`, where and with whose memory the handler
/// would be called: a step of an operation that is the handler's.
template <class Handler, class Step>
auto in_place_of(Handler handler, Step step)
{
  const auto executor = boost::asio::get_associated_executor(handler);
  const auto allocator = boost::asio::get_associated_allocator(handler);
  return boost::asio::bind_executor(
      executor, boost::asio::bind_allocator(
                    allocator, [handler = std::move(handler), step](auto... arguments) mutable {
                      step(handler, arguments...);
                    }));
}

} // namespace riemann::inline v0::net

#endif
