#ifndef RIEMANN_TEST_INTEGRATION_SUBJECTS_HPP
#define RIEMANN_TEST_INTEGRATION_SUBJECTS_HPP

#include "tls_fixture.hpp"

#include <riemann/any_transport.hpp>
#include <riemann/blank_transport.hpp>
#include <riemann/hybrid_transport.hpp>
#include <riemann/pool_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// The transports that the common suite (promise_*, token_*, stress_*) is run on. A
/// further one is added by its subject and a line in `subjects()`.
///
/// All operations are `basic_transport`'s, so that tests are written, and compiled,
/// once for all transports.
namespace riemann::test {

/// A transport of some type, held as what it has in common with the others.
class handle {
public:
  handle() = default;
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  virtual ~handle() = default;

  virtual basic_transport& get() noexcept = 0;
  /// Moves the transport into another handle.
  virtual std::unique_ptr<handle> move_out() = 0;
};

template <class Transport>
class handle_of final : public handle {
public:
  explicit handle_of(Transport transport) : transport_{std::move(transport)} {}

  Transport& get() noexcept override { return transport_; }
  std::unique_ptr<handle> move_out() override
  {
    return std::make_unique<handle_of>(std::move(transport_));
  }

private:
  Transport transport_;
};

/// Makes transports, and knows what lies behind them.
class subject {
public:
  /// Longest message taken.
  static constexpr std::size_t limit = 1'000;

  subject() = default;
  subject(const subject&) = delete;
  subject& operator=(const subject&) = delete;
  virtual ~subject() = default;

  virtual std::unique_ptr<handle> make(const asio::any_io_executor& executor) = 0;
  /// Where sends are answered.
  virtual void reject_next(basic_transport& transport, std::string text) = 0;
  /// That have arrived.
  virtual std::uint64_t events(basic_transport& transport) = 0;
  /// The server behind it, if there is one.
  virtual running_server* server() noexcept { return nullptr; }

  bool answers = true; ///< sends are answered, rejections included
  bool queries = true; ///< ...and queries
  bool one_connection = true;
  bool instant = false; ///< a send has ended before it could be cancelled
  std::chrono::milliseconds answer_timeout{10'000};
};

class over_server : public subject {
public:
  over_server() = default;
  explicit over_server(testkit::server_options options) : server_{std::move(options)} {}
  void reject_next(basic_transport&, std::string text) override
  {
    server_->inject(testkit::reject{std::move(text)});
  }
  std::uint64_t events(basic_transport&) override { return server_->counters().events; }
  running_server* server() noexcept override { return &server_; }

protected:
  tcp_options over_stream()
  {
    session_options session;
    session.max_message_size = limit;
    session.answer_timeout = answer_timeout;
    return options_for(server_->tcp_endpoint(), session);
  }
  tcp_transport make_tcp(const asio::any_io_executor& executor)
  {
    return tcp_transport{executor, over_stream()};
  }

  running_server server_{};
};

class over_tcp final : public over_server {
public:
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    return std::make_unique<handle_of<tcp_transport>>(make_tcp(executor));
  }
};

class over_tls final : public over_server {
public:
  over_tls() : over_server{with_tls(mutual_tls())} {}
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    auto options = tls_options_for(server_->tls_endpoint());
    options.session.max_message_size = limit;
    options.session.answer_timeout = answer_timeout;
    return std::make_unique<handle_of<tls_transport>>(tls_transport{executor, options});
  }
};

class over_udp : public over_server {
public:
  over_udp()
  {
    answers = false;
    queries = false;
  }
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    udp_options options;
    options.host = server_->udp_endpoint().address().to_string();
    options.port = server_->port();
    options.max_datagram_size = limit;
    options.max_coalesced_size = max_coalesced_size;
    options.linger = linger;
    return std::make_unique<handle_of<udp_transport>>(udp_transport{executor, options});
  }

protected:
  std::size_t max_coalesced_size = 0;
  std::chrono::microseconds linger{0};
};

/// Messages share datagrams, and wait a moment for each other.
class over_lingering_udp final : public over_udp {
public:
  over_lingering_udp()
  {
    max_coalesced_size = limit / 2;
    linger = std::chrono::milliseconds{1};
  }
};

/// All of it over TCP.
class over_hybrid : public over_server {
public:
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    hybrid_options options;
    options.tcp = over_stream();
    options.udp.host = options.tcp.host;
    options.udp.port = server_->port();
    options.udp.max_datagram_size = max_datagram_size;
    return std::make_unique<handle_of<hybrid_transport>>(hybrid_transport{executor, options});
  }

protected:
  std::size_t max_datagram_size = 1;
};

/// What is short over UDP.
class over_short_hybrid final : public over_hybrid {
public:
  over_short_hybrid()
  {
    answers = false;
    max_datagram_size = limit / 2;
  }
};

class over_pool : public over_server {
public:
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    pool_options options;
    options.servers = {over_stream()};
    options.connections = connections;
    return std::make_unique<handle_of<pool_transport>>(pool_transport{executor, options});
  }

protected:
  std::size_t connections = 1;
};

class over_pool_of_three final : public over_pool {
public:
  over_pool_of_three()
  {
    connections = 3;
    one_connection = false;
  }
};

class over_blank final : public subject {
public:
  over_blank() { instant = true; }
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    return std::make_unique<handle_of<blank_transport>>(
        blank_transport{executor, {.max_kept = 100'000, .max_message_size = limit}});
  }
  void reject_next(basic_transport& transport, std::string text) override
  {
    static_cast<blank_transport&>(transport).reject_next(std::move(text));
  }
  std::uint64_t events(basic_transport& transport) override
  {
    return static_cast<blank_transport&>(transport).events().size();
  }
};

/// One of the library's, erased.
class over_any final : public over_server {
public:
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    return std::make_unique<handle_of<any_transport>>(make_tcp(executor));
  }
};

/// A transport that a user wrote: it has no base of this library.
class users_transport {
public:
  using executor_type = asio::any_io_executor;
  static constexpr bool answers_queries = true;

  explicit users_transport(tcp_transport inner) : inner_{std::move(inner)} {}

  [[nodiscard]] executor_type get_executor() const noexcept { return inner_.get_executor(); }
  template <class Token>
  auto async_connect(Token&& token)
  {
    return inner_.async_connect(std::forward<Token>(token));
  }
  template <class Token>
  auto async_send(message m, send_options options, Token&& token)
  {
    return inner_.async_send(std::move(m), std::move(options), std::forward<Token>(token));
  }
  template <class Token>
  auto async_send(message m, Token&& token)
  {
    return inner_.async_send(std::move(m), std::forward<Token>(token));
  }
  template <class Token>
  auto async_disconnect(std::chrono::steady_clock::duration deadline, Token&& token)
  {
    return inner_.async_disconnect(deadline, std::forward<Token>(token));
  }
  void cancel() { inner_.cancel(); }
  [[nodiscard]] riemann::statistics statistics() const { return inner_.statistics(); }

private:
  tcp_transport inner_;
};

/// ...erased.
class over_users final : public over_server {
public:
  std::unique_ptr<handle> make(const asio::any_io_executor& executor) override
  {
    return std::make_unique<handle_of<any_transport>>(users_transport{make_tcp(executor)});
  }
};

struct subject_kind {
  const char* name;
  std::unique_ptr<subject> (*make)();
};

template <class Subject>
std::unique_ptr<subject> make_subject()
{
  return std::make_unique<Subject>();
}

inline const std::vector<subject_kind>& subjects()
{
  static const std::vector<subject_kind> all{
      {"tcp", &make_subject<over_tcp>},
      {"tls", &make_subject<over_tls>},
      {"udp", &make_subject<over_udp>},
      {"blank", &make_subject<over_blank>},
      {"any", &make_subject<over_any>},
      {"users", &make_subject<over_users>},
      {"lingering_udp", &make_subject<over_lingering_udp>},
      {"hybrid", &make_subject<over_hybrid>},
      {"short_hybrid", &make_subject<over_short_hybrid>},
      {"pool", &make_subject<over_pool>},
      {"pool_of_three", &make_subject<over_pool_of_three>},
  };
  return all;
}

/// A subject, a context and a transport of it; the tests' common ground.
struct stage {
  using maker = std::unique_ptr<subject> (*)();

  explicit stage(maker m) : make{m} {}

  void wait_for(const result& r)
  {
    run_until(context, [&] { return r.done(); });
  }
  /// Datagrams may be on their way yet.
  void wait_for_events(std::uint64_t count)
  {
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (behind->events(transport) < count && std::chrono::steady_clock::now() < limit) {
      std::this_thread::yield();
    }
    BOOST_TEST(behind->events(transport) == count);
  }
  void check_ended(std::uint64_t good)
  {
    const auto books = transport.statistics();
    check_books(books);
    BOOST_TEST((behind->answers ? books.messages.acked : books.messages.sent) == good);
  }
  /// Of what ends at once on some transports, and can be stopped on others.
  [[nodiscard]] error_code unless_instant(error_code e) const
  {
    return behind->instant ? error_code{} : e;
  }
  /// Answers are owed for a time, and can be held back: by a server that waits for more on
  /// the same connection.
  [[nodiscard]] bool owing() const
  {
    return behind->answers && !behind->instant && behind->one_connection;
  }
  /// A send whose answer is held back until another message comes.
  template <class Token>
  void send_held(Token&& token)
  {
    (*behind->server())->inject(testkit::coalesce{1});
    transport.async_send(one_event(), std::forward<Token>(token));
    run_until(context, [&] { return transport.statistics().messages.in_flight == 1; });
  }

  watchdog dog{};
  maker make; ///< for another stage of the same kind
  std::unique_ptr<subject> behind{make()};
  asio::io_context context{};
  std::unique_ptr<handle> held{behind->make(context.get_executor())};
  basic_transport& transport{held->get()};
};

/// Registers a test case for each subject, `name<tcp>` and so on.
class on_transports {
public:
  using body = void (*)(stage&);

  on_transports(const char* name, const char* file, std::size_t line, body run,
                bool owing_alone = false)
  {
    for (const subject_kind& kind : subjects()) {
      if (owing_alone && !stage{kind.make}.owing()) {
        continue;
      }
      const auto play = [make = kind.make, run] {
        stage s{make};
        run(s);
      };
      const std::string full = std::string{name} + '<' + kind.name + '>';
      boost::unit_test::ut_detail::auto_test_unit_registrar{
          boost::unit_test::make_test_case(play, full, file, line),
          boost::unit_test::decorator::collector_t::instance()};
    }
  }
};

/// A test case on every transport, and on those over which answers are owed; its body
/// is given a `stage& s`.
#define TRANSPORT_TEST_CASE(name)                                                                  \
  void name(stage& s);                                                                             \
  const on_transports name##_cases{#name, __FILE__, __LINE__, &name};                              \
  void name([[maybe_unused]] stage& s)
#define OWING_TRANSPORT_TEST_CASE(name)                                                            \
  void name(stage& s);                                                                             \
  const on_transports name##_cases{#name, __FILE__, __LINE__, &name, true};                        \
  void name([[maybe_unused]] stage& s)

inline message too_long()
{
  return message{{.description = std::string(2'000, 'x')}};
}

} // namespace riemann::test

#endif
