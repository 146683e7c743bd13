// There is no memory, once or twice in a row, while a batch client is at work: each attempt to
// take some fails in turn. A call may throw, and then has begun nothing; whatever was begun
// ends, once, and a close does, too.
#include "../integration/batch_fixture.hpp"
#include "heap.hpp"
#include "run_whatever_comes.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

/// What became of a call and its handler.
struct fate {
  int invoked = 0;
  int dropped = 0; ///< destroyed uninvoked
  bool thrown = false;

  [[nodiscard]] bool ended() const { return thrown || invoked != 0; }
};

/// A handler that tells its end and needs no memory for it.
class mortal {
public:
  explicit mortal(fate& f) noexcept : fate_{&f} {}
  mortal(mortal&& other) noexcept : fate_{std::exchange(other.fate_, nullptr)} {}
  mortal& operator=(mortal&&) = delete;
  ~mortal()
  {
    if (fate_ != nullptr) {
      ++fate_->dropped;
    }
  }
  void operator()(error_code) { ++std::exchange(fate_, nullptr)->invoked; }
  void operator()(error_code e, const response&) { (*this)(e); }

private:
  fate* fate_;
};

testkit::test::running_server& server()
{
  static testkit::test::running_server running{};
  return running;
}

/// A transport at work, and a batch client of it.
template <class Transport>
struct work {
  static constexpr bool is_blank = std::is_same_v<Transport, blank_transport>;

  work() : transport{make(context)}
  {
    batch_options o{.max_events = 2, .linger = 1ms, .max_outstanding = 1};
    o.on_loss = [this](const batch_loss& l) { told += l.events; };
    client.emplace(transport, o);
  }
  static Transport make(asio::io_context& context)
  {
    if constexpr (is_blank) {
      return Transport{context};
    } else {
      return Transport{context, options_for(server()->tcp_endpoint(), {.connect_timeout = 300ms,
                                                                       .max_connect_tries = 2,
                                                                       .min_backoff = 1ms,
                                                                       .max_backoff = 1ms,
                                                                       .answer_timeout = 300ms,
                                                                       .write_timeout = 300ms})};
    }
  }

  /// Calls; one that throws has begun nothing, and its handler is gone.
  template <class Call>
  void attempt(fate& f, Call call)
  {
    try {
      call(mortal{f});
    } catch (const std::bad_alloc&) {
      f.thrown = true;
    }
  }
  void post()
  {
    try {
      posted += client->post({.service = "posted"}) ? 1U : 0U;
    } catch (const std::bad_alloc&) { // it is what was asked for
    }
  }
  void send(fate& f)
  {
    attempt(f, [&](mortal m) { client->async_send({.service = "s"}, std::move(m)); });
  }
  void begin()
  {
    post();
    send(fates[0]);
    attempt(fates[1], [&](mortal m) {
      client->async_send({.service = "s"}, asio::bind_executor(elsewhere, std::move(m)));
    });
    attempt(fates[2], [&](mortal m) { client->async_flush(std::move(m)); });
    send(fates[3]);
    attempt(fates[4],
            [&](mortal m) { client->async_flush(asio::bind_executor(elsewhere, std::move(m))); });
    post();
    close(fates[5]);
  }
  void close(fate& f)
  {
    attempt(f, [&](mortal m) { client->async_close(patience, std::move(m)); });
  }
  [[nodiscard]] bool all_ended() const
  {
    return std::ranges::all_of(fates, [](const fate& f) { return f.ended(); });
  }

  template <class Predicate>
  void run_until(Predicate reached)
  {
    run_whatever_comes(context, reached);
  }

  void check()
  {
    fate closed;
    close(closed);
    run_until([&] { return closed.ended(); });
    BOOST_TEST(closed.invoked == 1);
    if constexpr (!is_blank) {
      fate gone;
      transport.async_disconnect(patience, mortal{gone});
      run_until([&] { return gone.ended(); });
      check_books(transport.statistics());
    }
    run(context);
    check_fates();
    const auto books = client->statistics();
    test::check_books(books);
    BOOST_TEST(books.events.submitted >= posted);
    BOOST_TEST(books.lost == told);
  }

  void check_fates() const
  {
    for (const fate& f : fates) {
      BOOST_TEST(f.invoked == (f.thrown ? 0 : 1));
      BOOST_TEST(f.dropped == (f.thrown ? 1 : 0));
    }
  }

  std::array<fate, 6> fates{};
  asio::io_context context{1};
  asio::any_io_executor elsewhere = context.get_executor();
  Transport transport;
  std::optional<batch_client> client{};
  std::uint64_t posted = 0;
  std::uint64_t told = 0;
};

enum class then { run_on, destroy_client };

/// False: so much memory was never asked for.
template <class Transport>
bool lives_through(std::uint64_t failing, std::uint64_t in_a_row, then what)
{
  constexpr auto kind = work<Transport>::is_blank ? heap_kind::any : heap_kind::plain;
  work<Transport> w;
  bool happened = false;
  {
    const heap_failure fails{failing, in_a_row, kind};
    w.begin();
    if (what == then::destroy_client) {
      w.client.reset();
    }
    w.run_until([&] { return w.all_ended(); });
    happened = fails.happened();
  }
  if (what == then::run_on) {
    w.check();
  } else {
    w.context.poll();
    w.check_fates();
  }
  return happened;
}

template <class Transport>
void live_through_all()
{
  const watchdog hangs;
  for (const std::uint64_t in_a_row : {1U, 2U, 3U}) {
    for (const then what : {then::run_on, then::destroy_client}) {
      std::uint64_t failing = 0;
      for (bool happened = true; happened; ++failing) {
        BOOST_TEST_CONTEXT("failing " << in_a_row << " after " << failing << ", client "
                                      << (what == then::run_on ? "lives" : "destroyed"))
        {
          happened = lives_through<Transport>(failing, in_a_row, what);
        }
      }
      BOOST_TEST_MESSAGE("memory was asked for " << failing << " times at most");
      BOOST_TEST(failing > 1, "nothing has failed");
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_that_fails)

BOOST_AUTO_TEST_CASE(batches_over_tcp_when_there_is_no_memory_then_all_ends_once_and_close_does)
{
  live_through_all<tcp_transport>();
}

BOOST_AUTO_TEST_CASE(batches_when_there_is_none_even_for_asio_then_all_ends_once_and_close_does)
{
  live_through_all<blank_transport>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
