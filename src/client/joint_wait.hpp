#ifndef RIEMANN_CLIENT_JOINT_WAIT_HPP
#define RIEMANN_CLIENT_JOINT_WAIT_HPP

#include "client/completions.hpp"

#include <riemann/detail/implementation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace riemann::inline v0::clients {

/// A connect or disconnect of several transports that one handler waits for: until all
/// have ended, or the one that is needed has ended well. What it has of the handler is
/// given up then, though it be needed for longer.
class joint_wait : public std::enable_shared_from_this<joint_wait> {
public:
  /// Who must have ended well; else the error is the first one's that has one, or that of
  /// a cancel.
  enum class need { all, one };

  /// The handler of one of them; runs on its transport's executor.
  class end {
  public:
    end(std::shared_ptr<joint_wait> joint, std::size_t index) noexcept
        : joint_{std::move(joint)}, index_{index}
    {}
    void operator()(boost::system::error_code error) const { joint_->ended(index_, error); }

  private:
    std::shared_ptr<joint_wait> joint_;
    std::size_t index_;
  };

  /// `before`: called once, before the handler, or when that is destroyed uninvoked.
  joint_wait(detail::done_slot handler, std::shared_ptr<completions> to_others, need n,
             std::function<void()> before = {})
      : need_{n},
        before_{std::move(before)},
        to_others_{std::move(to_others)},
        elsewhere_{completion_elsewhere(handler)},
        handler_{std::move(handler)}
  {}
  joint_wait(const joint_wait&) = delete;
  joint_wait& operator=(const joint_wait&) = delete;
  ~joint_wait() { call_before(); }

  /// To be called first: how many there are.
  void expect(std::size_t count)
  {
    errors_.resize(count);
    left_ = count;
  }
  [[nodiscard]] detail::done_slot slot(std::size_t index)
  {
    return {end{shared_from_this(), index}, boost::asio::any_io_executor{}};
  }
  /// Instead of any of them; `own`: where they would have run.
  void refuse(const boost::asio::any_io_executor& own, boost::system::error_code error)
  {
    boost::asio::post(own, [self = shared_from_this(), error] { self->finish(error); });
  }
  /// Not all of them could be begun, and the caller is to hear of it by an exception: the
  /// handler is destroyed uncalled. False: it is called, for a good one was enough.
  [[nodiscard]] bool call_off() noexcept
  {
    if (told_.exchange(true)) {
      return false;
    }
    elsewhere_.reset();
    handler_.reset();
    return true;
  }

private:
  void ended(std::size_t index, boost::system::error_code error)
  {
    errors_[index] = error;
    // Before it is counted: whoever is the last is to see it.
    const bool enough = need_ == need::one && !error && !good_one_.exchange(true);
    const bool last = left_.fetch_sub(1) == 1;
    if (enough) {
      finish({});
    } else if (last && !good_one_) {
      finish(first_error());
    }
  }

  [[nodiscard]] boost::system::error_code first_error() const noexcept
  {
    const boost::system::error_code cancelled = boost::asio::error::operation_aborted;
    if (std::ranges::find(errors_, cancelled) != errors_.end()) {
      return cancelled;
    }
    const auto failed = std::ranges::find_if(errors_, [](auto e) { return e.failed(); });
    return failed == errors_.end() ? boost::system::error_code{} : *failed;
  }

  void finish(boost::system::error_code error)
  {
    if (told_.exchange(true)) {
      return;
    }
    call_before();
    if (const auto elsewhere = std::exchange(elsewhere_, nullptr)) {
      elsewhere->tell(error);
      to_others_->post(elsewhere);
    } else {
      handler_(error);
    }
  }

  void call_before() noexcept
  {
    if (const auto before = std::exchange(before_, nullptr)) {
      before();
    }
  }

  need need_;
  std::vector<boost::system::error_code> errors_{}; ///< each set by its `end` alone
  std::atomic<std::size_t> left_{0};
  std::atomic<bool> good_one_{false}; ///< where one is needed
  std::function<void()> before_;
  std::atomic<bool> told_{false}; ///< the handler has been taken
  const std::shared_ptr<completions> to_others_;
  std::shared_ptr<completion_of<boost::system::error_code>> elsewhere_; ///< instead of:
  detail::done_slot handler_;
};

} // namespace riemann::inline v0::clients

#endif
