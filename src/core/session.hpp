#ifndef RIEMANN_CORE_SESSION_HPP
#define RIEMANN_CORE_SESSION_HPP

#include "core/datagram_pipeline.hpp"
#include "core/frame_reader.hpp"
#include "core/ledger.hpp"
#include "core/pipeline.hpp"
#include "core/preferred_probe.hpp"
#include "core/request.hpp"
#include "core/server_cycle.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/error.hpp>
#include <riemann/options.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace riemann::inline v0::core {

// What a session asks of the shell around it.

/// Resolve this server's name and connect; report by `on_connected` or
/// `on_connect_failed`, and by `on_handshake` before, where there is one.
struct start_connect {
  std::size_t server;
};
/// See whether this server accepts, beside the connection there is, and let go of it;
/// report by `on_probe`.
struct start_probe {
  std::size_t server;
};
/// Nobody waits for that any more; do not report.
struct stop_probe {};
/// Write some of this; report by `on_written`. One at a time.
struct start_write {
  std::span<const std::byte> bytes;
};
/// Read some into this; report by `on_read`. One at a time.
struct start_read {
  std::span<std::byte> room;
};
/// Close the connection, or stop connecting; report by `on_closed` once no
/// operation of it is outstanding. `clean`: all was answered, and the peer may be
/// told so.
struct close_connection {
  bool clean = false;
};
/// Whoever waits for a connection is to be told.
struct finish_connect {
  boost::system::error_code error;
};
/// Whoever waits for the end of draining is to be told.
struct finish_disconnect {
  boost::system::error_code error;
};

/// Whoever observes is to be told.
struct tell {
  connection_state state;
  std::size_t server;
  boost::system::error_code error{};
  std::string reason{};
  time_point until{};
  std::size_t failures = 0;
};

using action = std::variant<std::monostate, start_connect, start_probe, stop_probe, start_write,
                            start_read, close_connection, finish_connect, finish_disconnect, tell>;

/// In place of a frame reader, where nothing is read.
struct no_reader {
  explicit no_reader(std::size_t) noexcept {}
  void reset() noexcept {}
};

/**
 * One connection's life, again and again: opened when something is to be sent,
 * closed on error, on a missed deadline or when drained, opened again.
 *
 * Pure: what happens comes in by the functions, `now` with it; what is to be
 * done goes out by `next_action()` (call it until it returns nothing), requests
 * that have ended by `take_ended()`, and the time to call `on_time()` by
 * `next_deadline()`.
 *
 * The pipeline says what is written, how a message ends, and whether there are
 * answers to read.
 */
template <class Pipeline>
class basic_session {
public:
  static constexpr bool answered = Pipeline::answered;

  using options_type = typename Pipeline::options_type;

  explicit basic_session(const options_type& options, destinations where = {});
  basic_session(const basic_session&) = delete;
  basic_session& operator=(const basic_session&) = delete;

  // From the user's side.
  void submit(request& r, time_point now);
  void give_up(request& r);
  /// Why it would be refused, were it submitted now: for what it is. Nothing: it would not.
  [[nodiscard]] std::optional<errc> unfit(const request& r, time_point now) const noexcept;
  /// Why anything would be. Nothing: it would not.
  [[nodiscard]] std::optional<errc> closed_to_sends() const noexcept;
  /// Success: whoever asked waits for `finish_connect`. An error: at once refused.
  [[nodiscard]] boost::system::error_code connect(time_point now);
  /// Nobody waits for a connection any more: stop connecting if no message does.
  void connect_unwanted();
  void drain(time_point deadline, time_point now);
  /// Ends a drain under way as if its deadline had passed.
  void stop_draining();
  /// Ends everything; usable again.
  void cancel();
  /// Ends everything, for good.
  void shut();

  // From the connection's side.
  /// The peer has accepted; what is to be agreed on with it has until then.
  void on_handshake(time_point due);
  void on_connected(time_point now);
  void on_connect_failed(boost::system::error_code error, const std::string& reason,
                         time_point now);
  /// `well`: the server accepts.
  void on_probe(bool well, time_point now) { probe_.on_result(well, now); }
  void on_written(boost::system::error_code error, std::size_t n, time_point now);
  void on_read(boost::system::error_code error, std::size_t n, time_point now)
    requires answered;
  void on_closed(time_point now);
  void on_time(time_point now);

  /// Nothing is queued, and no answer is owed.
  [[nodiscard]] bool quiet() const noexcept
  {
    return pipeline_.queue_empty() && pipeline_.window_empty();
  }
  /// Makes one of those queued make way, by the policy. False: none is.
  bool drop_one()
  {
    const bool dropped = pipeline_.drop_one();
    finish_drain_if_done();
    return dropped;
  }
  /// Gives back the memory that a busy time has left; for when it has been quiet.
  void rest()
    requires answered
  {
    pipeline_.rest();
  }

  [[nodiscard]] action next_action(time_point now);
  [[nodiscard]] request_list take_ended() noexcept { return pipeline_.take_ended(); }
  [[nodiscard]] request_list release_all() noexcept { return pipeline_.release_all(); }
  [[nodiscard]] time_point next_deadline() const noexcept;

  [[nodiscard]] const statistics& books() const noexcept { return ledger_.books(); }
  [[nodiscard]] std::size_t held_bytes() const noexcept { return pipeline_.held_bytes(); }

private:
  /// Of the connection.
  enum class state : std::uint8_t { idle, backing_off, connecting, open, closing };
  /// Of the user's will.
  enum class mode : std::uint8_t { running, draining, disconnected, shut };

  void refuse(request& r, errc code);
  [[nodiscard]] bool wants_connection() const noexcept;
  void seek_connection(time_point now);
  void start_connecting(time_point now);
  void close_attempt();
  void stop_connecting(boost::system::error_code error);
  void connect_failed(errc code, boost::system::error_code error, const std::string& reason,
                      time_point now);
  void connect_overdue(errc code, time_point now);
  void round_failed(errc code, boost::system::error_code error, const std::string& reason);
  void give_up_trying(errc code, boost::system::error_code error, const std::string& reason);
  void read_frames(time_point now)
    requires answered;
  void hear() noexcept;
  void lose(errc code, const std::string& reason, boost::system::error_code cause, time_point now);
  void lose_by_write(boost::system::error_code error, time_point now);
  void lose_by_read(boost::system::error_code error, time_point now);
  void refused_after_handshake(const std::string& reason, boost::system::error_code cause,
                               time_point now);
  bool break_off(const verdict& why);
  void end_everything();
  [[nodiscard]] action act_on_connection(time_point now);
  void stage(time_point now);
  void stage_frames()
    requires answered;
  [[nodiscard]] bool may_leave() const noexcept;
  void leave();
  [[nodiscard]] time_point ping_due() const noexcept;
  void report(connection_state s, boost::system::error_code error = {}, std::string reason = {});
  void finish_drain_if_done();
  void end_drain(boost::system::error_code error);
  void drain_overdue(boost::system::error_code error);

  /// That come together, usually.
  static constexpr std::size_t max_reports = 4;

  options_type options_;
  ledger ledger_{};
  Pipeline pipeline_;
  std::conditional_t<answered, frame_reader, no_reader> reader_;

  server_cycle servers_;
  preferred_probe probe_;

  state state_ = state::idle;
  mode mode_ = mode::running;
  bool connect_wanted_ = false; ///< by `connect()`, apart from what is queued
  bool writing_ = false;
  bool reading_ = false;
  bool heard_ = false;     ///< an answer, since the connection is open
  bool keep_open_ = false; ///< whether or not there is something to send
  bool ping_wanted_ = false;
  bool lost_ = false; ///< the connection that closes
  bool wary_ = false; ///< of servers: an empty message goes first, until one answers
  /// Of the peer's having gone, whose last words are still to be read.
  boost::system::error_code write_failure_{};
  time_point connect_due_ = never;
  time_point handshake_due_ = never;
  time_point write_due_ = never;
  time_point drain_due_ = never;
  time_point heard_at_{};

  // What next_action() has still to hand out.
  bool connect_pending_ = false;
  bool close_pending_ = false;
  bool close_cleanly_ = false;
  std::optional<boost::system::error_code> connect_result_{};
  /// Handed out once closed, and not draining anew.
  std::optional<boost::system::error_code> drain_result_{};
  boost::system::error_code drain_error_{}; ///< what lost messages while draining
  std::vector<tell> reports_{};             ///< a few at most
};

/// Over a stream of frames, with answers.
using session = basic_session<pipeline>;
/// By datagrams, with none.
using datagram_session = basic_session<datagram_pipeline>;

extern template class basic_session<pipeline>;
extern template class basic_session<datagram_pipeline>;

} // namespace riemann::inline v0::core

#endif
