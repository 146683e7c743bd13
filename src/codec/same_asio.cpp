#include <riemann/detail/export.hpp>

// NOLINTBEGIN(bugprone-macro-parentheses): it is a name
#define RIEMANN_COMPILED(how)                                                                      \
  RIEMANN_EXPORT extern const char how;                                                            \
  const char how = 0;
// NOLINTEND(bugprone-macro-parentheses)

#include <riemann/detail/same_asio.hpp>
