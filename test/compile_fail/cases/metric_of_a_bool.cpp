// refused: no match|no matching|could not convert|cannot convert|conversion
#include <riemann/event.hpp>

void f()
{
  riemann::event e{.metric = 1};
#ifdef MISTAKE
  e.metric = riemann::metric{true};
#endif
}
