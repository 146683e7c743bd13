// refused: with_text is for tokens that throw
#include <riemann/tcp_transport.hpp>
#include <riemann/with_text.hpp>

#include <boost/asio/deferred.hpp>
#include <boost/asio/use_future.hpp>

void f(riemann::tcp_transport& transport)
{
  transport.async_send(riemann::message{}, riemann::with_text(boost::asio::use_future));
#ifdef MISTAKE
  transport.async_send(riemann::message{}, riemann::with_text(boost::asio::deferred));
#endif
}
