// refused: deleted
// only: RIEMANN_REFUSES_TEMPORARY_EVENTS
#include <riemann/message.hpp>

riemann::message f()
{
  const riemann::event kept{.service = "x"};
#ifdef MISTAKE
  return riemann::message{riemann::event{.service = "x"}};
#else
  return riemann::message{kept};
#endif
}
