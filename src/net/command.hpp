#ifndef RIEMANN_NET_COMMAND_HPP
#define RIEMANN_NET_COMMAND_HPP

#include "core/request.hpp"

#include <riemann/detail/implementation.hpp>

#include <cstdint>
#include <list>

namespace riemann::inline v0::net {

/// What a caller asks for besides sends, and its place among them: what was
/// handed over later must not be touched by it.
struct command {
  enum class kind : std::uint8_t { connect, disconnect, cancel, withdraw, give_up, shut };

  kind what = kind::cancel;
  detail::done_slot handler{};
  detail::operation_id id = 0;
  core::time_point deadline = core::never;
  std::uint64_t sends_before = 0;
  std::uint64_t ticket = 0;
};

/// A list, so that no user's handler is moved with a lock held.
using command_list = std::list<command>;

} // namespace riemann::inline v0::net

#endif
