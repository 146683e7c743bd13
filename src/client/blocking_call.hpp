#ifndef RIEMANN_CLIENT_BLOCKING_CALL_HPP
#define RIEMANN_CLIENT_BLOCKING_CALL_HPP

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace riemann::inline v0::clients {

/// Where one thread waits for what an operation comes to. It lies on that thread's
/// stack, and is left only when the operation's `ender` is gone.
template <class Result>
class blocking_call {
public:
  /// Told by the operation's handler; a handler that is destroyed uninvoked tells what
  /// it was made with.
  class ender {
  public:
    ender(blocking_call& call, Result if_lost) : call_{&call}, if_lost_{std::move(if_lost)} {}
    ender(ender&& other) noexcept
        : call_{std::exchange(other.call_, nullptr)}, if_lost_{std::move(other.if_lost_)}
    {}
    ender& operator=(ender&&) = delete;
    ~ender() { (*this)(std::move(if_lost_)); }

    void operator()(Result result) noexcept
    {
      if (call_ != nullptr) {
        std::exchange(call_, nullptr)->end(std::move(result));
      }
    }

  private:
    blocking_call* call_;
    Result if_lost_;
  };

  /// False: it has not ended by then.
  [[nodiscard]] bool wait_until(std::chrono::steady_clock::time_point due)
  {
    std::unique_lock lock{mutex_};
    return ended_.wait_until(lock, due, [this] { return result_.has_value(); });
  }

  [[nodiscard]] Result wait()
  {
    std::unique_lock lock{mutex_};
    ended_.wait(lock, [this] { return result_.has_value(); });
    return std::move(*result_);
  }

private:
  void end(Result&& result) noexcept
  {
    const std::scoped_lock lock{mutex_};
    result_.emplace(std::move(result));
    // With the lock held: whoever waits destroys both.
    ended_.notify_one();
  }

  std::mutex mutex_{};
  std::condition_variable ended_{};
  std::optional<Result> result_{};
};

} // namespace riemann::inline v0::clients

#endif
