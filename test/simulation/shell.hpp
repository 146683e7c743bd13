#ifndef RIEMANN_SIMULATION_SHELL_HPP
#define RIEMANN_SIMULATION_SHELL_HPP

#include "connection.hpp"
#include "core/intake.hpp"
#include "core/session.hpp"
#include "dice.hpp"
#include "invariants.hpp"
#include "listener.hpp"
#include "scenario.hpp"
#include "situation.hpp"
#include "timeline.hpp"
#include "trace.hpp"

#include <riemann/message.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace riemann::simulation {

/// What a transport is round a session: carries out its actions, tells it what
/// happened, and holds everything it asks for and says against the invariants.
class shell {
public:
  shell(timeline& time, dice& random, const scenario& how, promise kind, roll& messages);
  shell(const shell&) = delete;
  shell& operator=(const shell&) = delete;
  ~shell();
  void report_to(listener& l) noexcept { listener_ = &l; }

  // The user's side.
  void submit(message m, time_point deadline);
  /// `only_unwritten`: what has had an effect goes on.
  void give_up(tracked& t, bool only_unwritten = false);
  /// An error: refused, at once.
  boost::system::error_code connect();
  void connect_unwanted();
  void drain(std::chrono::microseconds within);
  void stop_draining();
  void cancel();
  void shut();
  /// Lets inputs come together until `release()`.
  void hold() { state_.held = true; }
  void release();

  // The world's.
  void on_time();
  [[nodiscard]] time_point next_deadline() const noexcept { return session_.next_deadline(); }
  /// An answer nobody asked for arrives, if it can be known that nobody did.
  void surplus();
  /// From now on everything goes well: see `scenario::wrong`.
  void heal();
  /// Nothing more can happen by itself: checks that nothing waits for it.
  void check_quiet() const;
  /// Nobody waits for anything, though it may be busy with its connection.
  [[nodiscard]] bool idle() const;
  [[nodiscard]] const situation& state() const noexcept { return state_; }
  [[nodiscard]] statistics books() const { return intake_.snapshot(); }

private:
  template <class... What>
  void note(const What&... what) const
  {
    simulation::note(time_, how_.name, what...);
  }

  void absorb();
  void pump();
  void begin(input what) { state_.handling = what; }
  void collect();
  void end(tracked& t, boost::system::error_code error);

  void perform(std::monostate) {}
  void perform(core::start_connect a);
  void perform(core::start_write a);
  void perform(core::start_read a);
  void perform(core::close_connection a);
  void perform(core::finish_connect a);
  void perform(core::finish_disconnect a);
  void drain_is_over();
  void perform(core::start_probe a);
  void perform(core::stop_probe);
  void perform(core::tell a);

  [[nodiscard]] std::optional<errc> refusal_of(const core::request& r) const;
  bool make_room(core::request& r);
  bool drop_one();
  void put_back();

  void accepted();
  void connected();
  void failed(boost::system::error_code error, std::string_view reason);
  void open_connection();
  void choose_end();
  void written(boost::system::error_code error, std::size_t n);
  void read(boost::system::error_code error, std::size_t n);
  void close_if_done();
  void closed();
  void drop_connection();
  [[nodiscard]] bool nothing_live() const;
  [[nodiscard]] bool queue_empty() const;

  timeline& time_;
  dice& random_;
  const scenario& how_;
  promise kind_;
  roll& messages_;
  core::session session_;
  core::intake intake_;
  invariants invariants_;
  situation state_{};
  listener* listener_ = nullptr;
  std::shared_ptr<connection> line_{};
  std::uint64_t attempt_ = 0;
  std::uint64_t probe_ = 0;
  bool absorbing_ = false;
  bool on_closed_due_ = false;
};

} // namespace riemann::simulation

#endif
