#ifndef RIEMANN_NET_SESSION_SHELL_HPP
#define RIEMANN_NET_SESSION_SHELL_HPP

#include "core/session.hpp"
#include "net/cancellable_sends.hpp"
#include "net/command.hpp"
#include "net/connector.hpp"
#include "net/deliverer.hpp"
#include "net/handler_memory.hpp"
#include "net/inbox.hpp"
#include "net/io_handler.hpp"
#include "net/peer_record.hpp"
#include "net/rest_plan.hpp"
#include "net/shutdown_service.hpp"
#include "net/strand_visit.hpp"
#include "net/waiters.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/detail/socket_implementation.hpp>
#include <riemann/error.hpp>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
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
      const std::unique_lock lock{step_mutex_};
      if (const auto why = refusal_of(*operation)) {
        return refuse(*operation, *why);
      }
      admission = make_room(*operation);
    }
    if (!admission.admitted) {
      refuse(*operation, errc::overloaded);
    } else if (admission.must_wake) {
      // Datagrams are not hurried: those handed over together may share one.
      if (!wake(admission.quiet && Kind::session_type::answered) &&
          inbox_.give_back(admission.ticket)) {
        room_->operations.release(*operation);
        throw std::bad_alloc{};
      }
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

  /// Without memory to wake the strand, that hears of it when it is woken next.
  void close() noexcept override
  {
    if (!context_gone_ && !shut_command_.empty() && inbox_.hand_over(shut_command_).must_wake) {
      wake(false);
    }
  }

  [[nodiscard]] riemann::statistics statistics() const override { return inbox_.snapshot(); }

  void observe(connection_observer observer) override
  {
    if (context_gone_) {
      return;
    }
    peer_.observe(std::move(observer));
  }

  [[nodiscard]] boost::system::result<endpoint_type> address() const override
  {
    return peer_.address();
  }

  [[nodiscard]] boost::system::result<native_handle_type> native_socket() const override
  {
    return peer_.native_handle();
  }

  void on_context_shutdown() noexcept override
  {
    // A handler that is destroyed may hold the last reference to this.
    const auto self = this->weak_from_this().lock();
    context_gone_ = true;
    peer_.observe({});
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

  static core::time_point deadline_in(clock::duration d) noexcept
  {
    const auto now = clock::now();
    return d > core::never - now ? core::never : now + d;
  }

  void hand_over(command c)
  {
    command_list one;
    one.push_back(std::move(c));
    if (context_gone_) {
      return;
    }
    const auto handed = inbox_.hand_over(one);
    if (handed.must_wake && !wake(false) && inbox_.give_back(handed.ticket, one)) {
      throw std::bad_alloc{};
    }
  }

  /// Has the strand take in what was handed over. `at_once`: now, if this is a
  /// thread of the executor's and nobody is there. False: there is no memory for it.
  bool wake(bool at_once) noexcept
  {
    try {
      strand_step<wake_call> take_in{{this->shared_from_this()}, &memory_->wake};
      if (at_once) {
        boost::asio::dispatch(io_->strand, std::move(take_in));
      } else {
        boost::asio::post(io_->strand, std::move(take_in));
      }
      return true;
    } catch (...) { // no memory; whatever happens next takes it in
      inbox_.not_woken();
      return false;
    }
  }

  void on_woken()
  {
    step([](session_shell&, core::time_point) {});
  }

  // --- callers whom the inbox does not admit: session_shell_steps.hpp

  // For these the caller waits for the strand's step to end, if there is one, and keeps the
  // next one off.

  /// Why the session would refuse it, as far as that is known: nobody is to make way for it.
  [[nodiscard]] std::optional<errc> refusal_of(const send_operation& operation) const noexcept;
  /// Others make way, one after the other, until there is room.
  inbox::admission make_room(send_operation& operation);
  bool drop_one();
  void refuse(send_operation& operation, errc why);

  // --- on the strand: session_shell_steps.hpp

  /// Everything that happens goes through here: the input, then what callers
  /// handed over meanwhile, in their order; the core's actions are carried out.
  template <class Input>
  void step(Input&& input);
  template <class Input>
  /// What a handler's executor threw that does not take it.
  [[nodiscard]] std::exception_ptr take_step(Input&& input);
  /// What is over though nothing was heard of it has failed, and may have done its work.
  void hear_of_the_unheard(core::time_point now);
  void take_in(core::time_point now);
  void submit_until(std::uint64_t sends, core::time_point now);
  void obey(command& c, core::time_point now);
  /// `only_unwritten`: what has had an effect goes on.
  void cancel_one(detail::operation_id id, bool only_unwritten);
  void collect_ended();
  void rest_if_due(core::time_point now);
  void arm_timer();
  void on_timer(boost::system::error_code error, std::size_t);
  void destroy_handlers() noexcept;

  // --- the core's actions, and what comes of them: session_shell_actions.hpp

  void carry_out_all(core::time_point now);
  /// False: there was nothing to do.
  bool carry_out(core::action next, core::time_point now);
  void perform(std::monostate, core::time_point) {}
  void perform(core::start_connect to, core::time_point now);
  void perform(core::start_probe of, core::time_point now);
  void perform(core::stop_probe, core::time_point) { io_->connector.stop_probe(); }
  void perform(core::start_write write, core::time_point now);
  void perform(core::start_read read, core::time_point now);
  void perform(core::close_connection close, core::time_point now);
  void perform(core::finish_connect done, core::time_point);
  void perform(core::finish_disconnect done, core::time_point);
  void perform(core::tell& what, core::time_point);
  void on_connect(boost::system::error_code error, const std::string& reason, core::time_point now);
  void on_written(boost::system::error_code error, std::size_t n);
  void write_unheard(core::time_point now);
  void on_read(boost::system::error_code error, std::size_t n)
    requires Kind::session_type::answered;
  void closed_if_quiet(core::time_point now);

  static boost::system::error_code no_memory() noexcept
  {
    return make_error_code(boost::system::errc::not_enough_memory);
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
  cancellable_sends cancellable_{}; ///< of those submitted
  bool connected_ = false;
  bool closing_ = false;
  bool reading_ = false;
  bool writing_ = false;
  std::size_t write_size_ = 0; ///< of the operation, if there is one
  std::atomic<unsigned> unheard_{0};
  core::time_point armed_for_ = core::never;
  rest_plan rest_{};
  std::uint64_t submitted_ = 0; ///< of the admitted

  unsigned writes_left_ = 0; ///< of this step, without a hop

  std::unique_ptr<shell_memory> memory_ = std::make_unique<shell_memory>();

  inbox inbox_;

  peer_record<endpoint_type, native_handle_type> peer_{};

  /// Made in advance: the destructor that hands it over must not fail.
  command_list shut_command_{};
};

} // namespace riemann::inline v0::net

#endif
