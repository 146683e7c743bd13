// What the comment of async_send promises, heading by heading, on every transport.

#include "counting_allocator.hpp"
#include "subjects.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <deque>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using asio::cancellation_type;

constexpr auto fault_accept = testkit::fault_place::accept;
constexpr std::array types{cancellation_type::total, cancellation_type::partial,
                           cancellation_type::terminal};

/// A handler that says if it is destroyed uninvoked, and may own something.
class mortal {
public:
  mortal(int& invoked, int& dropped, std::shared_ptr<void> owned = {})
      : invoked_{&invoked}, dropped_{&dropped}, owned_{std::move(owned)}
  {}
  mortal(mortal&& other) noexcept
      : invoked_{other.invoked_},
        dropped_{std::exchange(other.dropped_, nullptr)},
        owned_{std::move(other.owned_)}
  {}
  mortal& operator=(mortal&&) = delete;
  ~mortal()
  {
    if (dropped_ != nullptr) {
      ++*dropped_;
    }
  }
  template <class... Results>
  void operator()(const Results&...)
  {
    dropped_ = nullptr;
    ++*invoked_;
  }

private:
  int* invoked_;
  int* dropped_;
  std::shared_ptr<void> owned_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(promise_send)

TRANSPORT_TEST_CASE(async_send_completes_when_it_was_answered_or_handed_over)
{
  result sent;
  s.transport.async_send(one_event(), record{sent});
  s.wait_for(sent);
  BOOST_TEST(sent.error == error_code{});
  s.wait_for_events(1);
  s.check_ended(1);
}

TRANSPORT_TEST_CASE(async_send_completes_when_it_has_failed)
{
  result sent;
  s.transport.async_send(too_long(), record{sent});
  s.wait_for(sent);
  BOOST_TEST(sent.error == errc::message_too_large);
  BOOST_TEST((sent.error == outcome::not_sent));
  s.wait_for_events(0);
}

TRANSPORT_TEST_CASE(async_send_handler_signature_is_error_and_response)
{
  bool called = false;
  s.transport.async_send(one_event(), [&](auto error, auto answer) {
    static_assert(std::is_same_v<decltype(error), error_code>);
    static_assert(std::is_same_v<decltype(answer), response>);
    called = true;
  });
  run_until(s.context, [&] { return called; });
}

TRANSPORT_TEST_CASE(async_send_outcomes_and_errors_are_what_became_of_it)
{
  std::vector<result> sent(5);
  s.transport.async_send(one_event(), record{sent[0]});
  s.transport.async_send(too_long(), record{sent[1]});
  s.transport.async_send(one_event(), {.deadline = 0s}, record{sent[2]});
  s.transport.async_send(message::query("true"), record{sent[3]});
  result gone;
  s.transport.async_disconnect(20s, record{gone});
  s.transport.async_send(one_event(), record{sent[4]});
  run(s.context);
  BOOST_TEST(sent[0].error == error_code{});
  BOOST_TEST(sent[1].error == errc::message_too_large);
  BOOST_TEST(sent[2].error == errc::expired);
  BOOST_TEST(sent[3].error == (s.behind->queries ? error_code{} : errc::not_supported));
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(sent[4].error == errc::disconnected);
  for (const result& r : sent) {
    BOOST_TEST(r.calls == 1);
  }
  const auto books = s.transport.statistics().messages;
  BOOST_TEST(books.submitted == 5U);
  BOOST_TEST(books.not_sent == (s.behind->queries ? 3U : 4U));
  check_books(s.transport.statistics());

  if (s.behind->answers) {
    s.behind->reject_next(s.transport, "no room");
    result refused;
    s.transport.async_connect(asio::detached);
    s.transport.async_send(one_event(), record{refused});
    s.wait_for(refused);
    BOOST_TEST(refused.error == errc::rejected);
    BOOST_TEST((refused.error == outcome::rejected));
    BOOST_TEST(refused.answer.text() == "no room");
    BOOST_TEST(s.transport.statistics().messages.rejected == 1U);
  }
}

TRANSPORT_TEST_CASE(async_send_cancellation_of_any_type_takes_back_what_is_queued)
{
  for (const auto type : types) {
    stage each{s.make};
    asio::cancellation_signal signal;
    result cancelled;
    result next;
    each.transport.async_send(one_event(),
                              asio::bind_cancellation_slot(signal.slot(), record{cancelled}));
    each.transport.async_send(one_event(), record{next});
    signal.emit(type);
    BOOST_TEST(!cancelled.done());
    each.wait_for(next);
    each.wait_for(cancelled);
    BOOST_TEST(cancelled.error == (each.unless_instant(errc::cancelled)));
    BOOST_TEST(next.error == error_code{});
    signal.emit(type); // after its end: nothing
    check_books(each.transport.statistics());
  }
}

OWING_TRANSPORT_TEST_CASE(async_send_outcomes_and_errors_tell_what_the_server_did)
{
  const auto send = [&](send_options options = {}) {
    result r;
    s.transport.async_send(one_event(), options, record{r});
    s.wait_for(r);
    return r.error;
  };
  (*s.behind->server())->inject(testkit::reset_at{0});
  BOOST_TEST(send() == errc::connection_lost);
  (*s.behind->server())->inject(testkit::garbage{});
  BOOST_TEST(send() == errc::malformed_answer);
  BOOST_TEST(send() == error_code{}); // on a new connection
  (*s.behind->server())->inject(testkit::coalesce{1});
  BOOST_TEST(send({.deadline = 200ms}) == errc::deadline_exceeded);
  BOOST_TEST(send() == error_code{}); // on the same
  (*s.behind->server())->inject(testkit::reset_at{7}, {.connection = 4, .message = fault_accept});
  s.transport.cancel();
  run(s.context);
  BOOST_TEST(send() == errc::connection_lost); // within the message
  BOOST_TEST(s.transport.statistics().messages.unknown == 4U);
  BOOST_TEST(s.transport.statistics().connections_opened == 4U);
  check_books(s.transport.statistics());
}

TRANSPORT_TEST_CASE(async_send_outcomes_and_errors_of_odd_events_are_as_of_others)
{
  std::vector<result> sent(3);
  s.transport.async_send(message{{.ttl = ttl_duration{-1}}}, record{sent[0]});
  s.transport.async_send(message{{.metric = std::numeric_limits<double>::quiet_NaN()}},
                         record{sent[1]});
  s.transport.async_send(
      message{{.time = timestamp::from_seconds(std::numeric_limits<std::int64_t>::max())}},
      record{sent[2]});
  s.wait_for(sent[2]);
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
  s.wait_for_events(3);
}

OWING_TRANSPORT_TEST_CASE(async_send_cancellation_of_what_is_written_abandons_it)
{
  for (const auto type : types) {
    stage each{s.make};
    asio::cancellation_signal signal;
    result written;
    result next;
    each.send_held(asio::bind_cancellation_slot(signal.slot(), record{written}));
    signal.emit(type);
    const bool goes_on = type == cancellation_type::total;
    if (!goes_on) {
      each.wait_for(written);
    }
    each.transport.async_send(one_event(), record{next});
    each.wait_for(next);
    BOOST_TEST(written.error == (goes_on ? error_code{} : make_error_code(errc::abandoned)));
    BOOST_TEST(written.calls == 1);
    BOOST_TEST(next.error == error_code{});
    BOOST_TEST(each.transport.statistics().connections_opened == 1U);
    check_books(each.transport.statistics());
  }
}

OWING_TRANSPORT_TEST_CASE(async_send_lifetime_of_an_awaited_one_ends_with_the_transport)
{
  (*s.behind->server())->inject(testkit::no_answer{});
  std::optional<error_code> ended;
  auto brief = s.behind->make(s.context.get_executor());
  basic_transport& transport = brief->get();
  asio::co_spawn(
      s.context,
      [&]() -> asio::awaitable<void> {
        auto [error, answer] =
            co_await transport.async_send(one_event(), asio::as_tuple(asio::use_awaitable));
        ended = error;
      },
      asio::detached);
  run_until(s.context, [&] { return transport.statistics().messages.in_flight == 1; });
  brief.reset();
  run(s.context);
  BOOST_REQUIRE(ended);
  BOOST_TEST(*ended == errc::abandoned);
}

TRANSPORT_TEST_CASE(async_send_threads_may_wait_within_handlers_for_other_sends)
{
  asio::thread_pool pool{2};
  const auto held = s.behind->make(pool.get_executor());
  basic_transport& transport = held->get();
  std::promise<bool> waited;
  transport.async_send(one_event(), [&](error_code, const response&) {
    waited.set_value(get(transport.async_send(one_event(), asio::use_future)).ok());
  });
  for (int i = 0; i != 10; ++i) {
    transport.async_send(one_event(), asio::detached);
  }
  BOOST_TEST(get(waited.get_future()));
  get(transport.async_disconnect(20s, asio::use_future));
}

TRANSPORT_TEST_CASE(async_send_cancellation_slot_is_free_when_the_handler_runs)
{
  asio::cancellation_signal signal;
  bool called = false;
  s.transport.async_send(
      one_event(), asio::bind_cancellation_slot(signal.slot(), [&](error_code, const response&) {
        BOOST_TEST(!signal.slot().has_handler());
        called = true;
      }));
  run_until(s.context, [&] { return called; });
}

TRANSPORT_TEST_CASE(async_send_cancellation_by_cancel_ends_everything)
{
  std::vector<result> sent(3);
  for (result& r : sent) {
    s.transport.async_send(one_event(), record{r});
  }
  s.transport.cancel();
  run(s.context);
  for (const result& r : sent) {
    BOOST_TEST(r.error == (s.unless_instant(errc::cancelled)));
  }
  result next;
  s.transport.async_send(one_event(), record{next});
  s.wait_for(next);
  BOOST_TEST(next.error == error_code{});
}

TRANSPORT_TEST_CASE(async_send_threads_may_call_at_once)
{
  constexpr int each = 500;
  constexpr int callers = 4;
  std::atomic<int> good{0};
  {
    const context_threads running{s.context, 2};
    std::vector<std::jthread> threads;
    for (int t = 0; t != callers; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i != each; ++i) {
          s.transport.async_send(one_event(),
                                 [&](error_code e, const response&) { good += e ? 0 : 1; });
        }
      });
    }
    threads.clear();
    get(s.transport.async_disconnect(20s, asio::use_future));
  }
  BOOST_TEST(good == each * callers);
  s.check_ended(each * callers);
}

TRANSPORT_TEST_CASE(async_send_threads_run_the_handler_on_its_executor_and_never_inline)
{
  const auto strand = asio::make_strand(s.context);
  bool inside = false;
  int calls = 0;
  const auto handler = [&](error_code, const response&) {
    BOOST_TEST(strand.running_in_this_thread());
    BOOST_TEST(!inside);
    ++calls;
  };
  const auto attempt = [&](const message& m) {
    asio::post(strand, [&, m] {
      inside = true;
      s.transport.async_send(m, asio::bind_executor(strand, handler));
      inside = false;
    });
  };
  attempt(one_event());
  attempt(too_long());
  asio::post(strand, [&] {
    inside = true;
    s.transport.async_send(one_event(), {.deadline = 0s}, asio::bind_executor(strand, handler));
    inside = false;
  });
  run_until(s.context, [&] { return calls == 3; });
}

TRANSPORT_TEST_CASE(async_send_threads_lose_nobody_to_a_handler_that_throws)
{
  int calls = 0;
  for (int i = 0; i != 20; ++i) {
    s.transport.async_send(one_event(), [&, i](error_code, const response&) {
      ++calls;
      if (i % 5 == 0) {
        throw std::runtime_error{"from a handler"};
      }
    });
  }
  int thrown = 0;
  while (calls != 20) {
    try {
      run_until(s.context, [&] { return calls == 20; });
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  }
  BOOST_TEST(thrown == 4);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_a_large_handlers_memory_is_its_allocators)
{
  allocations counts;
  std::array<std::byte, 300> ballast{};
  int live = -1;
  s.transport.async_send(one_event(),
                         asio::bind_allocator(counting_allocator<void>{counts},
                                              [&live, &counts, ballast](error_code, response) {
                                                static_cast<void>(ballast);
                                                live = counts.live;
                                              }));
  BOOST_TEST(counts.live >= 1);
  run_until(s.context, [&] { return live != -1; });
  BOOST_TEST(counts.made >= 1);
  BOOST_TEST(live == 0); // given back before it is called
}

TRANSPORT_TEST_CASE(async_send_lifetime_needs_nothing_of_the_callers)
{
  result sent;
  {
    std::optional<event> kept{event{}};
    kept->service = std::string(300, 's');
    std::optional<message> m{*kept};
    auto lazy = s.transport.async_send(*m, asio::deferred);
    kept.reset();
    m.reset();
    std::move(lazy)(record{sent});
  }
  s.wait_for(sent);
  BOOST_TEST(sent.error == error_code{});
  s.wait_for_events(1);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_a_lazy_one_may_outlast_the_transport)
{
  auto brief = s.behind->make(s.context.get_executor());
  auto lazy = brief->get().async_send(one_event(), asio::deferred);
  brief.reset();
  result sent;
  std::move(lazy)(record{sent});
  run(s.context);
  BOOST_TEST(sent.error == errc::cancelled);
  BOOST_TEST(sent.calls == 1);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_the_transport_may_end_first)
{
  int invoked = 0;
  int dropped = 0;
  asio::io_context context;
  {
    const auto brief = s.behind->make(context.get_executor());
    basic_transport& transport = brief->get();
    for (int i = 0; i != 5; ++i) {
      transport.async_send(one_event(), mortal{invoked, dropped});
    }
  }
  BOOST_TEST(invoked == 0);
  run(context);
  BOOST_TEST(invoked == 5);
  BOOST_TEST(dropped == 0);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_the_context_may_end_first)
{
  int invoked = 0;
  int dropped = 0;
  auto context = std::make_unique<asio::io_context>();
  const auto held = s.behind->make(context->get_executor());
  basic_transport& transport = held->get();
  for (int i = 0; i != 5; ++i) {
    transport.async_send(one_event(), mortal{invoked, dropped});
  }
  context.reset();
  BOOST_TEST(invoked == 0);
  BOOST_TEST(dropped == 5);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_handlers_may_use_the_transport_to_the_end)
{
  /// What a coroutine's frame does that the context destroys.
  struct farewell {
    explicit farewell(basic_transport& t) : transport{&t} {}
    farewell(farewell&& other) noexcept : transport{std::exchange(other.transport, nullptr)} {}
    farewell& operator=(farewell&&) = delete;
    ~farewell()
    {
      if (transport != nullptr) {
        transport->cancel();
        transport->async_send(one_event(), asio::detached);
        transport->async_connect(asio::detached);
        transport->async_disconnect(20s, asio::detached);
      }
    }
    basic_transport* transport;
  };
  std::unique_ptr<handle> held;
  {
    asio::io_context context;
    held = s.behind->make(context.get_executor());
    asio::post(context, [f = farewell{held->get()}] {});
    held->get().async_send(one_event(), [f = farewell{held->get()}](auto&&...) {});
  }
  BOOST_TEST(held->get().statistics().messages.balanced());
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_the_transport_may_hang_on_its_own_handler)
{
  int invoked = 0;
  int dropped = 0;
  {
    asio::io_context context;
    std::shared_ptr<handle> transport{s.behind->make(context.get_executor())};
    transport->get().async_send(one_event(), mortal{invoked, dropped, transport});
    std::weak_ptr<void> watched{transport};
    transport.reset();
    run(context);
    BOOST_TEST(watched.expired());
  }
  BOOST_TEST(invoked == 1);
  // ...and go with the context, if that is what ends.
  auto context = std::make_unique<asio::io_context>();
  std::shared_ptr<handle> transport{s.behind->make(context->get_executor())};
  transport->get().async_send(one_event(), mortal{invoked, dropped, transport});
  transport.reset();
  context.reset();
  BOOST_TEST(dropped == 1);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_the_transport_may_end_within_a_completion)
{
  asio::io_context context;
  int invoked = 0;
  int dropped = 0;
  auto transport = s.behind->make(context.get_executor());
  transport->get().async_send(one_event(), [&](error_code, const response&) { transport.reset(); });
  for (int i = 0; i != 5; ++i) {
    transport->get().async_send(one_event(), mortal{invoked, dropped});
  }
  run(context);
  BOOST_TEST(!transport);
  BOOST_TEST(invoked == 5);
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_the_transport_may_end_on_another_thread)
{
  for (int round = 0; round != 20; ++round) {
    asio::thread_pool pool{2};
    std::atomic<int> ended{0};
    auto transport = s.behind->make(pool.get_executor());
    for (int i = 0; i != 50; ++i) {
      transport->get().async_send(one_event(), [&](error_code, const response&) { ++ended; });
    }
    std::thread{[&] { transport.reset(); }}.join();
    pool.join();
    BOOST_TEST(ended == 50);
  }
}

TRANSPORT_TEST_CASE(async_send_lifetime_of_work_outlasts_a_move)
{
  result first;
  result second;
  s.transport.async_send(one_event(), record{first});
  const auto moved = s.held->move_out();
  moved->get().async_send(one_event(), record{second});
  s.wait_for(second);
  BOOST_TEST(first.error == error_code{});
  BOOST_TEST(second.error == error_code{});
}

BOOST_AUTO_TEST_SUITE_END()
