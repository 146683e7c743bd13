#ifndef RIEMANN_DETAIL_HELD_TRANSPORT_HPP
#define RIEMANN_DETAIL_HELD_TRANSPORT_HPP

#include <riemann/detail/implementation.hpp>
#include <riemann/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <chrono>
#include <utility>

namespace riemann::inline v0::detail {

/// An erased handler with what was associated with it, for a transport that is
/// not this library's.
template <class Slot>
class passed_on {
public:
  using executor_type = boost::asio::any_io_executor;
  using cancellation_slot_type = boost::asio::cancellation_slot;

  passed_on(Slot handler, const executor_type& own)
      : executor_{handler.executor() ? handler.executor() : own}, handler_{std::move(handler)}
  {}
  [[nodiscard]] executor_type get_executor() const noexcept { return executor_; }
  [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept
  {
    return handler_.cancellation_slot();
  }
  template <class... Results>
  void operator()(Results&&... results)
  {
    handler_(std::forward<Results>(results)...);
  }

private:
  executor_type executor_;
  Slot handler_;
};

/**
 * A user's transport as an implementation. Its own functions may be called from
 * several threads at once only if that transport's may. A lazy operation keeps it
 * alive, and is refused when `any_transport` is gone.
 */
template <class Transport>
class held_transport final : public implementation {
public:
  explicit held_transport(Transport inner) : inner_{std::move(inner)} {}

  /// Not kept here: it could outlive its context.
  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override
  {
    return inner_.get_executor();
  }
  /// The transport inside listens to handlers' cancellation slots itself.
  operation_id new_operation_id() noexcept override { return 0; }

  void connect(done_slot handler, operation_id) override
  {
    if (closed_) {
      return refuse(std::move(handler), boost::asio::error::operation_aborted);
    }
    inner_.async_connect(passed_on{std::move(handler), executor()});
  }
  void send(message&& m, const send_options& options, send_slot&& handler, operation_id) override
  {
    if (closed_) {
      return refuse(std::move(handler), make_error_code(errc::cancelled), response{});
    }
    if (m.has_query() && !Transport::answers_queries) {
      return refuse(std::move(handler), make_error_code(errc::not_supported), response{});
    }
    inner_.async_send(std::move(m), options, passed_on{std::move(handler), executor()});
  }
  void disconnect(std::chrono::steady_clock::duration deadline, done_slot handler,
                  operation_id) override
  {
    if (closed_) {
      return refuse(std::move(handler), boost::asio::error::operation_aborted);
    }
    inner_.async_disconnect(deadline, passed_on{std::move(handler), executor()});
  }
  void cancel() override { inner_.cancel(); }
  void cancel_operation(operation_id, bool) override {}
  [[nodiscard]] riemann::statistics statistics() const override { return inner_.statistics(); }
  void close() noexcept override
  {
    closed_ = true;
    try {
      inner_.cancel();
    } catch (...) { // NOLINT(bugprone-empty-catch): a destructor calls this
    }
  }

private:
  template <class Slot, class... Results>
  void refuse(Slot handler, Results... results)
  {
    const auto executor = handler.executor() ? handler.executor() : this->executor();
    boost::asio::post(executor,
                      [handler = std::move(handler), ... results = std::move(results)]() mutable {
                        handler(std::move(results)...);
                      });
  }

  Transport inner_;
  std::atomic<bool> closed_ = false;
};

} // namespace riemann::inline v0::detail

#endif
