#ifndef RIEMANN_CLIENT_ROUTED_SEND_HPP
#define RIEMANN_CLIENT_ROUTED_SEND_HPP

#include "client/completions.hpp"
#include "core/request.hpp"
#include "net/operations_by_id.hpp"

#include <riemann/detail/implementation.hpp>
#include <riemann/options.hpp>

#include <boost/system/error_code.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace riemann::inline v0::clients {

class router;

/// Names one of a router's transports; below 64.
using place = std::size_t;
inline constexpr place nowhere = ~place{0};

/// That a message is to leave where it is, if it was not written. Whether that did anything
/// shows when the attempt ends: one that was written stays, and a loss may put it back there.
class withdrawal {
public:
  /// `losses`: how often where it is has been lost.
  void ask(std::uint64_t losses) noexcept
  {
    asked_ = true;
    losses_ = losses;
  }
  void forget() noexcept { asked_ = false; }

  /// The attempt may end by it.
  [[nodiscard]] bool asked() const noexcept { return asked_; }
  /// It need not be asked for again.
  [[nodiscard]] bool asked_since(std::uint64_t losses) const noexcept
  {
    return asked_ && losses_ == losses;
  }

private:
  std::uint64_t losses_ = 0;
  bool asked_ = false;
};

/// What is being handed to a transport may be recalled meanwhile, which that transport has
/// not heard then: whoever hands over is to say so again. Each has its number.
class hand_over {
public:
  /// Once the one before has ended, or nobody is to hear of it.
  void begin() noexcept { state_ = under_way(++number_); }
  [[nodiscard]] unsigned number() const noexcept { return number_; }
  /// Of the one under way, if there is one. From any thread.
  void recall() noexcept
  {
    if (unsigned now = state_; now != 0 && now % 2 == 0) {
      state_.compare_exchange_strong(now, now + 1);
    }
  }
  /// It is there. True: it was recalled.
  [[nodiscard]] bool end(unsigned number) noexcept
  {
    unsigned now = under_way(number);
    return !state_.compare_exchange_strong(now, 0) && now == under_way(number) + 1;
  }
  /// Of one that was recalled. False: it is somewhere else by now.
  [[nodiscard]] bool forget(unsigned number) noexcept
  {
    if (number_ != number) {
      return false;
    }
    state_ = 0;
    return true;
  }

private:
  static unsigned under_way(unsigned number) noexcept { return 2 * number; }

  std::atomic<unsigned> state_{0}; ///< one more when it was recalled
  unsigned number_ = 0;
};

/// A message that was handed over, with the handler that waits for it. It lives as long
/// as an attempt at it.
struct routed_send : core::request {
  routed_send(std::shared_ptr<router> whose, message&& m, const send_options& o,
              detail::send_slot&& h, detail::operation_id i)
      : core::request{std::move(m)},
        owner{std::move(whose)},
        options{o},
        id{i},
        elsewhere{completion_elsewhere(h)},
        handler{std::move(h)}
  {}
  routed_send(const routed_send&) = delete;
  routed_send& operator=(const routed_send&) = delete;
  ~routed_send();

  [[nodiscard]] bool was_tried_at(place p) const noexcept { return (tried >> p & 1U) != 0; }

  std::shared_ptr<router> owner;
  send_options options;
  detail::operation_id id;
  net::id_hook id_link{};
  std::uint64_t era = 0;           ///< of its owner's, when it was handed over
  std::uint64_t tried = 0;         ///< a bit for each place, since it was withdrawn last
  unsigned attempts = 0;           ///< since then, too
  place at = nowhere;              ///< of the attempt under way
  std::uint64_t losses_before = 0; ///< of where it is, when it went there
  withdrawal withdrawn{};          ///< from there
  bool moved = false;              ///< was withdrawn once
  bool put_back = false;           ///< since then: it found no room
  bool moving = false;             ///< one of the few that are at a time
  bool cancelled = false;          ///< no further attempt is wanted
  bool written_too = false;        ///< that goes for what was written as well
  hand_over handing_over{};
  std::shared_ptr<completion_of<boost::system::error_code, response>> elsewhere; ///< or:
  detail::send_slot handler;
};

/// The handler of one attempt; runs on its transport's executor.
class attempt_end {
public:
  attempt_end(std::shared_ptr<routed_send> what, place by) noexcept
      : what_{std::move(what)}, by_{by}
  {}
  void operator()(boost::system::error_code error, response answer);

private:
  std::shared_ptr<routed_send> what_;
  place by_;
};

} // namespace riemann::inline v0::clients

#endif
