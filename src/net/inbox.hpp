#ifndef RIEMANN_NET_INBOX_HPP
#define RIEMANN_NET_INBOX_HPP

#include "core/intake.hpp"
#include "net/command.hpp"

#include <riemann/error.hpp>
#include <riemann/options.hpp>
#include <riemann/statistics.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

namespace riemann::inline v0::net {

/**
 * What callers' threads hand over, until the session's strand takes it in; and the
 * books, which they may read. Any thread may call it.
 *
 * The strand is woken once for all that comes before it looks: whoever is told
 * `must_wake` sees to it.
 */
class inbox {
public:
  struct admission {
    bool admitted;
    bool must_wake;
    bool quiet; ///< there is a connection, and nothing was outstanding
  };

  explicit inbox(const session_options& options) : intake_{options} {}

  /// Takes the request, or not, because a bound is reached: see `core::intake`.
  [[nodiscard]] admission admit(core::request& r)
  {
    const std::scoped_lock lock{mutex_};
    const bool quiet = intake_.quiet();
    if (!intake_.admit(r)) {
      return {false, false, quiet};
    }
    ++admitted_;
    return {true, !std::exchange(waking_, true), quiet};
  }

  /// Ends one that was not admitted.
  void refuse(const core::request& r, errc why = errc::overloaded) noexcept
  {
    const std::scoped_lock lock{mutex_};
    intake_.refuse(r, why);
  }

  /// Acts that were handed over and not taken.
  [[nodiscard]] bool has_acts() const noexcept
  {
    const std::scoped_lock lock{mutex_};
    return !commands_.empty();
  }

  [[nodiscard]] bool drops() const noexcept { return intake_.drops(); }
  [[nodiscard]] bool drops_newest() const noexcept { return intake_.drops_newest(); }
  /// One that was not taken yet makes way; none if there is none.
  [[nodiscard]] core::request* drop_one() noexcept
  {
    const std::scoped_lock lock{mutex_};
    const std::uint64_t before = admitted_ - intake_.fresh();
    core::request* const dropped = intake_.drop_one();
    if (dropped != nullptr) {
      // As if it had never been handed over.
      const std::uint64_t place = intake_.drops_newest() ? admitted_ - 1 : before;
      for (command& c : commands_) {
        c.sends_before -= c.sends_before > place ? 1 : 0;
      }
      --admitted_;
    }
    return dropped;
  }

  /// Takes the one command there is in the list; true: must wake.
  [[nodiscard]] bool hand_over(command_list& one) noexcept
  {
    const std::scoped_lock lock{mutex_};
    one.front().sends_before = admitted_;
    commands_.splice(commands_.end(), one);
    return !std::exchange(waking_, true);
  }

  /// Waking failed: the next to hand something over tries again.
  void not_woken() noexcept
  {
    const std::scoped_lock lock{mutex_};
    waking_ = false;
  }

  /// Appends what there is to the lists.
  void take(core::request_list& requests, command_list& commands)
  {
    const std::scoped_lock lock{mutex_};
    auto fresh = intake_.take();
    requests.splice(requests.end(), fresh);
    commands.splice(commands.end(), commands_);
    waking_ = false;
  }

  /// Tells the session's books, after all that was taken is submitted to it.
  void publish(const statistics& books, std::size_t held_bytes, bool open) noexcept
  {
    const std::scoped_lock lock{mutex_};
    intake_.publish(books, held_bytes, open);
  }

  [[nodiscard]] statistics snapshot() const
  {
    const std::scoped_lock lock{mutex_};
    return intake_.snapshot();
  }

private:
  mutable std::mutex mutex_{};
  core::intake intake_;
  command_list commands_{};
  std::uint64_t admitted_ = 0; ///< sends, ever
  bool waking_ = false;
};

} // namespace riemann::inline v0::net

#endif
