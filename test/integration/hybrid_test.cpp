// UDP for what is short, TCP for what is not: which way a message goes, and what becomes
// of the two transports inside.

#include "client/hybrid_implementation.hpp"
#include "moving_name.hpp"
#include "net/blank_implementation.hpp"
#include "subjects.hpp"

#include <riemann/batch_client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using udp = asio::ip::udp;

/// A message of that many bytes.
message of_size(std::size_t size)
{
  event e;
  e.description = std::string(size - 10, 'x');
  while (message{e}.size() < size) {
    e.description->push_back('x');
  }
  return message{e};
}

struct to_server : with_context {
  static constexpr std::size_t limit = 100;

  hybrid_options options() const
  {
    hybrid_options both;
    both.tcp = options_for(tcp_address);
    both.udp.host = both.tcp.host;
    both.udp.port = tcp_address.port();
    both.udp.max_datagram_size = limit;
    return both;
  }
  void wait_for(const result& r)
  {
    run_until(context, [&] { return r.done(); });
  }
  result send(message m)
  {
    result sent;
    transport.async_send(std::move(m), record{sent});
    wait_for(sent);
    return sent;
  }

  running_server server{};
  asio::ip::tcp::endpoint tcp_address = server->tcp_endpoint();
  hybrid_transport transport{context, options()};
};

/// Its two ways are fakes, which answer at once or as they are told.
class fake_hybrid final : public basic_transport {
public:
  using way = std::shared_ptr<net::blank_implementation>;
  using parts = clients::hybrid_implementation::parts;

  fake_hybrid(const asio::any_io_executor& executor, const hybrid_options& options, parts inside)
      : basic_transport{
            std::make_shared<clients::hybrid_implementation>(executor, options, std::move(inside))}
  {}
  fake_hybrid(const asio::any_io_executor& executor, way stream, const way& datagrams)
      : fake_hybrid{executor,
                    {.udp = {.host = "127.0.0.1"}},
                    {std::move(stream),
                     [datagrams](const asio::any_io_executor&) { return datagrams; },
                     [](const detail::implementation&) {
                       return clients::hybrid_implementation::address{
                           error_code{asio::error::not_connected}};
                     }}}
  {}
};

struct with_fakes : with_context {
  fake_hybrid::way make() const
  {
    return std::make_shared<net::blank_implementation>(executor, blank_options{});
  }

  asio::any_io_executor executor{context.get_executor()};
  fake_hybrid::way stream = make();
  fake_hybrid::way datagrams = make();
  fake_hybrid transport{executor, stream, datagrams};
};

/// Sends nothing, and ends what it was given as it is told.
class idle_datagrams final : public net::blank_implementation {
public:
  using blank_implementation::blank_implementation;
  void send(message&&, const send_options&, detail::send_slot&& handler,
            detail::operation_id) override
  {
    held.push_back(std::move(handler));
  }
  void disconnect(std::chrono::steady_clock::duration deadline, detail::done_slot handler,
                  detail::operation_id id) override
  {
    if (std::exchange(short_of_memory, false)) {
      throw std::bad_alloc{};
    }
    retired = true;
    blank_implementation::disconnect(deadline, std::move(handler), id);
  }
  void end_all()
  {
    for (detail::send_slot& waiting : std::exchange(held, {})) {
      waiting(errc::disconnected, response{});
    }
  }

  std::vector<detail::send_slot> held{};
  bool retired = false;
  bool short_of_memory = false; ///< the next time it is to be retired
};

/// The name of where its datagrams go has moved: those after the first few go by another,
/// which sends them.
struct with_retirement : with_context {
  hybrid_options options() const
  {
    hybrid_options both;
    both.udp.host = moving_name::host;
    both.resolve_interval = 1ms;
    return both;
  }
  fake_hybrid::way make_datagrams()
  {
    if (std::exchange(made, true)) {
      moving_name::move_to(here); // and is not to move on
      return second;
    }
    return first;
  }
  static clients::hybrid_implementation::address address(const detail::implementation&)
  {
    return udp::endpoint{asio::ip::make_address(here), udp_options{}.port};
  }
  void send_until_retired()
  {
    send_until([&] { return first->retired; });
  }
  template <class Predicate>
  void send_until(Predicate reached)
  {
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (!reached()) {
      BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
      transport.async_send(one_event(), record{sent.emplace_back()});
      context.poll();
      context.restart();
    }
  }

  static constexpr const char* here = "127.0.0.1";
  moving_name name{"127.0.0.2"};
  asio::any_io_executor executor{context.get_executor()};
  fake_hybrid::way stream = std::make_shared<net::blank_implementation>(executor, blank_options{});
  std::shared_ptr<idle_datagrams> first =
      std::make_shared<idle_datagrams>(executor, blank_options{});
  fake_hybrid::way second = std::make_shared<net::blank_implementation>(executor, blank_options{});
  bool made = false;
  std::deque<result> sent{};
  fake_hybrid transport{
      executor, options(), {stream, [this](const auto&) { return make_datagrams(); }, &address}};
};

/// Two receivers with the same port, at addresses that a name may have.
struct with_moving_name : with_context {
  static constexpr const char* here = "127.0.0.1";
  static constexpr const char* there = "127.0.0.2";

  hybrid_options options() const
  {
    hybrid_options both;
    both.udp.host = moving_name::host;
    both.udp.port = first.local_endpoint().port();
    both.resolve_interval = 1ms;
    return both;
  }
  error_code send()
  {
    result sent;
    transport->async_send(one_event(), record{sent});
    run_until(context, [&] { return sent.done(); });
    ++count;
    at_first += arrived(first);
    at_second += arrived(second);
    return sent.error;
  }
  /// Sends until something is true.
  template <class Predicate>
  void send_until(Predicate reached)
  {
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (!reached()) {
      BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
      BOOST_TEST(send() == error_code{});
      context.poll();
    }
  }
  void send_until_at(const char* address)
  {
    send_until([&] {
      const auto at = transport->datagram_address();
      return at && at->address() == asio::ip::make_address(address);
    });
  }
  /// The datagrams that have arrived, but for those that ask whether anybody listens.
  static std::size_t arrived(udp::socket& receiver)
  {
    if (!receiver.is_open()) {
      return 0;
    }
    receiver.non_blocking(true);
    std::size_t n = 0;
    for (;;) {
      std::array<char, 1'000> datagram{};
      error_code error;
      const auto size = receiver.receive(asio::buffer(datagram), 0, error);
      if (error) {
        return n;
      }
      n += size == 0 ? 0 : 1;
    }
  }

  moving_name name{here};
  udp::socket first{context, {asio::ip::make_address(here), 0}};
  udp::socket second{context, {asio::ip::make_address(there), first.local_endpoint().port()}};
  std::optional<hybrid_transport> transport{std::in_place, context, options()};
  std::size_t count = 0; ///< sent
  std::size_t at_first = 0;
  std::size_t at_second = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hybrid_routing, to_server)

BOOST_AUTO_TEST_CASE(message_when_a_datagram_holds_it_then_goes_by_udp_else_by_tcp)
{
  BOOST_TEST(send(of_size(limit)).error == error_code{});
  auto books = transport.statistics();
  BOOST_TEST(books.messages.sent == 1U);
  BOOST_TEST(books.datagrams_sent == 1U);
  BOOST_TEST(send(of_size(limit + 1)).error == error_code{});
  books = transport.statistics();
  BOOST_TEST(books.messages.sent == 1U);
  BOOST_TEST(books.messages.acked == 1U);
  BOOST_TEST(books.datagrams_sent == 1U);
  BOOST_TEST(books.connections_opened == 2U);
  check_books(books);
}

BOOST_AUTO_TEST_CASE(success_when_nobody_answers_then_its_response_says_so)
{
  const result by_udp = send(of_size(limit));
  BOOST_TEST((by_udp.answer.ok() && !by_udp.answer.answered()));
  const result by_tcp = send(of_size(limit + 1));
  BOOST_TEST((by_tcp.answer.ok() && by_tcp.answer.answered()));
}

BOOST_AUTO_TEST_CASE(batches_when_some_go_by_udp_then_those_alone_count_as_sent)
{
  batch_client batches{transport};
  const auto send_one = [&](std::size_t size) {
    const event e = of_size(size).to_events()[0];
    result ended;
    batches.async_send(e, record{ended});
    wait_for(ended);
    BOOST_TEST(ended.error == error_code{});
  };
  for (int i = 0; i != 3; ++i) {
    send_one(limit);
    send_one(limit + 1);
  }
  const tally events = batches.statistics().events;
  BOOST_TEST(events.sent == 3U);
  BOOST_TEST(events.acked == 3U);
  BOOST_TEST((events == transport.statistics().events));
}

BOOST_AUTO_TEST_CASE(query_when_short_then_is_answered_by_tcp)
{
  message both{{.service = "asked"}};
  both.set_query("service = \"asked\"");
  const auto asked = send(both);
  BOOST_TEST(asked.error == error_code{});
  BOOST_TEST(asked.answer.event_count() == 1U);
  client user{transport};
  result found;
  user.async_query("true", record{found});
  wait_for(found);
  BOOST_TEST(found.answer.event_count() == 1U);
  BOOST_TEST(transport.statistics().messages.acked == 2U);
  BOOST_TEST(transport.statistics().datagrams_sent == 0U);
}

BOOST_AUTO_TEST_CASE(message_when_too_long_for_both_then_is_refused)
{
  auto small = options();
  small.tcp.session.max_message_size = 2 * limit;
  hybrid_transport narrow{context, small};
  result sent;
  narrow.async_send(of_size(2 * limit + 1), record{sent});
  wait_for(sent);
  BOOST_TEST(sent.error == errc::message_too_large);
  BOOST_TEST(narrow.statistics().messages.not_sent == 1U);
  check_books(narrow.statistics());
}

BOOST_AUTO_TEST_CASE(books_when_messages_are_on_their_way_then_say_where)
{
  server->inject(testkit::coalesce{1});
  result held;
  result queued;
  transport.async_send(of_size(limit + 1), record{held});
  run_until(context, [&] { return transport.statistics().messages.in_flight == 1; });
  BOOST_TEST(transport.statistics().events.in_flight == 1U);
  transport.async_send(one_event(), record{queued});
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.in_flight == 1U);
  BOOST_TEST(books.messages.queued == 1U);
  BOOST_TEST(books.messages.balanced());
  BOOST_TEST(books.events.balanced());
  wait_for(queued);
  BOOST_TEST(!held.done());
  transport.cancel();
  run(context);
  BOOST_TEST(held.error == errc::abandoned);
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(connect_when_called_then_opens_both)
{
  result connected;
  transport.async_connect(record{connected});
  wait_for(connected);
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(transport.statistics().connections_opened == 2U);
  BOOST_TEST((*transport.datagram_address() == server->udp_endpoint()));
}

BOOST_AUTO_TEST_CASE(connect_when_one_way_is_shut_then_says_so_and_the_other_serves)
{
  auto half = options();
  half.tcp.port = closed_port(context);
  half.tcp.session.max_queue_age = 50ms;
  hybrid_transport lame{context, half};
  asio::cancellation_signal signal;
  std::vector<result> ended(3);
  lame.async_connect(record{ended[0]});
  lame.async_send(one_event(), record{ended[1]});
  lame.async_send(of_size(limit + 1), record{ended[2]});
  run_until(context, [&] { return ended[1].done() && ended[2].done(); });
  BOOST_TEST(ended[1].error == error_code{});
  BOOST_TEST((ended[2].error == outcome::not_sent));
  lame.cancel();
  run(context);
  BOOST_TEST(ended[0].calls == 1);
  BOOST_TEST(ended[0].error.failed());
}

BOOST_AUTO_TEST_CASE(disconnect_when_called_then_drains_both)
{
  server->inject(testkit::coalesce{1});
  result held;
  result gone;
  std::vector<result> sent(20);
  transport.async_send(of_size(limit + 1), record{held});
  run_until(context, [&] { return transport.statistics().messages.in_flight == 1; });
  for (std::size_t i = 0; i != sent.size(); ++i) {
    transport.async_send(i % 2 == 0 ? one_event() : of_size(limit + 1), record{sent[i]});
  }
  transport.async_disconnect(20s, record{gone});
  result late;
  transport.async_send(one_event(), record{late});
  run(context);
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(held.error == error_code{});
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(late.error == errc::disconnected);
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(calls_when_from_many_threads_then_each_ends_once_and_books_hold)
{
  constexpr int callers = 4;
  constexpr int each = 500;
  std::atomic<int> good{0};
  std::atomic<bool> over{false};
  bool balanced = true;
  {
    const context_threads running{context, 2};
    std::jthread reader{[&] {
      while (!over) {
        const auto books = transport.statistics();
        balanced = balanced && books.messages.balanced() && books.events.balanced();
      }
    }};
    std::vector<std::jthread> threads;
    for (int t = 0; t != callers; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i != each; ++i) {
          transport.async_send(i % 2 == 0 ? one_event() : of_size(limit + 1),
                               [&](error_code e, const response&) { good += e ? 0 : 1; });
        }
      });
    }
    threads.clear();
    get(transport.async_disconnect(20s, asio::use_future));
    over = true;
  }
  BOOST_TEST(good == callers * each);
  BOOST_TEST(balanced);
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.sent == 1'000U);
  BOOST_TEST(books.messages.acked == 1'000U);
  check_books(books);
}

BOOST_AUTO_TEST_CASE(options_when_invalid_then_are_named_by_the_exception)
{
  const auto check = [&](std::string_view name, const hybrid_options& bad) {
    BOOST_CHECK_EXCEPTION(hybrid_transport(context, bad), std::invalid_argument,
                          [&](const std::invalid_argument& e) {
                            return std::string_view{e.what()}.find(name) != std::string_view::npos;
                          });
  };
  check("host", {.tcp = {.host = ""}});
  check("port", {.udp = {.port = 0}});
  check("resolve_interval", {.resolve_interval = 0ms});
  check("resolve_interval", {.resolve_interval = session_options::max_duration + 1ms});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hybrid_second_attempt, with_fakes)

BOOST_AUTO_TEST_CASE(datagram_when_the_path_does_not_take_it_then_goes_by_tcp)
{
  datagrams->fail_next(errc::message_too_large, {});
  result sent;
  transport.async_send(one_event(), record{sent});
  run(context);
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(sent.calls == 1);
  BOOST_TEST_REQUIRE(stream->messages().size() == 1U);
  BOOST_TEST(stream->messages().front().to_events().front().service.value() == "s");
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.submitted == 1U);
  BOOST_TEST(books.messages.acked == 1U);
  check_books(books);
}

BOOST_AUTO_TEST_CASE(datagram_when_refused_for_another_reason_then_ends)
{
  for (const errc reason : {errc::overloaded, errc::expired, errc::connect_failed}) {
    datagrams->fail_next(reason, {});
    result sent;
    transport.async_send(one_event(), record{sent});
    run(context);
    BOOST_TEST(sent.error == reason);
  }
  BOOST_TEST(stream->messages().empty());
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(datagram_when_cancelled_between_its_attempts_then_is_not_sent)
{
  for (const auto type : {asio::cancellation_type::total, asio::cancellation_type::terminal}) {
    asio::cancellation_signal signal;
    result sent;
    datagrams->fail_next(errc::message_too_large, {});
    transport.async_send(one_event(), asio::bind_cancellation_slot(signal.slot(), record{sent}));
    signal.emit(type);
    run(context);
    BOOST_TEST(sent.error == errc::cancelled);
  }
  result ended;
  datagrams->fail_next(errc::message_too_large, {});
  transport.async_send(one_event(), record{ended});
  transport.cancel();
  run(context);
  BOOST_TEST((ended.error == outcome::not_sent));
  BOOST_TEST(stream->messages().empty());
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(datagram_when_its_deadline_has_passed_then_its_next_attempt_is_refused)
{
  result sent;
  datagrams->fail_next(errc::message_too_large, {});
  transport.async_send(one_event(), {.deadline = 1ns}, record{sent});
  run(context);
  BOOST_TEST((sent.error == outcome::not_sent));
  BOOST_TEST(stream->messages().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hybrid_retirement, with_retirement)

BOOST_AUTO_TEST_CASE(datagrams_when_retired_before_they_are_sent_then_go_by_the_replacement)
{
  send_until_retired();
  first->end_all();
  run(context);
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
  BOOST_TEST(second->messages().size() + second->forgotten() == sent.size());
  BOOST_TEST(stream->messages().empty());
  BOOST_TEST(transport.statistics().messages.sent == sent.size());
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(datagrams_when_the_user_disconnects_then_stay_with_what_was_retired)
{
  send_until_retired();
  result gone;
  transport.async_disconnect(patience, record{gone});
  first->end_all();
  run(context);
  BOOST_TEST(gone.calls == 1);
  for (const result& r : sent) {
    BOOST_TEST(r.error == errc::disconnected);
  }
  BOOST_TEST(second->messages().empty());
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_CASE(datagrams_when_there_is_no_memory_to_retire_the_old_way_then_keep_to_it)
{
  first->short_of_memory = true;
  send_until([&] { return !first->short_of_memory; });
  transport.async_send(one_event(), record{sent.emplace_back()});
  run(context);
  BOOST_TEST(first->held.size() == sent.size());
  BOOST_TEST(!first->retired);
  first->held.clear();
}

/// It was given to the one in use, which refuses it.
BOOST_AUTO_TEST_CASE(datagram_when_handed_over_after_a_disconnect_then_is_refused_for_good)
{
  send_until_retired();
  first->end_all();
  transport.async_disconnect(patience, asio::detached);
  run(context);
  result refused;
  transport.async_send(one_event(), record{refused});
  transport.async_connect(asio::detached);
  run(context);
  BOOST_TEST(refused.error == errc::disconnected);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hybrid_lookup, with_moving_name)

BOOST_AUTO_TEST_CASE(address_when_the_name_moves_then_datagrams_follow_and_none_fails)
{
  BOOST_TEST(send() == error_code{});
  BOOST_TEST(at_first == 1U);
  moving_name::move_to(there);
  send_until_at(there);
  const auto before = at_first;
  for (int i = 0; i != 5; ++i) {
    BOOST_TEST(send() == error_code{});
  }
  BOOST_TEST(at_first == before);
  BOOST_TEST(at_first + at_second == count);
  run(context); // the one before is gone, and nothing is waited for
  const auto books = transport->statistics();
  BOOST_TEST(books.messages.sent == count);
  BOOST_TEST(books.datagrams_sent == count);
  BOOST_TEST(books.connections_opened == 2U);
  BOOST_TEST(books.connections_lost == 0U);
  check_books(books);
  // And back again.
  moving_name::move_to(here);
  send_until_at(here);
  run(context);
  BOOST_TEST(transport->statistics().datagrams_sent == count);
}

BOOST_AUTO_TEST_CASE(address_when_the_name_stays_then_is_kept)
{
  const auto before = moving_name::lookups();
  send_until([&] { return moving_name::lookups() >= before + 5; });
  run(context);
  BOOST_TEST(transport->statistics().connections_opened == 1U);
  BOOST_TEST(at_first == count);
}

BOOST_AUTO_TEST_CASE(address_when_the_name_is_lost_then_is_kept)
{
  BOOST_TEST(send() == error_code{});
  moving_name::move_to({});
  const auto before = moving_name::lookups();
  send_until([&] { return moving_name::lookups() >= before + 3; });
  run(context);
  BOOST_TEST(transport->statistics().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(address_when_nobody_listens_at_the_new_one_then_is_kept)
{
  BOOST_TEST(send() == error_code{});
  second.close();
  moving_name::move_to(there);
  send_until([&] { return transport->statistics().connects_failed >= 2; });
  transport->async_disconnect(20s, asio::detached);
  run(context);
  BOOST_TEST(at_first == count);
  check_books(transport->statistics());
}

BOOST_AUTO_TEST_CASE(lookup_when_its_interval_has_not_passed_then_is_not_made)
{
  auto rarely = options();
  rarely.resolve_interval = 1h;
  transport.emplace(context, rarely);
  BOOST_TEST(send() == error_code{});
  const auto before = moving_name::lookups();
  for (int i = 0; i != 100; ++i) {
    BOOST_TEST(send() == error_code{});
  }
  run(context);
  BOOST_TEST(moving_name::lookups() == before);
}

BOOST_AUTO_TEST_CASE(transport_when_it_ends_at_any_step_of_a_move_then_ends_cleanly)
{
  for (std::size_t steps = 0; steps != 12; ++steps) {
    for (const int how : {0, 1, 2, 3}) {
      moving_name::move_to(here);
      auto brief = std::make_unique<asio::io_context>();
      std::optional<hybrid_transport> passing{std::in_place, *brief, options()};
      result ended;
      passing->async_connect(asio::detached);
      passing->async_send(one_event(), record{ended});
      run_until(*brief, [&] { return ended.done(); });
      moving_name::move_to(there);
      const auto looked = moving_name::lookups();
      const auto limit = std::chrono::steady_clock::now() + patience;
      while (moving_name::lookups() == looked && std::chrono::steady_clock::now() < limit) {
        passing->async_send(one_event(), asio::detached);
        brief->poll();
      }
      for (std::size_t i = 0; i != steps; ++i) {
        brief->restart();
        brief->poll_one();
      }
      result last;
      passing->async_send(one_event(), record{last});
      if (how == 0) {
        passing->async_disconnect(20s, asio::detached);
        run(*brief);
        BOOST_TEST(last.error == error_code{});
        check_books(passing->statistics());
      } else if (how == 1) {
        passing->cancel();
        run(*brief);
        BOOST_TEST(last.calls == 1);
        check_books(passing->statistics());
      } else if (how == 2) {
        passing.reset();
        run(*brief);
        BOOST_TEST(last.calls == 1);
      } else {
        brief.reset();
        BOOST_TEST(passing->statistics().messages.balanced());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(name_when_it_moves_under_threads_then_every_message_ends_once)
{
  std::atomic<std::size_t> good{0};
  std::atomic<std::size_t> bad{0};
  std::size_t handed_over = 0;
  {
    const context_threads running{context, 2};
    for (int round = 0; round != 6; ++round) {
      const char* to = round % 2 == 0 ? there : here;
      moving_name::move_to(to);
      const auto limit = std::chrono::steady_clock::now() + patience;
      for (;;) {
        const auto at = transport->datagram_address();
        if ((at && at->address() == asio::ip::make_address(to)) ||
            std::chrono::steady_clock::now() > limit) {
          break;
        }
        if (handed_over - good - bad < 100) {
          ++handed_over;
          transport->async_send(one_event(),
                                [&](error_code e, const response&) { ++(e ? bad : good); });
        }
      }
    }
    get(transport->async_disconnect(20s, asio::use_future));
  }
  BOOST_TEST(good == handed_over);
  BOOST_TEST(bad == 0U);
  const auto books = transport->statistics();
  BOOST_TEST(books.messages.sent == handed_over);
  BOOST_TEST(books.datagrams_sent == handed_over);
  check_books(books);
}

BOOST_AUTO_TEST_SUITE_END()
