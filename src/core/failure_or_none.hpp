#ifndef RIEMANN_CORE_FAILURE_OR_NONE_HPP
#define RIEMANN_CORE_FAILURE_OR_NONE_HPP

#include <riemann/response.hpp>

namespace riemann::inline v0::core {

/// A reason in words, which `words()` makes; without them where there is no memory for it:
/// whoever is in the middle of ending something is to get through.
template <class Words>
[[nodiscard]] response failure_or_none(Words words) noexcept
{
  try {
    return response::failure(words());
  } catch (...) {
    return {};
  }
}

} // namespace riemann::inline v0::core

#endif
