// refused: constraints not satisfied|no matching
#include <riemann/tcp_transport.hpp>

void f(riemann::tcp_transport& transport)
{
  transport.async_send(riemann::message{},
                       [](boost::system::error_code, const riemann::response&) {});
#ifdef MISTAKE
  transport.async_send(riemann::message{}, [](int, int, int) {});
#endif
}
