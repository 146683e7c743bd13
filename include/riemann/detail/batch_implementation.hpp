#ifndef RIEMANN_DETAIL_BATCH_IMPLEMENTATION_HPP
#define RIEMANN_DETAIL_BATCH_IMPLEMENTATION_HPP

#include <riemann/batch_options.hpp>
#include <riemann/detail/event_source.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/implementation.hpp>
#include <riemann/detail/lent.hpp>
#include <riemann/detail/lent_event.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace riemann::inline v0::detail {

/**
 * What stands behind a batch client: everything after the token has been erased.
 * All functions may be called from any thread; none calls a handler.
 */
class RIEMANN_EXPORT batch_implementation {
public:
  batch_implementation() = default;
  batch_implementation(const batch_implementation&) = delete;
  batch_implementation& operator=(const batch_implementation&) = delete;
  virtual ~batch_implementation() = default;

  [[nodiscard]] virtual boost::asio::any_io_executor executor() const noexcept = 0;
  virtual operation_id new_operation_id() noexcept = 0;
  /// False: refused.
  virtual bool post(const event_source& event) = 0;
  virtual void send(const lent_event& event, send_slot&& handler, operation_id id) = 0;
  virtual void flush(done_slot handler, operation_id id) = 0;
  virtual void drain(std::chrono::steady_clock::duration deadline, done_slot handler,
                     operation_id id) = 0;
  /// `only_unwritten`: not if it has had an effect.
  virtual void cancel_operation(operation_id id, bool only_unwritten) = 0;
  [[nodiscard]] virtual batch_statistics statistics() const = 0;
  /// The batch client is gone: ends what waits.
  virtual void close() noexcept = 0;
};

/// The initiations, as those of a transport.
struct batch_initiation {
  using executor_type = boost::asio::any_io_executor;
  [[nodiscard]] executor_type get_executor() const noexcept { return target->executor(); }

  lent<batch_implementation> target;
};

struct initiate_batch_send : batch_initiation {
  template <class Handler>
  void operator()(Handler&& handler, const lent_event& event) const
  {
    const operation_id id = install_canceller(target.get(), handler);
    target->send(event, send_slot_for(target.get(), std::forward<Handler>(handler)), id);
  }
};

struct initiate_batch_flush : batch_initiation {
  template <class Handler>
  void operator()(Handler&& handler) const
  {
    const operation_id id = install_canceller(target.get(), handler);
    target->flush({std::forward<Handler>(handler), target->executor()}, id);
  }
};

struct initiate_batch_close : batch_initiation {
  template <class Handler>
  void operator()(Handler&& handler, std::chrono::steady_clock::duration deadline) const
  {
    const operation_id id = install_canceller(target.get(), handler);
    target->drain(deadline, {std::forward<Handler>(handler), target->executor()}, id);
  }
};

} // namespace riemann::inline v0::detail

#endif
