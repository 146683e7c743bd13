#ifndef RIEMANN_SIMULATION_DATAGRAM_SHELL_HPP
#define RIEMANN_SIMULATION_DATAGRAM_SHELL_HPP

#include "core/session.hpp"
#include "datagram_scenario.hpp"
#include "dice.hpp"
#include "model.hpp"
#include "timeline.hpp"
#include "wire.hpp"

#include <riemann/message.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace riemann::simulation {

/// A transport round a datagram session, and the kernel below it; holds what goes
/// out, and how messages end, against what may be.
class datagram_shell {
public:
  datagram_shell(timeline& time, dice& random, const datagram_scenario& how, roll& messages)
      : time_{time}, random_{random}, how_{how}, messages_{messages}, session_{how.options}
  {}
  datagram_shell(const datagram_shell&) = delete;
  datagram_shell& operator=(const datagram_shell&) = delete;
  ~datagram_shell() { session_.release_all().clear(); }

  // The user's side.
  void submit(message m, time_point deadline);
  void give_up(tracked& t);
  void connect();
  void drain(std::chrono::microseconds within);
  void cancel();
  void shut();

  // The world's.
  void on_time();
  [[nodiscard]] time_point next_deadline() const noexcept { return session_.next_deadline(); }
  /// Nothing more can happen by itself: checks that nothing waits for it.
  void check_quiet() const;

private:
  enum class wants { running, draining, nothing, shut };
  /// What is being written: its bytes where they lie and as they were, and whose.
  struct attempt {
    std::span<const std::byte> from;
    bytes copy;
    std::vector<tracked*> messages;
    unsigned refusals = 0;
  };

  void perform(std::monostate) {}
  void perform(core::start_connect);
  void perform(core::tell a);
  void perform(core::start_write a);
  void perform(core::close_connection);
  void perform(core::finish_connect) {}
  void perform(core::finish_disconnect a);

  void pump();
  void collect();
  void end(tracked& t, boost::system::error_code error);
  [[nodiscard]] bool has_cause(const tracked& t, boost::system::error_code error) const;

  void compose(std::span<const std::byte> bytes);
  void choose_answer();
  void answer(boost::system::error_code error);
  /// What the session has to make of it.
  void expect(boost::system::error_code error);
  void close_if_quiet();

  [[nodiscard]] std::vector<tracked*> queued() const;
  [[nodiscard]] bool may_go(const std::vector<tracked*>& waiting) const;
  void check() const;
  void check_books(const std::vector<tracked*>& waiting) const;
  void check_deadlines() const;

  timeline& time_;
  dice& random_;
  const datagram_scenario& how_;
  roll& messages_;
  core::datagram_session session_;

  wants wants_ = wants::running;
  bool open_ = false;
  bool connecting_ = false;
  bool backing_off_ = false; ///< when it was told of last
  bool closing_ = false;
  bool writing_ = false;
  std::uint64_t attempt_ = 0;
  std::optional<attempt> current_{}; ///< kept while it may be tried again
  std::size_t limit_ = how_.options.max_coalesced_size;
  std::optional<boost::system::error_code> answered_{}; ///< by the kernel, just now
  bool cancelled_ = false;                              ///< everything, just now
};

} // namespace riemann::simulation

#endif
