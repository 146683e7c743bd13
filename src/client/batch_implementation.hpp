#ifndef RIEMANN_CLIENT_BATCH_IMPLEMENTATION_HPP
#define RIEMANN_CLIENT_BATCH_IMPLEMENTATION_HPP

#include "client/alarm_clock.hpp"
#include "client/brief_mutex.hpp"
#include "core/batcher.hpp"
#include "net/deliverer.hpp"
#include "net/operations_by_id.hpp"
#include "net/shutdown_service.hpp"
#include "net/waiters.hpp"

#include <riemann/batch_options.hpp>
#include <riemann/detail/batch_implementation.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

/// (Not called "client": that is the class.)
namespace riemann::inline v0::clients {

/**
 * The thin shell around a batcher: it hands batches to the transport, reads its clock,
 * and owns the handlers. It decides nothing.
 *
 * The batcher is touched with the lock held; batches are handed over without it, by one
 * thread at a time, so that they keep their order. Callers only gather: the executor is
 * woken once for all that comes before it looks.
 *
 * What has ended stays here until it is delivered. Where there is no memory for that, or
 * for an alarm, the executor is woken to try again; where there is none for that either,
 * whoever is here tries, once. What then is left waits for whoever comes next.
 */
class batch_implementation final : public detail::batch_implementation,
                                   public net::shutdown_node,
                                   public alarm_sleeper,
                                   public std::enable_shared_from_this<batch_implementation> {
public:
  using duration = std::chrono::steady_clock::duration;

  /// `clock`: of the transport's executor.
  batch_implementation(std::shared_ptr<detail::implementation> transport,
                       const batch_options& options, std::unique_ptr<alarm_clock> clock);
  ~batch_implementation() override;

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override
  {
    return executor_;
  }
  detail::operation_id new_operation_id() noexcept override { return ++last_id_; }

  bool post(const detail::event_source& event) override;
  void send(const detail::lent_event& event, detail::send_slot&& handler,
            detail::operation_id id) override;
  void flush(detail::done_slot handler, detail::operation_id id) override;
  void drain(duration deadline, detail::done_slot handler, detail::operation_id id) override;
  void cancel_operation(detail::operation_id id, bool only_unwritten) override;
  [[nodiscard]] batch_statistics statistics() const override;
  void close() noexcept override;
  void on_context_shutdown() noexcept override;
  void on_alarm() override;

private:
  using lock_type = std::unique_lock<brief_mutex>;
  using deliverer_type = net::deliverer<net::wait_operation, boost::asio::any_io_executor>;
  using room_type = deliverer_type::room_type;
  using delivery_pointer = deliverer_type::pointer;

  struct flush_operation : core::batch_flush {
    net::finished_wait wait{};
    detail::operation_id id = 0;
    bool closes = false;
  };
  /// One moves from list to list, which needs no memory.
  using flush_list = std::list<flush_operation>;

  /// All that must not outlive the execution context.
  struct io_objects {
    io_objects(const boost::asio::any_io_executor& executor, std::shared_ptr<room_type> room,
               std::unique_ptr<alarm_clock> c)
        : out{executor, std::move(room)}, clock{std::move(c)}
    {}

    deliverer_type out;
    std::unique_ptr<alarm_clock> clock;
  };

  /// What is left to do without the lock.
  struct chores {
    core::batch_waiters ended{};
    flush_list finished{};
    bool wake = false;
    bool tell = false;
  };

  /// There is no memory to have the executor look.
  enum class when_alone {
    look, ///< here, then
    stop, ///< that was tried
  };

  /// What the transport completes a batch with.
  struct batch_handler {
    void operator()(boost::system::error_code error, response answer) const
    {
      self->on_batch_end(*handed_over, error, std::move(answer));
    }

    std::shared_ptr<batch_implementation> self;
    core::batch* handed_over;
  };

  [[nodiscard]] core::time_point deadline_in(duration d) const noexcept;

  /// Takes an event in, with the lock, which it takes. Encoded where it is to be; by those
  /// who find somebody else there, beside it.
  [[nodiscard]] core::batcher::admission add(const detail::event_source& event,
                                             net::wait_operation* waiter, lock_type& lock)
  {
    return lock.try_lock() ? batcher_.add(event, waiter) : add_beside(event, waiter, lock);
  }
  [[nodiscard]] core::batcher::admission add_beside(const detail::event_source& event,
                                                    net::wait_operation* waiter, lock_type& lock);

  // With the lock held.
  [[nodiscard]] bool is_any_to_do(core::batcher::admission a) const noexcept
  {
    return (a.must_look && !waking_) || batcher_.has_news();
  }
  [[nodiscard]] bool is_any_kept_back() const noexcept
  {
    return !undelivered_.empty() || !untold_.empty() || (batcher_.has_losses() && !telling_);
  }
  chores collect(bool must_look) noexcept;
  void collect_news(chores& c) noexcept;
  void finish(flush_operation& f, boost::system::error_code error, chores& c) noexcept;
  // False: there is no memory for it.
  [[nodiscard]] bool set_alarm() noexcept;
  [[nodiscard]] bool arm(core::time_point due) noexcept;
  // Leave it unlocked.
  void hand_over_all(lock_type& lock, delivery_pointer* at_once,
                     when_alone then = when_alone::look) noexcept;
  void unlock_and_do(lock_type& lock, chores c, delivery_pointer* at_once = nullptr,
                     when_alone then = when_alone::look) noexcept;

  void wait(flush_operation f, std::optional<core::time_point> close_by);
  // False: there is no memory for it.
  [[nodiscard]] bool deliver(chores& c, delivery_pointer* at_once) noexcept;
  [[nodiscard]] bool wake() noexcept;
  [[nodiscard]] bool wake_once() noexcept;
  [[nodiscard]] bool post_telling() noexcept;
  void deliver_finished(chores& c);
  void keep_back(chores& c) noexcept;
  void look_here() noexcept;
  void on_woken();
  void hand_over(core::batch& b) noexcept;
  void on_batch_end(core::batch& b, boost::system::error_code error, response answer);
  [[nodiscard]] bool nothing_is_acked() noexcept;

  void tell_one_loss();

  void destroy_handlers() noexcept;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<detail::implementation> transport_;
  std::shared_ptr<room_type> room_;
  std::optional<io_objects> io_;
  std::atomic<bool> context_gone_ = false;
  net::shutdown_service& service_;
  std::atomic<detail::operation_id> last_id_{0};
  std::atomic<bool> is_answered_ = false; ///< the transport, for all that is known

  mutable brief_mutex mutex_{};
  core::batcher batcher_;
  net::operations_by_id<net::wait_operation> cancellable_{};
  flush_list flushes_{};
  core::batch_waiters undelivered_{}; ///< ended; there was no memory to say so
  flush_list untold_{};               ///< the same
  core::time_point armed_for_ = core::never;
  bool waking_ = false;
  bool handing_over_ = false;
  bool telling_ = false;

  std::function<void(const batch_loss&)> on_loss_;
};

} // namespace riemann::inline v0::clients

#endif
