// refused: ambiguous
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

void f(riemann::client<riemann::tcp_transport&> client)
{
  client.async_send({.service = "x"});
#ifdef MISTAKE
  client.async_send({});
#endif
}
