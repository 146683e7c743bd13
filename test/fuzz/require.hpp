#ifndef RIEMANN_FUZZ_REQUIRE_HPP
#define RIEMANN_FUZZ_REQUIRE_HPP

#include <stdexcept>
#include <string>

namespace riemann::fuzz {

/// Something that must not be is. Nothing catches it in a fuzzer, which is how that
/// learns of it; where corpora are replayed it fails the case.
class violation : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* otherwise)
{
  if (!holds) {
    throw violation{otherwise};
  }
}
inline void require(bool holds, const std::string& otherwise)
{
  require(holds, otherwise.c_str());
}

} // namespace riemann::fuzz

#endif
