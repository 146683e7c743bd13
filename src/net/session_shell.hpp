#ifndef RIEMANN_NET_SESSION_SHELL_HPP
#define RIEMANN_NET_SESSION_SHELL_HPP

#include "core/intake.hpp"
#include "core/session.hpp"
#include "net/delivery.hpp"
#include "net/handler_memory.hpp"
#include "net/operation_pool.hpp"
#include "net/shutdown_service.hpp"

#include <riemann/detail/stream_implementation.hpp>
#include <riemann/error.hpp>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace riemann::net {

/**
 * The thin shell around a session: it carries out the core's actions on a real
 * stream, reads the clock, and owns the handlers. It decides nothing.
 *
 * The session is touched on the strand only; what callers hand over waits in the
 * intake, under the one lock there is, for one post a batch.
 */
template <class Connector>
class session_shell final : public detail::stream_implementation,
                            public shutdown_node,
                            public std::enable_shared_from_this<session_shell<Connector>> {
public:
  using executor_type = typename Connector::executor_type;
  using strand_type = typename Connector::strand_type;
  using clock = std::chrono::steady_clock;

  session_shell(const boost::asio::any_io_executor& own, executor_type executor,
                const typename Connector::options_type& options)
      : own_{own},
        io_{std::in_place, std::move(executor), options},
        service_{boost::asio::use_service<shutdown_service>(
            boost::asio::query(own, boost::asio::execution::context))},
        session_{options.session},
        intake_{options.session}
  {
    service_.add(*this);
  }

  ~session_shell() override
  {
    if (!context_gone_) {
      service_.remove(*this);
      destroy_handlers();
    }
  }

  // --- callers' side: any thread

  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept override
  {
    return own_;
  }

  detail::operation_id new_operation_id() noexcept override { return ++last_id_; }

  void send(message m, const send_options& options, detail::send_slot handler,
            detail::operation_id id) override
  {
    const auto deadline = options.deadline ? deadline_in(*options.deadline) : core::never;
    send_operation* operation = pool_->make(std::move(m), deadline, std::move(handler), id);
    bool admitted = false;
    bool must_post = false;
    {
      const std::scoped_lock lock{mutex_};
      admitted = intake_.admit(*operation);
      admitted_ += admitted ? 1 : 0;
      must_post = admitted && !std::exchange(intake_posted_, true);
    }
    if (!admitted) {
      operation->error = errc::overloaded;
      core::request_list refused;
      refused.push_back(*operation);
      return deliver(refused);
    }
    if (must_post) {
      boost::asio::post(io_->strand, intake_runner{this->shared_from_this()});
    }
  }

  void connect(detail::done_slot handler, detail::operation_id id) override
  {
    hand_over({.what = command::kind::connect, .handler = std::move(handler), .id = id});
  }

  void disconnect(clock::duration deadline, detail::done_slot handler,
                  detail::operation_id id) override
  {
    hand_over({.what = command::kind::disconnect,
               .handler = std::move(handler),
               .id = id,
               .deadline = deadline_in(deadline)});
  }

  void cancel() override { hand_over({.what = command::kind::cancel}); }

  void cancel_operation(detail::operation_id id) override
  {
    if (!context_gone_) {
      hand_over({.what = command::kind::cancel_one, .id = id});
    }
  }

  void close() noexcept override
  {
    if (!context_gone_) {
      hand_over({.what = command::kind::shut});
    }
  }

  [[nodiscard]] riemann::statistics statistics() const override
  {
    const std::scoped_lock lock{mutex_};
    return intake_.snapshot();
  }

  [[nodiscard]] boost::system::result<boost::asio::ip::tcp::endpoint> address() const override
  {
    const std::scoped_lock lock{mutex_};
    if (!peer_) {
      return boost::system::error_code{boost::asio::error::not_connected};
    }
    return peer_->address;
  }

  [[nodiscard]] boost::system::result<boost::asio::ip::tcp::socket::native_handle_type>
  native_socket() const override
  {
    const std::scoped_lock lock{mutex_};
    if (!peer_) {
      return boost::system::error_code{boost::asio::error::not_connected};
    }
    return peer_->handle;
  }

  void on_context_shutdown() noexcept override
  {
    // A handler that is destroyed may hold the last reference to this.
    const auto self = this->weak_from_this().lock();
    context_gone_ = true;
    destroy_handlers();
    io_.reset();
    own_ = boost::asio::any_io_executor{};
  }

private:
  using timer_type =
      boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, strand_type>;

  /// All that must not outlive the execution context.
  struct io_objects {
    io_objects(executor_type e, const typename Connector::options_type& options)
        : executor{std::move(e)}, strand{executor}, connector{strand, options}, timer{strand}
    {}

    executor_type executor;
    strand_type strand;
    Connector connector;
    timer_type timer;
  };

  /// What a caller asks for besides sends, and its place among them: what was
  /// handed over later must not be touched by it.
  struct command {
    enum class kind : std::uint8_t { connect, disconnect, cancel, cancel_one, shut };

    kind what;
    detail::done_slot handler{};
    detail::operation_id id = 0;
    core::time_point deadline = core::never;
    std::uint64_t sends_before = 0;
  };

  struct waiter {
    detail::done_slot handler;
    detail::operation_id id;
  };

  /// A connect or disconnect that has ended.
  struct finished {
    detail::done_slot handler;
    boost::system::error_code error;
  };

  struct peer {
    boost::asio::ip::tcp::endpoint address;
    boost::asio::ip::tcp::socket::native_handle_type handle;
  };

  /// A handler of ours, with the room for its operation.
  template <handler_memory session_shell::*Memory,
            void (session_shell::*Function)(boost::system::error_code, std::size_t)>
  struct io_handler {
    using allocator_type = handler_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept
    {
      return allocator_type{(*self).*Memory};
    }
    void operator()(boost::system::error_code error, std::size_t n = 0) const
    {
      ((*self).*Function)(error, n);
    }

    std::shared_ptr<session_shell> self;
  };

  struct intake_runner {
    using allocator_type = handler_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept
    {
      return allocator_type{self->intake_memory_};
    }
    void operator()() const
    {
      self->step([](session_shell&, core::time_point) {});
    }

    std::shared_ptr<session_shell> self;
  };

  static core::time_point deadline_in(clock::duration d) noexcept
  {
    const auto now = clock::now();
    return d > core::never - now ? core::never : now + d;
  }

  void hand_over(command c)
  {
    bool must_post = false;
    {
      const std::scoped_lock lock{mutex_};
      c.sends_before = admitted_;
      commands_.push_back(std::move(c));
      must_post = !std::exchange(intake_posted_, true);
    }
    if (must_post) {
      boost::asio::post(io_->strand, intake_runner{this->shared_from_this()});
    }
  }

  // --- on the strand

  /// Everything that happens goes through here: the input, then what callers
  /// handed over meanwhile, in their order; the core's actions are carried out.
  template <class Input>
  void step(Input&& input)
  {
    const auto now = clock::now();
    input(*this, now);
    take_in(now);
    carry_out_all(now);
    auto ended = session_.take_ended();
    forget_cancellable(ended);
    publish();
    arm_timer();
    // After the books are out: handlers may run at once, elsewhere.
    deliver(ended);
    deliver_finished();
  }

  void take_in(core::time_point now)
  {
    core::request_list fresh;
    std::vector<command> commands;
    {
      const std::scoped_lock lock{mutex_};
      fresh = intake_.take();
      commands.swap(commands_);
      intake_posted_ = false;
    }
    if (!commands.empty()) {
      // What has happened before is not told to those who ask now.
      carry_out_all(now);
    }
    for (command& c : commands) {
      submit_until(c.sends_before, fresh, now);
      obey(c, now);
      carry_out_all(now);
    }
    submit_until(submitted_ + fresh.size(), fresh, now);
  }

  void submit_until(std::uint64_t sends, core::request_list& fresh, core::time_point now)
  {
    for (; submitted_ != sends; ++submitted_) {
      auto& operation = static_cast<send_operation&>(fresh.front());
      fresh.pop_front();
      if (operation.id != 0) {
        cancellable_.emplace(operation.id, &operation);
      }
      session_.submit(operation, now);
    }
  }

  void obey(command& c, core::time_point now)
  {
    switch (c.what) {
    case command::kind::connect:
      connects_.push_back({std::move(c.handler), c.id});
      return session_.connect(now);
    case command::kind::disconnect:
      disconnects_.push_back({std::move(c.handler), c.id});
      return session_.drain(c.deadline, now);
    case command::kind::cancel:
      return session_.cancel();
    case command::kind::cancel_one:
      return cancel_now(c.id);
    case command::kind::shut:
      return session_.shut();
    }
  }

  void publish()
  {
    const std::scoped_lock lock{mutex_};
    intake_.publish(session_.books(), session_.queued_bytes());
  }

  void carry_out_all(core::time_point now)
  {
    while (carry_out(session_.next_action(now))) {
    }
  }

  bool carry_out(core::action next)
  {
    return std::visit([this](auto& action) { return perform(action); }, next);
  }

  bool perform(std::monostate) { return false; }

  bool perform(core::start_connect)
  {
    io_->connector.connect([self = this->shared_from_this()](boost::system::error_code error,
                                                             std::string reason) {
      self->step([&](session_shell& shell, core::time_point) { shell.on_connect(error, reason); });
    });
    return true;
  }

  void on_connect(boost::system::error_code error, const std::string& reason)
  {
    if (error) {
      return session_.on_connect_failed(error, reason);
    }
    boost::system::error_code gone;
    auto& socket = io_->connector.socket();
    const auto address = socket.remote_endpoint(gone);
    if (gone) {
      io_->connector.close();
      return session_.on_connect_failed(gone, "lost at once: " + gone.message());
    }
    {
      const std::scoped_lock lock{mutex_};
      peer_ = peer{address, socket.native_handle()};
    }
    connected_ = true;
    session_.on_connected();
  }

  bool perform(core::start_write write)
  {
    writing_ = true;
    io_->connector.stream().async_write_some(
        boost::asio::buffer(write.bytes.data(), write.bytes.size()),
        io_handler<&session_shell::write_memory_, &session_shell::on_written>{
            this->shared_from_this()});
    return true;
  }

  void on_written(boost::system::error_code error, std::size_t n)
  {
    writing_ = false;
    step([&](session_shell& shell, core::time_point now) {
      shell.session_.on_written(error, n, now);
      shell.closed_if_quiet(now);
    });
  }

  bool perform(core::start_read read)
  {
    reading_ = true;
    io_->connector.stream().async_read_some(
        boost::asio::buffer(read.room.data(), read.room.size()),
        io_handler<&session_shell::read_memory_, &session_shell::on_read>{
            this->shared_from_this()});
    return true;
  }

  void on_read(boost::system::error_code error, std::size_t n)
  {
    reading_ = false;
    step([&](session_shell& shell, core::time_point now) {
      shell.session_.on_read(error, n);
      shell.closed_if_quiet(now);
    });
  }

  bool perform(core::close_connection)
  {
    {
      const std::scoped_lock lock{mutex_};
      peer_.reset();
    }
    io_->connector.stop();
    if (std::exchange(connected_, false)) {
      io_->connector.close();
    }
    closing_ = true;
    closed_if_quiet(clock::now());
    return true;
  }

  void closed_if_quiet(core::time_point now)
  {
    if (closing_ && !reading_ && !writing_) {
      closing_ = false;
      session_.on_closed(now);
    }
  }

  bool perform(core::finish_connect done)
  {
    finish(connects_, done.error);
    return true;
  }

  bool perform(core::finish_disconnect done)
  {
    finish(disconnects_, done.error);
    return true;
  }

  void finish(std::vector<waiter>& waiters, boost::system::error_code error)
  {
    for (waiter& w : std::exchange(waiters, {})) {
      finished_.push_back({std::move(w.handler), error});
    }
  }

  void cancel_now(detail::operation_id id)
  {
    if (const auto found = cancellable_.find(id); found != cancellable_.end()) {
      return session_.give_up(*found->second);
    }
    if (take_back(connects_, id) && connects_.empty()) {
      return session_.connect_unwanted();
    }
    if (take_back(disconnects_, id)) {
      session_.stop_draining();
    }
  }

  bool take_back(std::vector<waiter>& waiters, detail::operation_id id)
  {
    for (auto w = waiters.begin(); w != waiters.end(); ++w) {
      if (w->id == id) {
        finished_.push_back({std::move(w->handler), boost::asio::error::operation_aborted});
        waiters.erase(w);
        return true;
      }
    }
    return false;
  }

  void forget_cancellable(const core::request_list& ended)
  {
    if (cancellable_.empty()) {
      return;
    }
    for (const core::request& r : ended) {
      cancellable_.erase(static_cast<const send_operation&>(r).id);
    }
  }

  void arm_timer()
  {
    const auto due = session_.next_deadline();
    if (due == core::never && !connected_ && armed_for_ != core::never) {
      // An idle transport is not to keep its context running.
      armed_for_ = core::never;
      io_->timer.cancel();
    } else if (due < armed_for_) {
      armed_for_ = due;
      io_->timer.expires_at(due);
      io_->timer.async_wait(io_handler<&session_shell::timer_memory_, &session_shell::on_timer>{
          this->shared_from_this()});
    }
  }

  void on_timer(boost::system::error_code error, std::size_t)
  {
    if (error) {
      return;
    }
    armed_for_ = core::never;
    step([](session_shell& shell, core::time_point now) { shell.session_.on_time(now); });
  }

  // --- completion: any thread

  void deliver(core::request_list& ended)
  {
    while (!ended.empty()) {
      const auto& first = static_cast<send_operation&>(ended.front()).handler.executor();
      if (first) {
        deliver_run(ended, boost::asio::any_io_executor{first});
      } else {
        deliver_run(ended, io_->executor);
      }
    }
  }

  void deliver_finished()
  {
    for (finished& f : std::exchange(finished_, {})) {
      const auto executor = f.handler.executor() ? f.handler.executor() : own_;
      boost::asio::post(executor, [f = std::move(f)]() mutable { f.handler(f.error); });
    }
  }

  /// Takes the operations in front that complete where the first one does.
  template <class Executor>
  void deliver_run(core::request_list& ended, Executor executor)
  {
    auto group = std::make_shared<delivery<Executor>>(executor, pool_);
    while (!ended.empty()) {
      auto& operation = static_cast<send_operation&>(ended.front());
      const auto& wanted = operation.handler.executor();
      if constexpr (std::is_same_v<Executor, boost::asio::any_io_executor>) {
        if (wanted ? wanted != executor : !is_own(executor)) {
          break;
        }
      } else if (wanted) {
        break;
      }
      ended.pop_front();
      group->add(operation);
    }
    group->post();
  }

  template <class Executor>
  bool is_own(const Executor& executor) const
  {
    if constexpr (std::is_same_v<executor_type, boost::asio::any_io_executor>) {
      return executor == io_->executor;
    } else {
      return false;
    }
  }

  void destroy_handlers() noexcept
  {
    // Out of the way first: what handlers own may call back into here.
    auto operations = session_.release_all();
    std::vector<command> commands;
    {
      const std::scoped_lock lock{mutex_};
      auto fresh = intake_.take();
      operations.splice(operations.end(), fresh);
      commands.swap(commands_);
    }
    auto connects = std::exchange(connects_, {});
    auto disconnects = std::exchange(disconnects_, {});
    auto done = std::exchange(finished_, {});
    while (!operations.empty()) {
      auto& operation = static_cast<send_operation&>(operations.front());
      operations.pop_front();
      pool_->release(&operation);
    }
  }

  boost::asio::any_io_executor own_;
  std::optional<io_objects> io_;
  bool context_gone_ = false; ///< set while nothing else runs
  shutdown_service& service_;
  std::shared_ptr<operation_pool> pool_ = std::make_shared<operation_pool>();
  std::atomic<detail::operation_id> last_id_{0};

  core::session session_;
  std::vector<waiter> connects_{};
  std::vector<waiter> disconnects_{};
  std::vector<finished> finished_{};
  std::unordered_map<detail::operation_id, send_operation*> cancellable_{};
  bool connected_ = false;
  bool closing_ = false;
  bool reading_ = false;
  bool writing_ = false;
  core::time_point armed_for_ = core::never;
  std::uint64_t submitted_ = 0; ///< of the admitted

  handler_memory read_memory_{};
  handler_memory write_memory_{};
  handler_memory timer_memory_{};
  handler_memory intake_memory_{};

  mutable std::mutex mutex_{};
  core::intake intake_;
  std::vector<command> commands_{};
  std::uint64_t admitted_ = 0; ///< sends, ever
  bool intake_posted_ = false;
  std::optional<peer> peer_{};
};

} // namespace riemann::net

#endif
