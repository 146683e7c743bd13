#ifndef RIEMANN_SIMULATION_CONNECTION_HPP
#define RIEMANN_SIMULATION_CONNECTION_HPP

#include "dice.hpp"
#include "scenario.hpp"
#include "timeline.hpp"
#include "wire.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>

namespace riemann::simulation {

/// What a read ends in by TLS's alert.
boost::system::error_code alert_code();

/**
 * A stream of bytes each way: pieces of any size, delays, bounded room on the
 * way, and an end at any byte. Calls nobody back from within a call.
 */
class connection : public std::enable_shared_from_this<connection> {
public:
  using done = std::function<void(boost::system::error_code, std::size_t)>;
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  connection(timeline& time, dice& random, const scenario& how)
      : time_{time}, random_{random}, how_{how}
  {}

  // The client's end: one of each at a time, called back once.
  void write(std::span<const std::byte> from, done then);
  void read(std::span<std::byte> to, done then);
  void close();

  // The server's end.
  void send(const bytes& what);
  /// The connection ends: in order, after what was sent, or by a reset.
  void end(bool reset);
  /// ...and the client hears of it now, in the middle of its read.
  void break_at_once();
  /// It ends by TLS's alert, in place of what would be read next.
  void alert();
  void stop_reading() noexcept { reads_ = false; }
  /// How many bytes more either way until it breaks.
  void limit_up(std::size_t n) noexcept { up_left_ = n; }
  void limit_down(std::size_t n) noexcept { down_left_ = n; }
  /// Nothing is on the way, and the client is reading.
  [[nodiscard]] bool quiet() const noexcept;
  /// Brings this to the client now.
  void deliver_at_once(const bytes& what);

  // Who watches.
  std::function<void(std::size_t)> on_taken{};                       ///< of a write
  std::function<void(std::span<const std::byte>)> on_arrival{};      ///< at the server
  std::function<void(std::span<const std::byte>)> before_delivery{}; ///< to the client

private:
  struct write_operation {
    std::span<const std::byte> from;
    bytes copy; ///< what must not change while it is being written
    done then;
    bool ending = false;
  };
  struct read_operation {
    std::span<std::byte> to;
    done then;
    bool due = false;
  };

  void later(void (connection::*what)());
  std::size_t piece(std::size_t most);
  void take();
  void finish_write(boost::system::error_code error, std::size_t n);
  void arrive();
  void expect_delivery();
  void deliver();
  void finish_read(boost::system::error_code error, std::size_t n);

  timeline& time_;
  dice& random_;
  const scenario& how_;

  std::optional<write_operation> writing_{};
  std::optional<read_operation> reading_{};
  bytes up_{};
  bytes down_{};
  std::size_t up_left_ = unlimited;
  std::size_t down_left_ = unlimited;
  bool reads_ = true;
  bool blocked_ = false;
  bool arriving_ = false;
  bool ended_ = false;
  bool reset_ = false;
  bool alerted_ = false;
  bool closed_ = false;
};

} // namespace riemann::simulation

#endif
