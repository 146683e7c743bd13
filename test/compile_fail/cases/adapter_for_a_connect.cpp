// refused: constraints not satisfied|no matching|no type named
#include <riemann/as_result.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/use_future.hpp>

void f(riemann::tcp_transport& transport)
{
  transport.async_send(riemann::message{}, riemann::as_result(boost::asio::use_future));
#ifdef MISTAKE
  transport.async_connect(riemann::as_result(boost::asio::use_future));
#endif
}
