#ifndef RIEMANN_VERSION_HPP
#define RIEMANN_VERSION_HPP

#include <riemann/detail/export.hpp>

#include <compare>

// Of these headers. (A test sees that meson.build says the same.)
#define RIEMANN_ASIO_VERSION_MAJOR 0
#define RIEMANN_ASIO_VERSION_MINOR 1
#define RIEMANN_ASIO_VERSION_PATCH 0
#define RIEMANN_ASIO_VERSION_STRING "0.1.0"

/// For comparing: 10,000 a major version, 100 a minor one, 1 a patch.
#define RIEMANN_ASIO_VERSION                                                                       \
  (RIEMANN_ASIO_VERSION_MAJOR * 10000 + RIEMANN_ASIO_VERSION_MINOR * 100 +                         \
   RIEMANN_ASIO_VERSION_PATCH)

namespace riemann::inline v0 {

/// A version of this library, by [semantic versioning](https://semver.org): until 1.0
/// another minor version may break what was built against this one.
struct library_version {
  /// Raised when something that compiled does not, or does something else.
  int major_number = 0;
  /// Raised when something is new.
  int minor_number = 0;
  /// Raised when something was wrong.
  int patch_number = 0;

  /// Number by number.
  friend constexpr bool operator==(const library_version&, const library_version&) = default;
  /// The first number that differs decides.
  friend constexpr auto operator<=>(const library_version&, const library_version&) = default;
};

/// That of the headers a program is compiled with.
inline constexpr library_version version{RIEMANN_ASIO_VERSION_MAJOR, RIEMANN_ASIO_VERSION_MINOR,
                                         RIEMANN_ASIO_VERSION_PATCH};

/// That of the library it is linked with, or, if that is shared, has met at run time.
[[nodiscard]] RIEMANN_EXPORT library_version linked_version() noexcept;

} // namespace riemann::inline v0

#endif
