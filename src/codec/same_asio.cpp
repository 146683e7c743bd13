#include <riemann/detail/export.hpp>

#define RIEMANN_COMPILED(how)                                                                      \
  RIEMANN_EXPORT extern const char how;                                                            \
  const char how = 0;

#include <riemann/detail/same_asio.hpp>
