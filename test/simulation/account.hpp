#ifndef RIEMANN_SIMULATION_ACCOUNT_HPP
#define RIEMANN_SIMULATION_ACCOUNT_HPP

#include "model.hpp"
#include "stack_scenario.hpp"
#include "timeline.hpp"
#include "violation.hpp"

#include <riemann/batch_options.hpp>
#include <riemann/error.hpp>
#include <riemann/response.hpp>
#include <riemann/statistics.hpp>

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace riemann::simulation {

/// The tops that users hand things to.
enum class top { batch, below };

/// What a user handed over: an event to be sent in a batch, or a message. All of it has
/// the item's number for its name.
struct item {
  std::uint64_t number = 0;
  top to = top::below;
  bool posted = false;
  bool has_query = false;
  unsigned events = 1;
  std::uint64_t id = 0; ///< to cancel it by
  time_point submitted_at{};
  time_point expires_at = never;

  bool taken = true; ///< if it was posted
  bool given_up = false;
  bool written_too = false;   ///< so was it when it had been written
  time_point ends_by = never; ///< since it was given up
  bool drains = false;        ///< it waited where nothing had recalled it when a drain began
  std::size_t recalled = 0;   ///< attempts there were when it was taken back
  unsigned era = 0;           ///< of the last attempt
  bool begun_down = false;    ///< that was made while all was disconnected
  bool told = false;
  bool must_succeed = false;
  boost::system::error_code error{};
  std::vector<const tracked*> attempts{};

  /// What becomes of it has not been said to anybody.
  [[nodiscard]] bool waits() const noexcept { return !posted && !told; }
};

/// Events and messages by their outcomes.
using outcome_counts = std::array<std::uint64_t, 5>;

/**
 * What users know, and what went out for them: everything a stack says is held against
 * it. Attempts are the messages of its sessions.
 */
class account {
public:
  account(const timeline& time, const stack_scenario& how) : time_{time}, how_{how} {}

  /// Keeps the first violation, from where it cannot be thrown.
  template <class Function>
  void guard(Function&& f) noexcept
  {
    try {
      f();
    } catch (...) {
      failure_ = failure_ ? failure_ : std::current_exception();
    }
  }
  void rethrow() const
  {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

  // What users do.
  item& add(top to);
  /// Of one that was posted where so many were queued.
  void judge_post(const item& i, std::uint64_t queued);
  /// Somebody is to hand over an event of so many bytes.
  void holds(std::size_t size) { largest_ = std::max(largest_, size); }
  /// It has been handed over.
  void begins(const item& i);
  void gives_up(item& i, bool only_unwritten);
  void cancels_all();
  void closes(top t);
  void disconnects(time_point due);
  /// All is disconnected; or it is connected again.
  void is_down(bool down) { down_ = down; }
  void stops_draining() { drain_due_ = std::min(drain_due_, time_.now()); }
  void batch_closes(time_point due);
  /// From now on all goes well: what was not written is to get through.
  void heals(bool open);

  // What they are told.
  void told(item& i, boost::system::error_code error, const response& answer);
  void lost(const batch_loss& loss);

  // What the transports do.
  void attempt_begins(const asked& names, std::size_t size, std::size_t line);
  void attempt_over(std::size_t line) { --outstanding_[line]; }
  void recalls(const tracked& t);
  /// A connection, or an attempt to open one, has failed.
  void fails() { failed_ = true; }
  /// The pool has heard that it is open.
  void opens(std::size_t line) { open_[line] = true; }
  void attempt_began(const tracked& t);

  /// Against a snapshot: `calm` when everything that has ended was told.
  void check(const batch_statistics* batch, const statistics& below, bool calm) const;
  /// `attempts`: as the sessions count them.
  void check_attempts(std::uint64_t attempts) const;
  /// Nothing comes any more.
  void check_end() const;

  [[nodiscard]] std::deque<item>& items() noexcept { return items_; }
  [[nodiscard]] bool all_told() const noexcept { return untold_ == 0; }
  [[nodiscard]] bool batch_closing() const noexcept { return batch_due_ != never; }
  [[nodiscard]] bool gathers(const item& i) const noexcept
  {
    return i.to == top::batch && i.attempts.empty();
  }

private:
  void check_batch(const batch_statistics& books, const statistics& below, bool calm) const;
  void check_below(const statistics& books, std::uint64_t batches, bool calm) const;
  void check_deadlines() const;
  [[nodiscard]] time_point soon() const;
  void check_posts(const outcome_counts& ended) const;

  void judge_attempt(const item& i, const asked& a);
  void judge(const item& i, const response& answer) const;
  void judge_end(const item& i) const;
  [[nodiscard]] bool was_tried_everywhere(const item& i) const;
  [[nodiscard]] static bool found_no_room(const item& i);
  void judge_answer(const item& i, const response& answer) const;
  [[nodiscard]] bool has_cause(const item& i) const;
  [[nodiscard]] bool has_own_cause(const item& i) const;

  const timeline& time_;
  const stack_scenario& how_;
  std::exception_ptr failure_{};
  std::deque<item> items_{};
  std::uint64_t untold_ = 0;
  std::uint64_t attempts_ = 0;
  std::uint64_t cancelled_at_ = 0; ///< items there were
  bool closed_ = false;            ///< any of them
  bool batch_closed_ = false;
  bool disconnects_ = false;
  bool failed_ = false;
  bool down_ = false;
  unsigned era_ = 0;             ///< ends when all is cancelled or disconnected
  time_point drain_due_ = never; ///< the first
  std::array<bool, 4> open_{};
  std::array<std::uint64_t, 4> outstanding_{}; ///< at each session, for all that is known above
  time_point batch_due_ = never;
  time_point healed_at_ = never;
  std::uint64_t last_batched_ = 0; ///< the newest item that was ever in a batch
  bool out_of_order_ = false;      ///< it may be: batches were split

  // By what they were handed to.
  std::array<std::uint64_t, 2> submitted_{};
  std::array<std::uint64_t, 2> submitted_events_{};
  std::array<outcome_counts, 2> told_{};
  std::array<outcome_counts, 2> told_events_{};
  std::size_t largest_ = 0; ///< event that was handed over
  std::uint64_t posts_refused_ = 0;
  outcome_counts posts_lost_{};
};

/// Calls a function once, and holds it against the account when it goes uncalled.
template <class Function>
class once {
public:
  once(bool& context_gone, std::uint64_t& uncalled, Function f)
      : context_gone_{&context_gone}, uncalled_{&uncalled}, function_{std::move(f)}
  {}
  once(once&& other) noexcept
      : context_gone_{other.context_gone_},
        uncalled_{std::exchange(other.uncalled_, nullptr)},
        function_{std::move(other.function_)}
  {}
  once& operator=(once&&) = delete;
  ~once()
  {
    if (uncalled_ != nullptr && !*context_gone_) {
      ++*uncalled_;
    }
  }

  template <class... Results>
  void operator()(Results&&... results)
  {
    require(uncalled_ != nullptr, "a handler is called twice");
    require(!*context_gone_, "a handler is called after its context's end");
    uncalled_ = nullptr;
    function_(std::forward<Results>(results)...);
  }

private:
  bool* context_gone_;
  std::uint64_t* uncalled_;
  Function function_;
};

} // namespace riemann::simulation

#endif
