#ifndef RIEMANN_CORE_RESERVE_MORE_HPP
#define RIEMANN_CORE_RESERVE_MORE_HPP

#include <algorithm>
#include <cstddef>

namespace riemann::inline v0::core {

/// So that adding `more` to the vector will need no memory. It grows geometrically, as by
/// `push_back`, and not by `reserve`: that moves all there is, each time it is asked.
template <class Vector>
void reserve_more(Vector& v, std::size_t more)
{
  const std::size_t needed = v.size() + more;
  if (needed > v.capacity()) {
    v.reserve(std::max(needed, 2 * v.capacity()));
  }
}

} // namespace riemann::inline v0::core

#endif
