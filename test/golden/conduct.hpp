#ifndef RIEMANN_TEST_GOLDEN_CONDUCT_HPP
#define RIEMANN_TEST_GOLDEN_CONDUCT_HPP

#include "transcript.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace riemann::golden {

/// What the real server did with a request: every record is of one of these, or the
/// tests fail.
enum class conduct {
  answers,            ///< each message, in order; the connection stays open
  closes,             ///< after the answers to what came before
  waits,              ///< for more, in silence
  omits,              ///< the answer to one query, and answers what comes behind it
  closes_half_closed, ///< at the end of the client's half, its answers given or not
  keeps_micros,       ///< of many events: measured, and no bytes noted
  indexes,            ///< a datagram's event; a second one behind the maximum is cut off
  drops,              ///< a datagram
  ignores,            ///< a datagram that says nothing, or is a query
  is_not_reached,     ///< the kernel sends no such datagram
  refuses,            ///< a client by its certificate, with an alert
};

[[nodiscard]] std::optional<conduct> conduct_of(const transcript& t);

/// What replays a record.
enum class stage {
  core,     ///< without sockets: test/unit/golden
  sockets,  ///< where TLS or the kernel is what matters: test/integration
  no_stage, ///< it says nothing of this side
};

[[nodiscard]] stage stage_for_server(const transcript& t);
[[nodiscard]] stage stage_for_client(const transcript& t);

/// Where the testkit server does otherwise, on purpose.
struct difference {
  std::string_view record;
  enum class extent {
    always,
    by_default, ///< with the limits it has unless told otherwise
  } where;
  std::string_view ours; ///< what it does
};

[[nodiscard]] std::span<const difference> differences();
[[nodiscard]] bool differs(const transcript& t, difference::extent where);

} // namespace riemann::golden

#endif
