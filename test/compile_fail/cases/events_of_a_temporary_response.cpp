// refused: deleted
#include <riemann/response.hpp>

riemann::response ask();

void f()
{
  const riemann::response answer = ask();
  for (riemann::event_view e : answer.events()) {
    static_cast<void>(e);
  }
#ifdef MISTAKE
  for (riemann::event_view e : ask().events()) {
    static_cast<void>(e);
  }
#endif
}
