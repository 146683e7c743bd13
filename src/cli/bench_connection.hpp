#ifndef RIEMANN_CLI_BENCH_CONNECTION_HPP
#define RIEMANN_CLI_BENCH_CONNECTION_HPP

#include "cli/answer.hpp"
#include "cli/settings.hpp"

#include <riemann/any_transport.hpp>
#include <riemann/message.hpp>

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

namespace riemann::cli {

/// One connection's part of the load: as many messages outstanding as the window says,
/// until its events are used up or it is told to stop. On one thread, but where it says
/// otherwise.
class bench_connection {
public:
  /// `share`: of the events; nothing: without end. `finished`: called on the context's thread,
  /// once, when the last message has ended.
  bench_connection(boost::asio::io_context& context, const bench_settings& settings,
                   std::optional<std::uint64_t> share, std::function<void()> finished);

  /// Any thread.
  [[nodiscard]] any_transport& transport() noexcept { return transport_; }
  /// Any thread, once: begins to send.
  void start();
  /// Any thread: sends no more.
  void stop() noexcept { stopping_ = true; }
  /// Any thread: how the first message that failed did.
  [[nodiscard]] std::optional<answer> first_failure() const;

private:
  void fill_window();
  /// False: there is nothing more to send.
  bool send_one();
  [[nodiscard]] message next_message(std::uint64_t events);
  void ended(boost::system::error_code error, response content);

  boost::asio::io_context& context_;
  const bench_settings& settings_;
  any_transport transport_;
  std::function<void()> finished_;
  std::optional<std::uint64_t> share_;
  std::uint64_t sent_ = 0;
  std::size_t outstanding_ = 0;
  std::atomic<bool> stopping_ = false;

  mutable std::mutex mutex_{};
  std::optional<answer> first_failure_{};
};

} // namespace riemann::cli

#endif
