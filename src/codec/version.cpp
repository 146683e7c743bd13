#include <riemann/version.hpp>

namespace riemann::inline v0 {

library_version linked_version() noexcept
{
  return version;
}

} // namespace riemann::inline v0
