#ifndef RIEMANN_NET_BLANK_IMPLEMENTATION_HPP
#define RIEMANN_NET_BLANK_IMPLEMENTATION_HPP

#include "core/ledger.hpp"
#include "net/shutdown_service.hpp"

#include <riemann/detail/implementation.hpp>
#include <riemann/event.hpp>
#include <riemann/options.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::inline v0::net {

/// Answers on the caller's thread, under one lock; handlers are posted.
class blank_implementation : public detail::implementation, public shutdown_node {
public:
  blank_implementation(const boost::asio::any_io_executor& executor, blank_options options);
  ~blank_implementation() override;

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override
  {
    return executor_;
  }
  /// Everything has ended before anybody could cancel it.
  detail::operation_id new_operation_id() noexcept override { return 0; }

  void connect(detail::done_slot handler, detail::operation_id id) override;
  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id id) override;
  void disconnect(std::chrono::steady_clock::duration deadline, detail::done_slot handler,
                  detail::operation_id id) override;
  void cancel() override {}
  void cancel_operation(detail::operation_id, bool) override {}
  void close() noexcept override;
  [[nodiscard]] riemann::statistics statistics() const override;
  void on_context_shutdown() noexcept override;

  [[nodiscard]] std::vector<message> messages() const;
  [[nodiscard]] std::uint64_t forgotten() const;
  void clear();
  void answer_query(std::string_view query, response answer);
  void fail_next(boost::system::error_code error, response answer);

private:
  using ending = std::pair<boost::system::error_code, response>;

  // All with the mutex held.
  ending next_end(const message& m);
  [[nodiscard]] boost::system::error_code refusal(const message& m,
                                                  const send_options& options) const;
  void keep(message m);

  template <class Slot, class... Results>
  void finish(Slot handler, Results... results);

  boost::asio::any_io_executor executor_;
  const blank_options options_;
  shutdown_service& service_;
  std::atomic<bool> context_gone_ = false;

  mutable std::mutex mutex_{};
  core::ledger ledger_{};
  bool closed_ = false;
  bool disconnected_ = false;
  std::deque<message> kept_{};
  std::uint64_t forgotten_ = 0;
  std::map<std::string, response, std::less<>> canned_{};
  std::deque<ending> failures_{};
};

} // namespace riemann::inline v0::net

#endif
