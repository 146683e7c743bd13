#ifndef RIEMANN_TEST_INTEGRATION_SUBJECTS_HPP
#define RIEMANN_TEST_INTEGRATION_SUBJECTS_HPP

#include "tcp_fixture.hpp"

#include <riemann/any_transport.hpp>
#include <riemann/blank_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/mpl/list.hpp>

#include <cstdint>
#include <string>
#include <utility>

/// The transports that the common suite (promise_*, token_*, stress_*) is run on.
/// A further one is added by its subject and its name in `subjects`.
///
/// A subject makes transports, and knows what lies behind them.
namespace riemann::test {

struct over_tcp {
  using transport_type = tcp_transport;
  /// Sends are answered, queries and rejections included.
  static constexpr bool answers = true;
  /// A send has ended before it could be cancelled.
  static constexpr bool instant = false;
  /// Longest message taken.
  static constexpr std::size_t limit = 1'000;

  transport_type make(const asio::any_io_executor& executor)
  {
    session_options session;
    session.max_message_size = limit;
    session.answer_timeout = answer_timeout;
    return transport_type{executor, options_for(server->tcp_endpoint(), session)};
  }
  void reject_next(transport_type&, std::string text)
  {
    server->inject(testkit::reject{std::move(text)});
  }
  std::uint64_t events(const transport_type&) { return server->counters().events; }

  std::chrono::milliseconds answer_timeout{10'000};
  running_server server{};
};

struct over_udp {
  using transport_type = udp_transport;
  static constexpr bool answers = false;
  static constexpr bool instant = false;
  static constexpr std::size_t limit = 1'000;

  transport_type make(const asio::any_io_executor& executor)
  {
    udp_options options;
    options.host = server->udp_endpoint().address().to_string();
    options.port = server->port();
    options.max_datagram_size = limit;
    return transport_type{executor, options};
  }
  std::uint64_t events(const transport_type&) { return server->counters().events; }

  running_server server{};
};

struct over_blank {
  using transport_type = blank_transport;
  static constexpr bool answers = true;
  static constexpr bool instant = true;
  static constexpr std::size_t limit = 1'000;

  transport_type make(const asio::any_io_executor& executor)
  {
    return transport_type{executor, {.max_kept = 100'000, .max_message_size = limit}};
  }
  void reject_next(transport_type& transport, std::string text)
  {
    transport.reject_next(std::move(text));
  }
  std::uint64_t events(const transport_type& transport) { return transport.events().size(); }
};

/// One of the library's, erased.
struct over_any : over_tcp {
  using transport_type = any_transport;

  transport_type make(const asio::any_io_executor& executor) { return over_tcp::make(executor); }
  void reject_next(transport_type&, std::string text)
  {
    server->inject(testkit::reject{std::move(text)});
  }
  std::uint64_t events(const transport_type&) { return server->counters().events; }
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
struct over_users : over_any {
  transport_type make(const asio::any_io_executor& executor)
  {
    return users_transport{over_tcp::make(executor)};
  }
};

using subjects = boost::mpl::list<over_tcp, over_udp, over_blank, over_any, over_users>;
/// Those of them over which answers are owed.
using owing_subjects = boost::mpl::list<over_tcp, over_any, over_users>;

/// A subject, a context and a transport of it; the tests' common ground.
template <class Subject>
struct stage {
  using transport_type = typename Subject::transport_type;

  watchdog dog{};
  Subject subject{};
  asio::io_context context{};
  transport_type transport{subject.make(context.get_executor())};

  void wait_for(const result& r)
  {
    run_until(context, [&] { return r.done(); });
  }
  /// Datagrams may be on their way yet.
  void wait_for_events(std::uint64_t count)
  {
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (subject.events(transport) < count && std::chrono::steady_clock::now() < limit) {
      std::this_thread::yield();
    }
    BOOST_TEST(subject.events(transport) == count);
  }
  void check_ended(std::uint64_t good)
  {
    const auto books = transport.statistics();
    check_books(books);
    BOOST_TEST((Subject::answers ? books.messages.acked : books.messages.sent) == good);
  }
};

/// A server answers it, and can be told when: answers are owed meanwhile.
template <class Subject>
concept owing = Subject::answers && !Subject::instant;

/// A send whose answer is held back until another message comes.
template <owing Subject, class Token>
void send_held(stage<Subject>& s, Token&& token)
{
  s.subject.server->inject(testkit::coalesce{1});
  s.transport.async_send(one_event(), std::forward<Token>(token));
  run_until(s.context, [&] { return s.transport.statistics().messages.in_flight == 1; });
}

inline message too_long()
{
  return message{{.description = std::string(2'000, 'x')}};
}

} // namespace riemann::test

#endif
