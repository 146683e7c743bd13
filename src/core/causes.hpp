#ifndef RIEMANN_CORE_CAUSES_HPP
#define RIEMANN_CORE_CAUSES_HPP

#include <boost/system/error_code.hpp>

#include <string>

namespace riemann::inline v0::core {

// Why a connection ends, as errors say it.

/// The user will not have it.
[[nodiscard]] boost::system::error_code aborted() noexcept;

/// Of a write: the other side takes nothing more, but may have said something.
[[nodiscard]] bool peer_has_gone(boost::system::error_code write) noexcept;

/// The server will not have us.
[[nodiscard]] bool is_refusal(boost::system::error_code read) noexcept;

/// In words.
[[nodiscard]] std::string ending_of(boost::system::error_code read);

} // namespace riemann::inline v0::core

#endif
