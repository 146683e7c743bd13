#ifndef RIEMANN_DETAIL_IMPLEMENTATION_HPP
#define RIEMANN_DETAIL_IMPLEMENTATION_HPP

#include <riemann/detail/export.hpp>
#include <riemann/detail/handler_slot.hpp>
#include <riemann/detail/same_asio.hpp>
#include <riemann/message.hpp>
#include <riemann/options.hpp>
#include <riemann/response.hpp>
#include <riemann/statistics.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace riemann::inline v0::detail {

using send_slot = handler_slot<void(boost::system::error_code, response)>;
using done_slot = handler_slot<void(boost::system::error_code)>;

/// Names one cancellable operation of one implementation; 0: not cancellable.
using operation_id = std::uint64_t;

/**
 * What stands behind a transport: everything after the token has been erased.
 * All functions may be called from any thread; none calls a handler.
 */
class RIEMANN_EXPORT implementation {
public:
  implementation() = default;
  implementation(const implementation&) = delete;
  implementation& operator=(const implementation&) = delete;
  virtual ~implementation() = default;

  [[nodiscard]] virtual boost::asio::any_io_executor executor() const noexcept = 0;
  /// 0 where operations are not cancelled by their names.
  virtual operation_id new_operation_id() noexcept = 0;
  virtual void connect(done_slot handler, operation_id id) = 0;
  /// Takes the message and the handler over.
  virtual void send(message&& m, const send_options& options, send_slot&& handler,
                    operation_id id) = 0;
  virtual void disconnect(std::chrono::steady_clock::duration deadline, done_slot handler,
                          operation_id id) = 0;
  virtual void cancel() = 0;
  /// `only_unwritten`: not if it has had an effect.
  virtual void cancel_operation(operation_id id, bool only_unwritten) = 0;
  [[nodiscard]] virtual riemann::statistics statistics() const = 0;
  /// The transport is gone: ends everything, for good.
  virtual void close() noexcept = 0;
};

/// What a cancellation slot holds: it may fire after completion, and from any
/// thread, so it keeps no more than a weak reference and a name.
template <class Target>
class canceller {
public:
  canceller(std::weak_ptr<Target> target, operation_id id) noexcept
      : target_{std::move(target)}, id_{id}
  {}
  void operator()(boost::asio::cancellation_type type) const
  {
    using boost::asio::cancellation_type;
    if (type == cancellation_type::none) {
      return;
    }
    const bool total_alone = (type & (cancellation_type::partial | cancellation_type::terminal)) ==
                             cancellation_type::none;
    if (auto target = target_.lock()) {
      target->cancel_operation(id_, total_alone);
    }
  }

private:
  std::weak_ptr<Target> target_;
  operation_id id_;
};

/// `Target`: names its operations, and cancels them by name.
template <class Target, class Handler>
operation_id install_canceller(const std::shared_ptr<Target>& target, const Handler& handler)
{
  auto slot = boost::asio::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) {
    return 0;
  }
  const operation_id id = target->new_operation_id();
  if (id == 0) {
    return 0;
  }
  slot.template emplace<canceller<Target>>(std::weak_ptr<Target>{target}, id);
  return id;
}

/// A callback that has no executor of its own is not to pay for asking.
template <class Target, class Handler>
[[nodiscard]] send_slot send_slot_for(const std::shared_ptr<Target>& target, Handler&& handler)
{
  if constexpr (send_slot::may_be_foreign<std::decay_t<Handler>>) {
    return {std::forward<Handler>(handler), target->executor()};
  } else {
    return {std::forward<Handler>(handler), boost::asio::any_io_executor{}};
  }
}

/// The initiations: they hold the shared implementation, so that a lazy
/// operation may be started after its transport is gone (it is then cancelled).
struct initiation {
  using executor_type = boost::asio::any_io_executor;
  [[nodiscard]] executor_type get_executor() const noexcept { return target->executor(); }

  std::shared_ptr<implementation> target;
};

struct initiate_connect : initiation {
  template <class Handler>
  void operator()(Handler&& handler) const
  {
    const operation_id id = install_canceller(target, handler);
    target->connect({std::forward<Handler>(handler), target->executor()}, id);
  }
};

struct initiate_send : initiation {
  template <class Handler>
  void operator()(Handler&& handler, message&& m, const send_options& options) const
  {
    const operation_id id = install_canceller(target, handler);
    target->send(std::move(m), options, send_slot_for(target, std::forward<Handler>(handler)), id);
  }
  /// By a lazy operation that is started where it lies.
  template <class Handler>
  void operator()(Handler&& handler, const message& m, const send_options& options) const
  {
    (*this)(std::forward<Handler>(handler), message{m}, options);
  }
};

struct initiate_disconnect : initiation {
  template <class Handler>
  void operator()(Handler&& handler, std::chrono::steady_clock::duration deadline) const
  {
    const operation_id id = install_canceller(target, handler);
    target->disconnect(deadline, {std::forward<Handler>(handler), target->executor()}, id);
  }
};

} // namespace riemann::inline v0::detail

#endif
