#ifndef RIEMANN_NET_SESSION_SHELL_HPP
#define RIEMANN_NET_SESSION_SHELL_HPP

#include "core/reserve_more.hpp"
#include "core/session.hpp"
#include "net/command.hpp"
#include "net/connector.hpp"
#include "net/deliverer.hpp"
#include "net/handler_memory.hpp"
#include "net/inbox.hpp"
#include "net/io_handler.hpp"
#include "net/shutdown_service.hpp"
#include "net/strand_visit.hpp"
#include "net/waiters.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/detail/socket_implementation.hpp>
#include <riemann/error.hpp>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace riemann::inline v0::net {

/**
 * The thin shell around a session: it carries out the core's actions on a real
 * stream, reads the clock, and owns the handlers. It decides nothing.
 *
 * The session is touched on the strand only; what callers hand over waits in the
 * inbox, for one post a batch.
 */
template <class Kind, class Executor>
class session_shell final : public detail::socket_implementation<typename Kind::protocol>,
                            public shutdown_node,
                            public std::enable_shared_from_this<session_shell<Kind, Executor>> {
public:
  using connector_type = connector<Kind, Executor>;
  using options_type = typename Kind::options_type;
  using executor_type = Executor;
  using strand_type = typename connector_type::strand_type;
  using endpoint_type = typename Kind::protocol::endpoint;
  using native_handle_type = typename Kind::protocol::socket::native_handle_type;
  using clock = std::chrono::steady_clock;

  session_shell(const boost::asio::any_io_executor& own, executor_type executor,
                const options_type& options)
      : own_{own},
        room_{deliverer<send_operation, executor_type>::make_room(
            Kind::session_of(options).max_in_flight)},
        io_{std::in_place, std::move(executor), options, room_},
        service_{boost::asio::use_service<shutdown_service>(
            boost::asio::query(own, boost::asio::execution::context))},
        max_resends_{Kind::session_of(options).max_resends},
        session_{Kind::session_of(options), {io_->connector.servers(), std::random_device{}()}},
        inbox_{Kind::session_of(options)}
  {
    shut_command_.emplace_back().what = command::kind::shut;
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

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override { return own_; }

  detail::operation_id new_operation_id() noexcept override { return ++last_id_; }

  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id id) override
  {
    if (context_gone_) {
      return;
    }
    const auto deadline = options.deadline ? deadline_in(*options.deadline) : core::never;
    send_operation* operation =
        room_->operations.make(std::move(m), deadline, std::move(handler), id);
    const unsigned resends = options.max_resends.value_or(max_resends_);
    operation->resends_left =
        static_cast<std::uint8_t>(std::min(resends, session_options::max_of_resends));
    auto admission = inbox_.admit(*operation);
    if (!admission.admitted && inbox_.drops()) {
      admission = make_room(*operation);
    }
    if (!admission.admitted) {
      refuse(*operation);
    } else if (admission.must_wake) {
      // Datagrams are not hurried: those handed over together may share one.
      wake(admission.quiet && Kind::session_type::answered);
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

  void cancel_operation(detail::operation_id id, bool only_unwritten) override
  {
    hand_over(
        {.what = only_unwritten ? command::kind::withdraw : command::kind::give_up, .id = id});
  }

  void close() noexcept override { hand_over(shut_command_); }

  [[nodiscard]] riemann::statistics statistics() const override { return inbox_.snapshot(); }

  void observe(connection_observer observer) override
  {
    if (context_gone_) {
      return;
    }
    auto shared =
        observer ? std::make_shared<const connection_observer>(std::move(observer)) : nullptr;
    const std::scoped_lock lock{peer_mutex_};
    observer_.swap(shared);
  }

  [[nodiscard]] boost::system::result<endpoint_type> address() const override
  {
    const std::scoped_lock lock{peer_mutex_};
    if (!peer_) {
      return boost::system::error_code{boost::asio::error::not_connected};
    }
    return peer_->address;
  }

  [[nodiscard]] boost::system::result<native_handle_type> native_socket() const override
  {
    const std::scoped_lock lock{peer_mutex_};
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
    observer_.reset();
    destroy_handlers();
    io_.reset();
    service_.keep(std::move(memory_));
    own_ = boost::asio::any_io_executor{};
  }

  // --- for our own handlers

  [[nodiscard]] const strand_type& strand() const noexcept { return io_->strand; }

  /// An operation is over, and what it was to call never was, for want of memory. From any
  /// thread.
  template <shell_function<session_shell> Function>
  void never_called() noexcept
  {
    if (!context_gone_) {
      unheard_.fetch_or(mark_of<Function>());
      wake(false);
    }
  }

private:
  using timer_type =
      boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, executor_type>;

  /// What the connector tells.
  struct probe_handler {
    void operator()(bool well) const
    {
      self->step([well](session_shell& shell, core::time_point now) {
        shell.session_.on_probe(well, now);
      });
    }

    std::shared_ptr<session_shell> self;
  };
  struct connect_handler {
    void on_handshake() const
    {
      if constexpr (Kind::has_handshake) {
        self->step([](session_shell& shell, core::time_point now) {
          shell.session_.on_handshake(now +
                                      Kind::handshake_timeout(shell.io_->connector.options()));
        });
      }
    }
    void on_end(boost::system::error_code error, const std::string& reason) const
    {
      self->step([&](session_shell& shell, core::time_point now) {
        shell.on_connect(error, reason, now);
      });
    }

    std::shared_ptr<session_shell> self;
  };

  /// What an operation on the channel completes with.
  template <shell_function<session_shell> Function>
  using channel_handler =
      std::conditional_t<Kind::on_strand, strand_io_handler<session_shell, Function>,
                         io_handler<session_shell, Function>>;

  /// All that must not outlive the execution context.
  struct io_objects {
    io_objects(const executor_type& executor, const options_type& options,
               std::shared_ptr<delivery_room<send_operation>> room)
        : out{executor, std::move(room)},
          strand{executor},
          observers{executor},
          connector{strand, options},
          timer{executor}
    {}

    deliverer<send_operation, executor_type> out;
    strand_type strand;
    strand_type observers; ///< of their own: what they do holds up nobody else
    connector_type connector;
    timer_type timer;
  };

  struct shell_memory final : operation_memory {
    handler_memory wake{};
    handler_memory read{};
    handler_memory write{};
    handler_memory timer{};
  };

  /// Has the strand take in what was handed over. If it never does, nobody is told: who
  /// wakes says so again.
  struct wake_call {
    void operator()(boost::system::error_code, std::size_t) const { self->on_woken(); }

    std::shared_ptr<session_shell> self;
  };

  // Of operations that are over unheard of.
  static constexpr unsigned unheard_read = 1;
  static constexpr unsigned unheard_write = 2;
  static constexpr unsigned unheard_timer = 4;

  // By their types: with its sanitizers gcc calls no comparison of functions constant.
  template <shell_function<session_shell> Function>
  using named = std::integral_constant<shell_function<session_shell>, Function>;

  template <shell_function<session_shell> Function>
  static constexpr unsigned mark_of() noexcept
  {
    if constexpr (std::is_same_v<named<Function>, named<&session_shell::on_written>>) {
      return unheard_write;
    } else if constexpr (std::is_same_v<named<Function>, named<&session_shell::on_timer>>) {
      return unheard_timer;
    } else {
      return unheard_read;
    }
  }

  template <shell_function<session_shell> Function>
  owed_call<session_shell, Function> owe()
  {
    return owed_call<session_shell, Function>{this->shared_from_this()};
  }

  /// Then others have their turn on the strand, and on the thread.
  static constexpr unsigned max_writes_a_step = 16;

  /// Of quiet, until the memory of busy times is given back.
  static constexpr std::chrono::seconds rest_after{1};

  struct operation_name {
    using type = detail::operation_id;
    type operator()(const send_operation& o) const noexcept { return o.id; }
  };
  using cancellable_set = boost::intrusive::set<
      send_operation, boost::intrusive::key_of_value<operation_name>,
      boost::intrusive::member_hook<
          send_operation, boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>>,
          &send_operation::id_link>>;

  struct peer {
    endpoint_type address;
    native_handle_type handle;
  };

  static core::time_point deadline_in(clock::duration d) noexcept
  {
    const auto now = clock::now();
    return d > core::never - now ? core::never : now + d;
  }

  void hand_over(command c)
  {
    command_list one;
    one.push_back(std::move(c));
    hand_over(one);
  }

  void hand_over(command_list& one) noexcept
  {
    if (context_gone_ || one.empty()) {
      return;
    }
    if (inbox_.hand_over(one)) {
      wake(false);
    }
  }

  /// Has the strand take in what was handed over. `at_once`: now, if this is a
  /// thread of the executor's and nobody is there.
  void wake(bool at_once) noexcept
  {
    try {
      strand_step<wake_call> take_in{{this->shared_from_this()}, &memory_->wake};
      if (at_once) {
        boost::asio::dispatch(io_->strand, std::move(take_in));
      } else {
        boost::asio::post(io_->strand, std::move(take_in));
      }
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; whatever happens next takes it in
      inbox_.not_woken();
    }
  }

  void on_woken()
  {
    step([](session_shell&, core::time_point) {});
  }

  /// Others make way, one after the other, until there is room. For that the caller
  /// waits for the strand's step to end, if there is one, and keeps the next one off.
  inbox::admission make_room(send_operation& operation)
  {
    const std::scoped_lock lock{step_mutex_};
    auto admission = inbox_.admit(operation);
    while (!admission.admitted && drop_one()) {
      admission = inbox_.admit(operation);
    }
    try {
      io_->out.deliver(ended_);
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; the next step delivers them
    }
    return admission;
  }

  bool drop_one()
  {
    const bool newest = inbox_.drops_newest();
    if (core::request* const fresh = newest ? inbox_.drop_one() : nullptr) {
      ended_.push_back(*fresh);
      return true;
    }
    if (session_.drop_one()) {
      collect_ended();
      inbox_.publish(session_.books(), session_.held_bytes(), connected_);
      return true;
    }
    core::request* const fresh = newest ? nullptr : inbox_.drop_one();
    if (fresh != nullptr) {
      ended_.push_back(*fresh);
    }
    return fresh != nullptr;
  }

  void refuse(send_operation& operation)
  {
    operation.error = errc::overloaded;
    inbox_.refuse(operation);
    core::request_list refused;
    refused.push_back(operation);
    try {
      io_->out.deliver(refused);
    } catch (...) {
      refused.clear();
      room_->operations.release(operation);
      throw;
    }
  }

  // --- on the strand

  /// Everything that happens goes through here: the input, then what callers
  /// handed over meanwhile, in their order; the core's actions are carried out.
  template <class Input>
  void step(Input&& input)
  {
    try {
      take_step(std::forward<Input>(input));
    } catch (...) {
      // No memory, and the executor's caller hears of it; the rest is the next step's.
      wake(false);
      throw;
    }
  }

  template <class Input>
  void take_step(Input&& input)
  {
    // Callers come in between only where they may have to make room.
    std::unique_lock lock{step_mutex_, std::defer_lock};
    if (inbox_.drops()) {
      lock.lock();
    }
    const auto now = clock::now();
    writes_left_ = max_writes_a_step;
    if (unheard_.load() != 0) {
      hear_of_the_unheard(now);
    }
    input(*this, now);
    take_in(now);
    carry_out_all(now);
    collect_ended();
    plan_rest(now);
    inbox_.publish(session_.books(), session_.held_bytes(), connected_);
    arm_timer();
    // After the books are out: handlers may run at once, elsewhere.
    io_->out.deliver(ended_, strand_visit::place(this));
    if (!finished_.empty()) {
      io_->out.deliver(finished_);
    }
  }

  /// What is over though nothing was heard of it has failed, and may have done its work.
  void hear_of_the_unheard(core::time_point now)
  {
    const unsigned over = unheard_.exchange(0);
    if ((over & unheard_timer) != 0) {
      armed_for_ = core::never;
    }
    if ((over & unheard_write) != 0) {
      writing_ = false;
      write_unheard(now);
    }
    if constexpr (Kind::session_type::answered) {
      if ((over & unheard_read) != 0) {
        reading_ = false;
        session_.on_read(no_memory(), 0, now);
      }
    }
    closed_if_quiet(now);
  }

  void write_unheard(core::time_point now)
  {
    if constexpr (!Kind::session_type::answered) {
      // It was over because the kernel had it.
      session_.on_written({}, write_size_, now);
    } else if constexpr (Kind::on_strand) {
      session_.on_written(no_memory(), io_->connector.perhaps_taken(0), now);
    } else {
      session_.on_written(no_memory(), write_size_, now);
    }
  }

  void take_in(core::time_point now)
  {
    inbox_.take(fresh_, taken_);
    if (!taken_.empty()) {
      // What has happened before is not told to those who ask now.
      carry_out_all(now);
    }
    for (; !taken_.empty(); taken_.pop_front()) {
      submit_until(taken_.front().sends_before, now);
      obey(taken_.front(), now);
      carry_out_all(now);
    }
    submit_until(submitted_ + fresh_.size(), now);
  }

  void submit_until(std::uint64_t sends, core::time_point now)
  {
    while (submitted_ != sends) {
      auto& operation = static_cast<send_operation&>(fresh_.front());
      if (operation.id != 0) {
        cancellable_.insert(cancellable_.end(), operation);
      }
      fresh_.pop_front();
      ++submitted_;
      worked_ = true;
      if (std::exchange(resting_, false)) {
        room_->work();
      }
      session_.submit(operation, now);
    }
  }

  void obey(command& c, core::time_point now)
  {
    // Telling them must need no memory.
    core::reserve_more(finished_, connects_.size() + disconnects_.size() + 1);
    switch (c.what) {
    case command::kind::connect:
      if (const auto refused = session_.connect(now)) {
        finished_.push_back({std::move(c.handler), refused});
      } else {
        connects_.add(std::move(c.handler), c.id);
      }
      return;
    case command::kind::disconnect:
      disconnects_.add(std::move(c.handler), c.id);
      return session_.drain(c.deadline, now);
    case command::kind::cancel:
      return session_.cancel();
    case command::kind::withdraw:
      return cancel_one(c.id, true);
    case command::kind::give_up:
      return cancel_one(c.id, false);
    case command::kind::shut:
      return session_.shut();
    }
  }

  void collect_ended()
  {
    auto ended = session_.take_ended();
    if (!cancellable_.empty()) {
      for (core::request& r : ended) {
        if (auto& operation = static_cast<send_operation&>(r); operation.id_link.is_linked()) {
          cancellable_.erase(cancellable_.iterator_to(operation));
        }
      }
    }
    ended_.splice(ended_.end(), ended);
  }

  void carry_out_all(core::time_point now)
  {
    while (carry_out(session_.next_action(now), now)) {
    }
  }

  /// False: there was nothing to do.
  bool carry_out(core::action next, core::time_point now)
  {
    std::visit([&](auto& action) { perform(action, now); }, next);
    return !std::holds_alternative<std::monostate>(next);
  }

  void perform(std::monostate, core::time_point) {}

  void perform(core::start_connect to, core::time_point now)
  {
    try {
      io_->connector.connect(to.server, connect_handler{this->shared_from_this()});
    } catch (...) {
      io_->connector.stop();
      session_.on_connect_failed(no_memory(), "no memory to connect", now);
    }
  }

  void perform(core::start_probe of, core::time_point now)
  {
    try {
      io_->connector.probe(of.server, probe_handler{this->shared_from_this()});
    } catch (...) {
      io_->connector.stop_probe();
      session_.on_probe(false, now);
    }
  }

  void perform(core::stop_probe, core::time_point) { io_->connector.stop_probe(); }

  void perform(core::tell& what, core::time_point)
  {
    std::shared_ptr<const connection_observer> observer;
    {
      const std::scoped_lock lock{peer_mutex_};
      observer = observer_;
    }
    if (!observer) {
      return;
    }
    connection_change change{what.state, io_->connector.name_of(what.server),
                             what.error, std::move(what.reason),
                             what.until, what.failures};
    boost::asio::post(io_->observers, [observer = std::move(observer), change = std::move(change)] {
      (*observer)(change);
    });
  }

  void on_connect(boost::system::error_code error, const std::string& reason, core::time_point now)
  {
    if (error) {
      return session_.on_connect_failed(error, reason, now);
    }
    boost::system::error_code gone;
    auto& socket = io_->connector.socket();
    const auto address = socket.remote_endpoint(gone);
    if (gone) {
      io_->connector.close(false);
      return session_.on_connect_failed(gone, "lost at once: " + gone.message(), now);
    }
    {
      const std::scoped_lock lock{peer_mutex_};
      peer_ = peer{address, socket.native_handle()};
    }
    connected_ = true;
    session_.on_connected(now);
  }

  void perform(core::start_write write, core::time_point now)
  {
    const auto bytes = boost::asio::buffer(write.bytes.data(), write.bytes.size());
    if (writes_left_ != 0) {
      // The kernel mostly takes it: no operation, and no hop for its completion.
      --writes_left_;
      boost::system::error_code error;
      const std::size_t n = io_->connector.write_now(bytes, error);
      if (error != boost::asio::error::would_block) {
        return session_.on_written(error, n, now);
      }
    }
    try {
      io_->connector.write_some(bytes, channel_handler<&session_shell::on_written>{
                                           owe<&session_shell::on_written>(), &memory_->write});
      writing_ = true;
      write_size_ = bytes.size();
    } catch (...) {
      unheard_.fetch_and(~unheard_write);
      session_.on_written(no_memory(), io_->connector.perhaps_taken(0), now);
    }
  }

  void on_written(boost::system::error_code error, std::size_t n)
  {
    writing_ = false;
    const auto taken = error ? io_->connector.perhaps_taken(n) : n;
    step([&](session_shell& shell, core::time_point now) {
      shell.session_.on_written(error, taken, now);
      shell.closed_if_quiet(now);
    });
  }

  void perform(core::start_read read, core::time_point now)
  {
    if constexpr (Kind::session_type::answered) {
      try {
        io_->connector.read_some(boost::asio::buffer(read.room.data(), read.room.size()),
                                 channel_handler<&session_shell::on_read>{
                                     owe<&session_shell::on_read>(), &memory_->read});
        reading_ = true;
      } catch (...) {
        unheard_.fetch_and(~unheard_read);
        session_.on_read(no_memory(), 0, now);
      }
    }
  }

  static boost::system::error_code no_memory() noexcept
  {
    return make_error_code(boost::system::errc::not_enough_memory);
  }

  void on_read(boost::system::error_code error, std::size_t n)
    requires Kind::session_type::answered
  {
    reading_ = false;
    step([&](session_shell& shell, core::time_point now) {
      shell.session_.on_read(error, n, now);
      shell.closed_if_quiet(now);
    });
  }

  void perform(core::close_connection close, core::time_point now)
  {
    {
      const std::scoped_lock lock{peer_mutex_};
      peer_.reset();
    }
    io_->connector.stop();
    if (std::exchange(connected_, false)) {
      io_->connector.close(close.clean);
    }
    closing_ = true;
    closed_if_quiet(now);
  }

  void closed_if_quiet(core::time_point now)
  {
    if (closing_ && !reading_ && !writing_) {
      closing_ = false;
      io_->connector.release();
      session_.on_closed(now);
    }
  }

  void perform(core::finish_connect done, core::time_point)
  {
    connects_.finish_all(done.error, finished_);
  }

  void perform(core::finish_disconnect done, core::time_point)
  {
    disconnects_.finish_all(done.error, finished_);
  }

  /// `only_unwritten`: what has had an effect goes on.
  void cancel_one(detail::operation_id id, bool only_unwritten)
  {
    const boost::system::error_code aborted = boost::asio::error::operation_aborted;
    if (const auto found = cancellable_.find(id); found != cancellable_.end()) {
      if (!only_unwritten || core::unwritten(*found)) {
        session_.give_up(*found);
      }
    } else if (connects_.finish(id, aborted, finished_)) {
      if (connects_.empty()) {
        session_.connect_unwanted();
      }
    } else if (!only_unwritten && disconnects_.finish(id, aborted, finished_)) {
      if (disconnects_.empty()) {
        session_.stop_draining();
      }
    }
  }

  /// After a busy time its memory is kept for the next one, but not for ever.
  void rest_if_due(core::time_point now)
  {
    if (rest_due_ <= now) {
      if constexpr (Kind::session_type::answered) {
        session_.rest();
      }
      io_->connector.rest();
      room_->rest();
      resting_ = true;
      rest_due_ = core::never;
    }
  }

  /// Not where nothing is read: a timer alone would keep the context running.
  void plan_rest(core::time_point now)
  {
    if (!session_.quiet()) {
      rest_due_ = core::never;
    } else if (!connected_) {
      const bool due = std::exchange(worked_, false) || rest_due_ != core::never;
      rest_due_ = due ? now : core::never;
    } else if (Kind::session_type::answered && std::exchange(worked_, false)) {
      rest_due_ = now + rest_after;
    }
    rest_if_due(now);
  }

  void arm_timer()
  {
    const auto due = std::min(session_.next_deadline(), rest_due_);
    if (due == core::never && !reading_ && armed_for_ != core::never) {
      // An idle transport is not to keep its context running.
      armed_for_ = core::never;
      io_->timer.cancel();
    } else if (due < armed_for_) {
      armed_for_ = core::never; // until it is: the earlier wait is over
      io_->timer.expires_at(due);
      io_->timer.async_wait(io_handler<session_shell, &session_shell::on_timer>{
          owe<&session_shell::on_timer>(), &memory_->timer});
      armed_for_ = due;
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

  void destroy_handlers() noexcept
  {
    // Out of the way first: what handlers own may call back into here.
    cancellable_.clear();
    auto operations = session_.release_all();
    operations.splice(operations.end(), ended_);
    operations.splice(operations.end(), fresh_);
    command_list commands;
    commands.splice(commands.end(), taken_);
    inbox_.take(operations, commands);
    const auto connects = std::exchange(connects_, {});
    const auto disconnects = std::exchange(disconnects_, {});
    const auto done = std::exchange(finished_, {});
    while (!operations.empty()) {
      auto& operation = static_cast<send_operation&>(operations.front());
      operations.pop_front();
      room_->operations.release(operation);
    }
  }

  boost::asio::any_io_executor own_;
  std::shared_ptr<delivery_room<send_operation>> room_;
  std::optional<io_objects> io_;
  /// Set while nothing runs; but handlers that the context destroys may call back.
  std::atomic<bool> context_gone_ = false;
  shutdown_service& service_;
  std::atomic<detail::operation_id> last_id_{0};

  unsigned max_resends_;
  std::mutex step_mutex_{}; ///< held in every step, where callers may have to make room
  typename Kind::session_type session_;
  core::request_list fresh_{}; ///< taken in, not yet submitted
  command_list taken_{};       ///< ...and not yet obeyed
  core::request_list ended_{};
  waiters connects_{};
  waiters disconnects_{};
  finished_waits finished_{};
  cancellable_set cancellable_{}; ///< submitted, by their names
  bool connected_ = false;
  bool closing_ = false;
  bool reading_ = false;
  bool writing_ = false;
  std::size_t write_size_ = 0; ///< of the operation, if there is one
  std::atomic<unsigned> unheard_{0};
  core::time_point armed_for_ = core::never;
  core::time_point rest_due_ = core::never;
  bool worked_ = false; ///< since it last planned to rest
  bool resting_ = false;
  std::uint64_t submitted_ = 0; ///< of the admitted

  unsigned writes_left_ = 0; ///< of this step, without a hop

  std::unique_ptr<shell_memory> memory_ = std::make_unique<shell_memory>();

  inbox inbox_;

  mutable std::mutex peer_mutex_{};
  std::optional<peer> peer_{};
  std::shared_ptr<const connection_observer> observer_{};

  /// Made in advance: the destructor that hands it over must not fail.
  command_list shut_command_{};
};

} // namespace riemann::inline v0::net

#endif
