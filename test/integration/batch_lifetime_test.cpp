// Batch client, transport, context, handlers and events, destroyed in every order.
#include "batch_fixture.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

/// A handler that tells its end, and owns something.
class mortal {
public:
  struct fates {
    std::atomic<int> invoked{0};
    std::atomic<int> dropped{0}; ///< destroyed uninvoked
  };

  explicit mortal(fates& f, std::shared_ptr<void> owned = {}) : fates_{&f}, owned_{std::move(owned)}
  {}
  mortal(mortal&& other) noexcept
      : fates_{std::exchange(other.fates_, nullptr)}, owned_{std::move(other.owned_)}
  {}
  mortal& operator=(mortal&&) = delete;
  ~mortal()
  {
    if (fates_ != nullptr) {
      ++fates_->dropped;
    }
  }
  void operator()(error_code) { ++std::exchange(fates_, nullptr)->invoked; }
  void operator()(error_code e, const response&) { (*this)(e); }

private:
  fates* fates_;
  std::shared_ptr<void> owned_;
};

/// Four sends, a flush and a close, of each kind of handler.
void load(batch_client& client, mortal::fates& f, const asio::any_io_executor& foreign,
          const std::shared_ptr<void>& owned = {})
{
  for (int i = 0; i != 2; ++i) {
    client.post({.service = "posted"});
    client.async_send({.service = "s"}, mortal{f, owned});
    client.async_send({.service = "s"}, asio::bind_executor(foreign, mortal{f, owned}));
  }
  client.async_flush(mortal{f, owned});
  client.async_close(patience, mortal{f, owned});
}
constexpr int loaded = 6;

batch_options two_a_batch(told_losses* losses = nullptr)
{
  batch_options o{.max_events = 2, .max_outstanding = 1};
  if (losses != nullptr) {
    o.on_loss = losses->listener();
  }
  return o;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(batch_lifetime, with_batch_peer)

BOOST_AUTO_TEST_CASE(batch_client_when_destroyed_then_waiters_are_told_and_posts_are_lost)
{
  gate answer;
  play({[&](connection& c) {
         c.read_frames(1);
         answer.wait();
         c.ack(1);
         c.read_to_end();
       }},
       two_a_batch());
  result handed_over;
  result gathered;
  client->post({.service = "handed over"});
  send(handed_over);
  wait_until_written();
  client->post({.service = "gathered"});
  send(gathered);
  client.reset();
  BOOST_TEST(handed_over.calls + gathered.calls == 0);
  BOOST_TEST(losses.all.empty());
  wait_for(handed_over);
  wait_for(gathered);
  BOOST_TEST(handed_over.error == errc::abandoned);
  BOOST_TEST(gathered.error == errc::cancelled);
  run_until(context, [&] { return losses.events() == 1; });
  BOOST_TEST(losses.all[0].error == errc::cancelled);
  BOOST_TEST(losses.all[0].reason == "the batch client was destroyed");
  // What was handed over goes on, and is not lost.
  answer.open();
  run_until(context, [&] { return transport->statistics().messages.acked == 1; });
  transport.reset();
  run(context);
  BOOST_TEST(losses.events() == 1U);
}

BOOST_AUTO_TEST_CASE(post_when_its_batch_fails_after_the_batch_client_is_gone_then_told)
{
  gate gone;
  play({[&](connection& c) {
    c.read_frames(1);
    gone.wait();
  }});
  client->post({.service = "handed over"});
  wait_until_written();
  client.reset();
  gone.open();
  run_until(context, [&] { return losses.events() == 1; });
  BOOST_TEST(losses.all[0].error == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(transport_when_owned_then_is_destroyed_with_the_batch_client)
{
  gate written;
  play({[&](connection& c) {
    c.read_frames(1);
    written.open();
    c.read_to_end();
  }});
  mortal::fates f;
  std::optional<batch_client> owner;
  owner.emplace(std::move(*transport), two_a_batch(&losses));
  load(*owner, f, asio::make_strand(context));
  {
    const context_threads threads{context, 1};
    written.wait();
    owner.reset();
  }
  BOOST_TEST(f.invoked == loaded);
  BOOST_TEST(f.dropped == 0);
  BOOST_TEST(losses.events() == 2U);
}

BOOST_AUTO_TEST_CASE(transport_when_destroyed_first_then_everything_ends)
{
  play({ignore}, two_a_batch());
  mortal::fates f;
  load(*client, f, asio::make_strand(context));
  wait_until_written();
  transport.reset();
  run(context);
  BOOST_TEST(f.invoked == loaded);
  BOOST_TEST(losses.events() == 2U);
  check_books(client->statistics());
  batch_client late{std::move(*client)};
  client.emplace(std::move(late));
  BOOST_TEST(!client->post({.service = "closed"}));
}

BOOST_AUTO_TEST_CASE(batch_client_when_moved_then_goes_on_and_when_assigned_to_ends_its_own)
{
  play({serve}, two_a_batch());
  mortal::fates f;
  result r;
  batch_client other{*transport};
  other.async_send({.service = "kept"}, record{r});
  client->async_send({.service = "ended"}, mortal{f});
  *client = std::move(other);
  run_until(context, [&] { return r.done() && f.invoked == 1; });
  BOOST_TEST(r.error == error_code{});
  BOOST_TEST(client->post({.service = "goes on"}));
}

BOOST_AUTO_TEST_CASE(lazy_send_when_the_batch_client_is_gone_then_completes_as_cancelled)
{
  play({ignore});
  auto lazy = client->async_send({.service = "late"}, asio::deferred);
  client.reset();
  result r;
  std::move(lazy)(record{r});
  BOOST_TEST(r.calls == 0);
  wait_for(r);
  BOOST_TEST(r.error == errc::cancelled);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(batch_lifetime_and_context)

BOOST_AUTO_TEST_CASE(context_when_destroyed_first_then_handlers_and_listener_are_destroyed)
{
  scripted_peer peer{{ignore}};
  for (const bool run_it : {false, true}) {
    std::optional<asio::io_context> context{std::in_place};
    tcp_transport transport{*context, options_for(peer.endpoint())};
    const auto listener_owns = std::make_shared<int>(0);
    auto options = two_a_batch();
    options.on_loss = [listener_owns](const batch_loss&) {};
    batch_client client{transport, options};
    options.on_loss = nullptr;
    mortal::fates f;
    load(client, f, asio::make_strand(*context));
    if (run_it) {
      context->poll();
    }
    context.reset();
    BOOST_TEST(f.dropped == loaded);
    BOOST_TEST(f.invoked == 0);
    BOOST_TEST(listener_owns.use_count() == 1);
    BOOST_TEST(!client.post({.service = "nowhere"}));
  }
}

BOOST_AUTO_TEST_CASE(context_when_it_has_threads_then_all_may_go_at_any_moment)
{
  running_server server;
  for (int round = 0; round != 30; ++round) {
    mortal::fates f;
    std::atomic<std::uint64_t> lost{0};
    {
      asio::thread_pool pool{2};
      std::optional<tcp_transport> transport{std::in_place, pool,
                                             options_for(server->tcp_endpoint())};
      std::optional<batch_client> client;
      auto options = two_a_batch();
      options.on_loss = [&](const batch_loss& l) { lost += l.events; };
      client.emplace(*transport, options);
      load(*client, f, asio::make_strand(pool));
      for (int spin = 0; spin != round; ++spin) {
        std::this_thread::yield();
      }
      client.reset();
      if (round % 3 == 0) {
        pool.stop();
      } else {
        transport.reset();
      }
      pool.join();
    }
    BOOST_TEST(f.invoked + f.dropped == loaded);
    if (round % 3 != 0) {
      BOOST_TEST(f.dropped == 0);
      BOOST_TEST(lost <= 2U);
    }
  }
}

BOOST_AUTO_TEST_CASE(handler_when_it_owns_all_there_is_then_that_goes_with_it)
{
  struct everything {
    explicit everything(asio::io_context& context, const asio::ip::tcp::endpoint& to)
        : transport{context, options_for(to)}, client{transport, two_a_batch()}
    {}
    tcp_transport transport;
    batch_client client;
  };
  scripted_peer peer{{ignore}};
  mortal::fates f;
  {
    asio::io_context context;
    auto all = std::make_shared<everything>(context, peer.endpoint());
    auto& client = all->client;
    load(client, f, asio::make_strand(context), std::exchange(all, {}));
    context.poll();
  }
  BOOST_TEST(f.dropped == loaded);
}

BOOST_AUTO_TEST_CASE(handler_when_it_destroys_the_batch_client_then_the_others_are_still_called)
{
  asio::io_context context;
  blank_transport transport{context};
  std::optional<batch_client> client{std::in_place, transport};
  mortal::fates f;
  client->async_send({.service = "a"}, [&](error_code, const response&) { client.reset(); });
  client->async_send({.service = "b"}, mortal{f});
  client->async_flush(mortal{f});
  run(context);
  BOOST_TEST(f.invoked == 2);
}

BOOST_AUTO_TEST_CASE(handler_when_it_destroys_the_batch_client_elsewhere_while_its_send_returns)
{
  asio::io_context context;
  const context_threads threads{context, 2};
  for (int i = 0; i != 1'000; ++i) {
    blank_transport transport{context};
    auto owned = std::make_unique<batch_client>(transport);
    batch_client& client = *owned;
    const auto ended = std::make_shared<std::promise<void>>();
    client.async_send({.service = "a"},
                      [ended, owned = std::move(owned)](error_code, const response&) mutable {
                        owned.reset();
                        ended->set_value();
                      });
    ended->get_future().wait();
  }
}

BOOST_AUTO_TEST_SUITE_END()
