#ifndef RIEMANN_SIMULATION_STACK_HPP
#define RIEMANN_SIMULATION_STACK_HPP

#include "account.hpp"
#include "client/batch_implementation.hpp"
#include "dice.hpp"
#include "simulated_clock.hpp"
#include "simulated_transport.hpp"
#include "stack_scenario.hpp"
#include "timeline.hpp"

#include <riemann/detail/implementation.hpp>
#include <riemann/message.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace riemann::simulation {

/// Somebody waits for something other than a message.
struct waited {
  enum class kind { connect, disconnect, flush, close };

  kind what = kind::connect;
  std::uint64_t id = 0;
  time_point due = never;
  bool told = false;
  boost::system::error_code error{};
  std::uint64_t up_to = 0;      ///< the last item that it waits for
  bool in_health = false;       ///< it was asked for with no faults left
  unsigned drains = 0;          ///< that were asked for before
  std::vector<item*> awaited{}; ///< those of them that certainly were live
};

/**
 * The library's clients, one above the other, over simulated sessions; what users ask
 * of them goes through here, and what they are told. Handlers run when that is asked for.
 */
class stack {
public:
  stack(timeline& time, dice& random, const stack_scenario& how, account& known);
  stack(const stack&) = delete;
  stack& operator=(const stack&) = delete;
  ~stack();

  // The users' side.
  void post(item& i, const message& m);
  void send(item& i, message m);
  void give_up(item& i, bool only_unwritten);
  void connect();
  void disconnect(std::chrono::microseconds within);
  void flush();
  void close(std::chrono::microseconds within);
  void give_up(waited& w, bool only_unwritten);
  void cancel();

  // How it ends.
  /// The users' objects are destroyed, the upper one first or last.
  void destroy(bool upper_first);
  void destroy_upper();
  /// They are let go, once that has been done.
  void release();
  void destroy_context();

  // The world's.
  /// All that are due, and those that they bring about.
  void run_handlers();
  void handlers_lag() noexcept { calm_ = false; }
  [[nodiscard]] time_point next_deadline() const noexcept;
  void on_time();
  void surplus();
  void heal();

  /// Of its books, and what users were told.
  void check();
  /// Nothing more can happen by itself: nothing waits for it.
  void check_quiet();
  /// The users' objects are gone, and their handlers.
  void check_gone() const;
  [[nodiscard]] bool idle() const;
  /// None of those that could be opened is thought to have failed.
  void check_all_well() const;
  [[nodiscard]] bool down() const noexcept { return down_; }
  [[nodiscard]] std::deque<waited>& waits() noexcept { return waits_; }

private:
  [[nodiscard]] detail::done_slot slot_for(waited& w);
  waited& begin(waited::kind what, time_point due);
  void told(waited& w, boost::system::error_code error);
  void check_flushed();
  void check_books() const;

  timeline& time_;
  dice& random_;
  const stack_scenario& how_;
  account& known_;
  simulated_time now_{time_};
  std::deque<waited> waits_{};
  std::vector<waited*> flushed_{}; ///< just now
  bool calm_ = true;               ///< all handlers have run
  bool changed_ = false;           ///< something of the users'
  unsigned unchecked_ = 0;         ///< steps
  bool down_ = false;              ///< it was disconnected
  bool healed_ = false;
  bool meddled_ = false; ///< waits may end by somebody's doing
  bool context_gone_ = false;
  std::uint64_t uncalled_ = 0; ///< handlers
  unsigned drains_ = 0;        ///< that were asked for

  std::optional<boost::asio::io_context> io_{std::in_place, 1};
  std::vector<std::shared_ptr<simulated_transport>> lines_{};
  std::shared_ptr<detail::implementation> below_{};
  std::shared_ptr<clients::batch_implementation> batch_{};
  std::weak_ptr<detail::implementation> below_alive_{};
  std::weak_ptr<clients::batch_implementation> batch_alive_{};
};

} // namespace riemann::simulation

#endif
