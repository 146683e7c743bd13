// Handlers that are called on an executor of their own, which need not run for long, or ever:
// the pool does not wait for it, and keeps nothing of it once the handler has been told.

#include "client/pool_implementation.hpp"
#include "net/blank_implementation.hpp"
#include "subjects.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

/// Does something else before it takes a message.
class interrupted_connection final : public net::blank_implementation {
public:
  using blank_implementation::blank_implementation;
  detail::operation_id new_operation_id() noexcept override { return 0; }
  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id id) override
  {
    if (const auto before = std::exchange(before_next, nullptr)) {
      before();
    }
    blank_implementation::send(std::move(m), options, std::move(handler), id);
  }
  void cancel_operation(detail::operation_id id, bool only_unwritten) override
  {
    (only_unwritten ? withdrawn : cancelled).push_back(id);
  }

  std::function<void()> before_next{};
  std::vector<detail::operation_id> withdrawn{};
  std::vector<detail::operation_id> cancelled{};
};

class interrupted_pool final : public basic_transport {
public:
  interrupted_pool(const asio::any_io_executor& executor,
                   const std::vector<std::shared_ptr<interrupted_connection>>& inside)
      : basic_transport{std::make_shared<clients::pool_implementation>(
            executor, 1h, clients::pool_implementation::transports{inside.begin(), inside.end()})}
  {}
};

struct with_another_context : with_context {
  std::shared_ptr<interrupted_connection> make()
  {
    return std::make_shared<interrupted_connection>(context.get_executor(), blank_options{});
  }
  auto elsewhere(result& r) { return asio::bind_executor(*other, record{r}); }

  std::optional<asio::io_context> other{std::in_place};
  std::vector<std::shared_ptr<interrupted_connection>> inside{make(), make()};
  interrupted_pool transport{context.get_executor(), inside};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(pool_elsewhere, with_another_context)

BOOST_AUTO_TEST_CASE(messages_when_their_executor_does_not_run_then_are_counted_all_the_same)
{
  std::vector<result> sent(100);
  inside[0]->fail_next(errc::connect_failed, {});
  for (result& r : sent) {
    transport.async_send(one_event(), elsewhere(r));
  }
  run(context);
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.live() == 0U);
  BOOST_TEST(books.messages.acked == sent.size());
  check_books(books);
  for (const result& r : sent) {
    BOOST_TEST(r.calls == 0);
  }
  run(*other);
  for (const result& r : sent) {
    BOOST_TEST(r.calls == 1);
    BOOST_TEST(r.error == error_code{});
  }
}

BOOST_AUTO_TEST_CASE(answer_when_told_elsewhere_then_is_whole)
{
  result sent;
  inside[0]->fail_next(errc::rejected, response::failure("no such thing"));
  transport.async_send(one_event(), elsewhere(sent));
  run(context);
  run(*other);
  BOOST_TEST(sent.error == errc::rejected);
  BOOST_TEST(sent.answer.text() == "no such thing");
}

BOOST_AUTO_TEST_CASE(
    executor_when_gone_before_its_handlers_were_called_then_nothing_is_left_of_them)
{
  result sent;
  result gone;
  transport.async_send(one_event(), elsewhere(sent));
  transport.async_disconnect(1h, elsewhere(gone));
  run(context);
  other.reset();
  BOOST_TEST(sent.calls == 0);
  BOOST_TEST(gone.calls == 0);
  BOOST_TEST(transport.statistics().messages.live() == 0U);
}

BOOST_AUTO_TEST_CASE(
    disconnect_when_its_executor_does_not_run_then_the_pool_opens_again_all_the_same)
{
  result gone;
  transport.async_disconnect(1h, elsewhere(gone));
  run(context);
  result opened;
  transport.async_connect(record{opened});
  run(context);
  BOOST_TEST(opened.calls == 1);
  BOOST_TEST(opened.error == error_code{});
  BOOST_TEST(gone.calls == 0);
  run(*other);
  BOOST_TEST(gone.calls == 1);
}

/// What is on its way to another connection comes there after the cancel has.
BOOST_AUTO_TEST_CASE(cancel_when_a_message_is_between_two_connections_then_reaches_it)
{
  result sent;
  inside[0]->fail_next(errc::connect_failed, {});
  inside[1]->before_next = [&] {
    transport.cancel();
    BOOST_TEST(inside[1]->cancelled.empty());
  };
  transport.async_send(one_event(), record{sent});
  run(context);
  BOOST_TEST(sent.calls == 1);
  BOOST_TEST(inside[1]->cancelled.size() == 1U);
  BOOST_TEST(inside[0]->cancelled.empty());
  BOOST_TEST(inside[1]->withdrawn.empty());
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_SUITE_END()

/// One connection is enough for it; the other's is tried on for as long as it takes.
BOOST_FIXTURE_TEST_CASE(connect_when_told_elsewhere_then_keeps_nothing_of_that_executor,
                        with_context)
{
  running_server server;
  const deaf_listener deaf{context};
  pool_transport transport{
      context,
      {.servers = {options_for(deaf.endpoint()), options_for(server->tcp_endpoint())},
       .connections = 2}};
  std::optional<asio::io_context> other{std::in_place};
  result opened;
  transport.async_connect(asio::bind_executor(*other, record{opened}));
  run_until(context, [&] {
    other->restart();
    other->poll();
    return opened.done();
  });
  BOOST_TEST(opened.error == error_code{});
  run(*other);
  other.reset();
  transport.cancel();
  run(context);
  BOOST_TEST(opened.calls == 1);
}
