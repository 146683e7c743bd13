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
    std::uint64_t ticket = 0;
  };

  explicit inbox(const session_options& options) : intake_{options} {}

  /// Takes the request, or not, because a bound is reached: see `core::intake`.
  [[nodiscard]] admission admit(core::request& r)
  {
    const std::scoped_lock lock{mutex_};
    const bool quiet = intake_.quiet();
    r.position = tickets_ + 1;
    if (!intake_.admit(r)) {
      return {false, false, quiet};
    }
    ++admitted_;
    return {true, !std::exchange(waking_, true), quiet, ++tickets_};
  }

  /// Ends one that was not admitted.
  void refuse(const core::request& r, errc why = errc::overloaded) noexcept
  {
    const std::scoped_lock lock{mutex_};
    intake_.refuse(r, why);
  }
  /// One that was refused, as if it had never been handed over.
  void take_back_refusal(const core::request& r, errc why) noexcept
  {
    const std::scoped_lock lock{mutex_};
    intake_.take_back_refusal(r, why);
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
      close_ranks(intake_.drops_newest() ? admitted_ - 1 : before);
    }
    return dropped;
  }

  /// Waking failed. True: the request is its owner's again, as if it had never been handed
  /// over. Else it was taken meanwhile, and may be no more.
  [[nodiscard]] bool give_back(std::uint64_t ticket) noexcept
  {
    const std::scoped_lock lock{mutex_};
    const std::uint64_t taken = admitted_ - intake_.fresh();
    const auto before = intake_.give_back(ticket);
    if (before) {
      close_ranks(taken + *before);
    }
    return before.has_value();
  }
  /// The same for a command, which goes to the list.
  [[nodiscard]] bool give_back(std::uint64_t ticket, command_list& to) noexcept
  {
    const std::scoped_lock lock{mutex_};
    for (auto i = commands_.begin(); i != commands_.end(); ++i) {
      if (i->ticket == ticket) {
        to.splice(to.end(), commands_, i);
        return true;
      }
    }
    return false;
  }

  struct handed {
    bool must_wake;
    std::uint64_t ticket;
  };

  /// Takes the one command there is in the list.
  [[nodiscard]] handed hand_over(command_list& one) noexcept
  {
    const std::scoped_lock lock{mutex_};
    one.front().sends_before = admitted_;
    one.front().ticket = ++tickets_;
    commands_.splice(commands_.end(), one);
    return {!std::exchange(waking_, true), tickets_};
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
  /// The send at that place is none any more.
  void close_ranks(std::uint64_t place) noexcept
  {
    for (command& c : commands_) {
      c.sends_before -= c.sends_before > place ? 1 : 0;
    }
    --admitted_;
  }

  mutable std::mutex mutex_{};
  core::intake intake_;
  command_list commands_{};
  std::uint64_t admitted_ = 0; ///< sends, ever
  std::uint64_t tickets_ = 0;  ///< one for each that was handed over: an address may come again
  bool waking_ = false;
};

} // namespace riemann::inline v0::net

#endif
