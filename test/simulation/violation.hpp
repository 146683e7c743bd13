#ifndef RIEMANN_SIMULATION_VIOLATION_HPP
#define RIEMANN_SIMULATION_VIOLATION_HPP

#include <stdexcept>

namespace riemann::simulation {

/// An invariant did not hold.
class violation : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, const char* what)
{
  if (!holds) {
    throw violation{what};
  }
}

} // namespace riemann::simulation

#endif
