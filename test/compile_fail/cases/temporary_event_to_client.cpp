// refused: deleted
// only: RIEMANN_REFUSES_TEMPORARY_EVENTS
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

void f(riemann::client<riemann::tcp_transport&> client)
{
  const riemann::event kept{.service = "x"};
  client.async_send(kept);
#ifdef MISTAKE
  client.async_send(riemann::event{.service = "x"});
#endif
}
