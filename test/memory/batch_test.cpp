// What events take that wait to be sent in batches.
#include "heap.hpp"

#include <riemann/batch_client.hpp>
#include <riemann/blank_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>

namespace riemann::test {

namespace {

constexpr std::size_t events = 1'000'000;

const event& usual_event()
{
  static const event e{.host = "app-server-17.example.org",
                       .service = "api request latency ms",
                       .state = "ok",
                       .metric = 0.217,
                       .tags = {"prod", "api", "http"}};
  return e;
}

/// Posts them, of which none can be sent yet.
void check_memory_of_posts(batch_options options)
{
  options.max_queued_events = events;
  options.max_queued_bytes = std::size_t{1} << 30;
  boost::asio::io_context context{1};
  blank_transport transport{context, {.max_kept = 0}};
  batch_client client{transport, options};
  const double encoded = static_cast<double>(message{usual_event()}.size()) * events;
  double most = 0;
  {
    const heap_count heap;
    for (std::size_t i = 0; i != events; ++i) {
      BOOST_REQUIRE(client.post(usual_event()));
    }
    most = static_cast<double>(heap.now().bytes) / encoded;
    BOOST_TEST(client.statistics().events.queued == events);
    BOOST_TEST_MESSAGE("events queued take " << most << " of their bytes");
    BOOST_TEST(most <= 1.3);
    context.run();
    BOOST_TEST(client.statistics().events.acked == events);
    // Memory of batches to come.
    const auto kept = heap.now().bytes;
    BOOST_TEST_MESSAGE("an idle batch client holds " << kept << " bytes more");
    BOOST_TEST(kept <= std::int64_t{256} << 10);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_of_batches)

BOOST_AUTO_TEST_CASE(million_posts_when_queued_then_take_little_more_than_their_bytes)
{
  check_memory_of_posts({});
}

BOOST_AUTO_TEST_CASE(million_posts_when_batches_are_small_then_take_little_more_too)
{
  check_memory_of_posts({.max_events = 100});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
