// refused: constraints not satisfied|answers_queries
#include <riemann/client.hpp>
#include <riemann/udp_transport.hpp>

void f(riemann::client<riemann::udp_transport&> client)
{
  client.async_send({.service = "x"});
#ifdef MISTAKE
  client.async_query("true");
#endif
}
