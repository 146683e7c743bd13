#ifndef RIEMANN_CLIENT_COMPLETIONS_HPP
#define RIEMANN_CLIENT_COMPLETIONS_HPP

#include <riemann/detail/handler_slot.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>

namespace riemann::inline v0::clients {

/// A handler that has an executor of its own, and what it is to be told.
class completion {
public:
  completion() = default;
  completion(const completion&) = delete;
  completion& operator=(const completion&) = delete;
  virtual ~completion() = default;

  [[nodiscard]] virtual const boost::asio::any_io_executor& where() const noexcept = 0;
  /// To be called there, once.
  virtual void call() = 0;

private:
  friend class completions;
  std::shared_ptr<completion> next_{}; ///< of those that wait for memory
};

template <class... Args>
class completion_of final : public completion {
public:
  using slot_type = detail::handler_slot<void(Args...)>;

  explicit completion_of(slot_type&& handler) noexcept : handler_{std::move(handler)} {}

  void tell(Args... args) { args_ = std::tuple<Args...>{std::move(args)...}; }
  [[nodiscard]] const boost::asio::any_io_executor& where() const noexcept override
  {
    return handler_.executor();
  }
  void call() override
  {
    std::apply([this](Args&... args) { handler_.invoke(args...); }, args_);
  }

private:
  std::tuple<Args...> args_{};
  slot_type handler_;
};

/// The handler's, to be moved there, or none if it has no executor of its own.
template <class... Args>
[[nodiscard]] std::shared_ptr<completion_of<Args...>>
completion_elsewhere(detail::handler_slot<void(Args...)>& handler)
{
  return handler.executor() ? std::make_shared<completion_of<Args...>>(std::move(handler))
                            : nullptr;
}

/// The last step to handlers that have executors of their own: our books do not wait for
/// it, since those need not run. From any thread.
class completions {
public:
  completions() = default;
  completions(const completions&) = delete;
  completions& operator=(const completions&) = delete;
  ~completions() { drop(); }

  /// Has it called. If there is no memory for that it waits for `post_late`.
  void post(std::shared_ptr<completion> c) noexcept;
  /// Tries those again that wait for memory, if there are any.
  void post_late() noexcept;
  /// Destroys them uncalled.
  void drop() noexcept;

private:
  void keep(std::shared_ptr<completion> c) noexcept;
  [[nodiscard]] std::shared_ptr<completion> take_late() noexcept;

  std::mutex mutex_{};
  std::atomic<bool> some_are_late_{false};
  std::shared_ptr<completion> late_{}; ///< the last; each has the one before
};

} // namespace riemann::inline v0::clients

#endif
