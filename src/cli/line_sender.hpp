#ifndef RIEMANN_CLI_LINE_SENDER_HPP
#define RIEMANN_CLI_LINE_SENDER_HPP

#include "cli/bad_lines.hpp"
#include "cli/event_printer.hpp"
#include "cli/event_reader.hpp"
#include "cli/exit_code.hpp"
#include "cli/input_pieces.hpp"
#include "cli/record_splitter.hpp"
#include "cli/settings.hpp"
#include "cli/stop_signal.hpp"
#include "cli/throttle.hpp"

#include <riemann/batch_client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace riemann::cli {

/**
 * Sends the events that stand in standard input, in batches, and reads on only while
 * those outstanding are few: its memory does not grow with the input. Where there is no
 * server to send to, it prints them instead. On one thread; it outlives the run of its
 * context.
 */
class line_sender {
public:
  /// The transport is connected.
  line_sender(boost::asio::io_context& context, any_transport& transport,
              const stream_settings& settings);

  boost::asio::awaitable<exit_code> run();

private:
  // A mark is set in the stream of events every so often; so many may be outstanding.
  static constexpr std::size_t events_between_marks = 1'000;
  static constexpr std::size_t bytes_between_marks = std::size_t{128} << 10;
  static constexpr std::size_t most_marks = 32;

  [[nodiscard]] batch_options options();
  boost::asio::awaitable<void> send_all();
  boost::asio::awaitable<void> send_whole_records();
  boost::asio::awaitable<void> wait_for_room();
  boost::asio::awaitable<void> drain();
  void send(record r);
  void refuse(record r);
  void deliver(std::size_t size);
  void count(std::size_t size);
  /// False: there is nothing in this record, or it is to be cut anew.
  bool choose_reader(const record& first);
  void refresh_time();
  void stop_reading();
  void took_loss(const batch_loss& loss);
  void finish();
  void tell_summary() const;
  [[nodiscard]] std::string status() const;
  [[nodiscard]] std::string summary() const;
  [[nodiscard]] exit_code result() const;

  boost::asio::io_context& context_;
  any_transport& transport_;
  const stream_settings& settings_;
  bad_lines bad_;
  input_pieces input_;
  record_splitter splitter_{};
  std::unique_ptr<event_reader> reader_{};
  event defaults_;
  std::size_t defaults_size_;
  event event_{};
  std::optional<event_printer> printer_{}; ///< in place of the client
  batch_client batch_;
  boost::asio::steady_timer room_;
  stop_signal signal_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::uint64_t lines_ = 0;
  std::size_t marks_ = 0;
  std::size_t events_since_mark_ = 0;
  std::size_t bytes_since_mark_ = 0;
  throttle losses_{};
  exit_code first_loss_ = exit_code::acknowledged;
  bool stopping_ = false;
};

} // namespace riemann::cli

#endif
