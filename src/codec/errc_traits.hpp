#ifndef RIEMANN_CODEC_ERRC_TRAITS_HPP
#define RIEMANN_CODEC_ERRC_TRAITS_HPP

#include <riemann/error.hpp>

#include <boost/system/errc.hpp>

namespace riemann::inline v0::codec {

/// All that is said of an error: the one place a new `errc` is described in.
struct errc_traits {
  outcome result;
  const char* text;
  /// The generic condition it equals; `success` where there is none.
  boost::system::errc::errc_t generic = boost::system::errc::success;
};

[[nodiscard]] errc_traits traits_of(errc e) noexcept;

} // namespace riemann::inline v0::codec

#endif
