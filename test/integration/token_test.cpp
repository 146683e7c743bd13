// Every kind of completion token, on every transport; successes, and failures
// with their text.

#include "subjects.hpp"

#include <riemann/as_result.hpp>
#include <riemann/with_text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using coroutine = asio::awaitable<void>;

constexpr std::string_view text = "no room";

/// What is to fail: rejected by a server, where there is one, with its text; else
/// too long.
message failing(stage& s)
{
  if (s.behind->answers) {
    s.behind->reject_next(s.transport, std::string{text});
    return one_event();
  } else {
    return too_long();
  }
}

void check_failure(const stage& s, const error_code& error, std::string_view said)
{
  if (s.behind->answers) {
    BOOST_TEST(error == errc::rejected);
    BOOST_TEST(said.find(text) != std::string_view::npos);
  } else {
    BOOST_TEST(error == errc::message_too_large);
  }
}

/// Calls it, and looks at what it throws.
template <class Function>
void check_throws(const stage& s, Function function, bool with_words)
{
  try {
    function();
    BOOST_ERROR("nothing was thrown");
  } catch (const boost::system::system_error& e) {
    check_failure(s, e.code(), with_words ? e.what() : text);
    BOOST_TEST((dynamic_cast<const server_error*>(&e) != nullptr) ==
               (with_words && s.behind->answers));
  }
}

template <class Function>
void run_stackful(asio::io_context& context, Function function)
{
  bool ended = false;
  asio::spawn(
      context, [&](const asio::yield_context& yield) { function(yield); },
      [&](const std::exception_ptr& e) {
        ended = true;
        if (e) {
          std::rethrow_exception(e);
        }
      });
  run_until(context, [&] { return ended; });
}

/// A token that begins nothing, and returns what executor the initiation is associated with.
struct initiations_executor {};

} // namespace

template <class Signature>
struct boost::asio::async_result<initiations_executor, Signature> {
  template <class Initiation, class... Args>
  static auto initiate(const Initiation& initiation, initiations_executor, Args&&...)
  {
    return get_associated_executor(initiation);
  }
};

BOOST_AUTO_TEST_SUITE(token)

BOOST_AUTO_TEST_CASE(initiation_when_asked_for_its_executor_then_has_the_transports)
{
  asio::io_context context;
  tcp_transport transport{context, tcp_options{}};
  const auto check = [&](const auto& executor) {
    if constexpr (std::is_same_v<std::decay_t<decltype(executor)>, asio::any_io_executor>) {
      BOOST_TEST((executor == transport.get_executor()));
    } else {
      BOOST_ERROR("it is another's");
    }
  };
  check(transport.async_connect(initiations_executor{}));
  check(transport.async_send(one_event(), initiations_executor{}));
  check(transport.async_send(one_event(), as_result(initiations_executor{})));
  check(transport.async_send(one_event(), with_text(initiations_executor{})));
}

TRANSPORT_TEST_CASE(callback_is_given_error_and_answer)
{
  result connected;
  result good;
  result bad;
  result gone;
  s.transport.async_connect(record{connected});
  s.transport.async_send(one_event(), record{good});
  s.wait_for(good);
  s.transport.async_send(failing(s), record{bad});
  s.wait_for(bad);
  s.transport.async_disconnect(20s, record{gone});
  run(s.context);
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(good.error == error_code{});
  BOOST_TEST(good.answer.ok());
  check_failure(s, bad.error, bad.answer.text());
  BOOST_TEST(gone.error == error_code{});
  for (const auto* r : {&connected, &good, &bad, &gone}) {
    BOOST_TEST(r->calls == 1);
  }
}

TRANSPORT_TEST_CASE(use_future_returns_or_throws)
{
  const context_threads threads{s.context, 1};
  get(s.transport.async_connect(asio::use_future));
  BOOST_TEST(get(s.transport.async_send(one_event(), asio::use_future)).ok());
  check_throws(
      s, [&] { get(s.transport.async_send(failing(s), asio::use_future)); }, false);
  get(s.transport.async_disconnect(20s, asio::use_future));
}

TRANSPORT_TEST_CASE(use_awaitable_returns_or_throws)
{
  run(s.context, [](auto& st) -> coroutine {
    co_await st.transport.async_connect(asio::use_awaitable);
    const response answer = co_await st.transport.async_send(one_event(), asio::use_awaitable);
    BOOST_TEST(answer.ok());
    std::optional<error_code> thrown;
    message bad = failing(st);
    try {
      co_await st.transport.async_send(bad, asio::use_awaitable);
    } catch (const boost::system::system_error& e) {
      thrown = e.code();
    }
    BOOST_REQUIRE(thrown);
    check_failure(st, *thrown, text);
    co_await st.transport.async_disconnect(20s, asio::use_awaitable);
  }(s));
}

TRANSPORT_TEST_CASE(deferred_is_the_default_and_starts_when_it_is_told)
{
  run(s.context, [](auto& st) -> coroutine {
    co_await st.transport.async_connect();
    const response answer = co_await st.transport.async_send(one_event());
    BOOST_TEST(answer.ok());
    auto lazy = st.transport.async_send(one_event(), asio::deferred);
    BOOST_TEST(st.transport.statistics().messages.submitted == 1U);
    co_await std::move(lazy);
    BOOST_TEST(st.transport.statistics().messages.submitted == 2U);
    co_await st.transport.async_disconnect(20s);
  }(s));
}

TRANSPORT_TEST_CASE(as_tuple_gives_both_and_throws_nothing)
{
  run(s.context, [](auto& st) -> coroutine {
    auto [none] = co_await st.transport.async_connect(asio::as_tuple(asio::deferred));
    BOOST_TEST(none == error_code{});
    message bad = failing(st);
    auto [error, answer] =
        co_await st.transport.async_send(bad, asio::as_tuple(asio::use_awaitable));
    check_failure(st, error, answer.text());
  }(s));
}

TRANSPORT_TEST_CASE(detached_tells_nobody)
{
  s.transport.async_connect(asio::detached);
  s.transport.async_send(one_event(), asio::detached);
  s.transport.async_send(too_long(), asio::detached);
  s.transport.async_disconnect(20s, asio::detached);
  run(s.context);
  s.wait_for_events(1);
  s.check_ended(1);
}

TRANSPORT_TEST_CASE(yield_returns_or_throws_or_sets_the_error)
{
  run_stackful(s.context, [&](const asio::yield_context& yield) {
    s.transport.async_connect(yield);
    BOOST_TEST(s.transport.async_send(one_event(), yield).ok());
    error_code error;
    s.transport.async_send(failing(s), yield[error]);
    check_failure(s, error, text);
    check_throws(
        s, [&] { s.transport.async_send(failing(s), yield); }, false);
    s.transport.async_disconnect(20s, yield);
  });
}

TRANSPORT_TEST_CASE(as_result_carries_the_text_through_every_token)
{
  const auto check = [&s](const send_result& r) {
    BOOST_REQUIRE(r.has_error());
    check_failure(s, r.error().code, r.error().text());
    check_throws(
        s, [&] { static_cast<void>(r.value()); }, true);
  };
  run(s.context, [](auto& st, auto looks) -> coroutine {
    const send_result good = co_await st.transport.async_send(one_event(), as_result());
    BOOST_TEST(good.value().ok());
    message bad = failing(st);
    looks(co_await st.transport.async_send(bad, as_result(asio::deferred)));
    bad = failing(st);
    looks(co_await st.transport.async_send(bad, as_result(asio::use_awaitable)));
    asio::cancellation_signal signal;
    bad = failing(st);
    looks(co_await st.transport.async_send(
        bad, asio::bind_cancellation_slot(signal.slot(), as_result(asio::use_awaitable))));
  }(s, check));
  run_stackful(s.context, [&](const asio::yield_context& yield) {
    check(s.transport.async_send(failing(s), as_result(yield)));
  });
  bool called = false;
  s.transport.async_send(failing(s), as_result([&](const send_result& r) {
                           check(r);
                           called = true;
                         }));
  run_until(s.context, [&] { return called; });
  const context_threads threads{s.context, 1};
  check(get(s.transport.async_send(failing(s), as_result(asio::use_future))));
  check(get(s.transport.async_send(
      failing(s), asio::bind_executor(s.context.get_executor(), as_result(asio::use_future)))));
  get(s.transport.async_disconnect(20s, asio::use_future));
}

TRANSPORT_TEST_CASE(with_text_throws_with_the_text)
{
  run(s.context, [](auto& st) -> coroutine {
    const response good =
        co_await st.transport.async_send(one_event(), with_text(asio::use_awaitable));
    BOOST_TEST(good.ok());
    std::exception_ptr thrown;
    message bad = failing(st);
    try {
      co_await st.transport.async_send(bad, with_text(asio::use_awaitable));
    } catch (...) {
      thrown = std::current_exception();
    }
    BOOST_REQUIRE(thrown);
    check_throws(
        st, [&] { std::rethrow_exception(thrown); }, true);
  }(s));
  const context_threads threads{s.context, 1};
  check_throws(
      s, [&] { get(s.transport.async_send(failing(s), with_text(asio::use_future))); }, true);
  std::promise<std::exception_ptr> called;
  s.transport.async_send(failing(s), with_text([&](std::exception_ptr e, const response&) {
                           called.set_value(std::move(e));
                         }));
  check_throws(
      s, [&] { std::rethrow_exception(get(called.get_future())); }, true);
  get(s.transport.async_disconnect(20s, asio::use_future));
}

TRANSPORT_TEST_CASE(adapters_pass_on_executor_and_cancellation_slot)
{
  const auto strand = asio::make_strand(s.context);
  asio::cancellation_signal signal;
  int done = 0;
  const auto on_strand = [&](auto handler) {
    return asio::bind_executor(strand, [&, handler](auto... results) {
      BOOST_TEST(strand.running_in_this_thread());
      handler(std::move(results)...);
      ++done;
    });
  };
  s.transport.async_send(
      one_event(), as_result(on_strand([](const send_result& r) { BOOST_TEST(r.has_value()); })));
  s.transport.async_send(
      one_event(),
      with_text(on_strand([](const std::exception_ptr& e, const response&) { BOOST_TEST(!e); })));
  s.transport.async_send(one_event(),
                         as_result(asio::bind_cancellation_slot(
                             signal.slot(), on_strand([&s](const send_result& r) {
                               BOOST_TEST((r.has_error() ? r.error().code : error_code{}) ==
                                          (s.unless_instant(errc::cancelled)));
                             }))));
  signal.emit(asio::cancellation_type::terminal);
  run_until(s.context, [&] { return done == 3; });
}

BOOST_AUTO_TEST_SUITE_END()
