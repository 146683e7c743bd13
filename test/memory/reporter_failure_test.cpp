// There is no memory, up to three times in a row, while a reporter is at work: each attempt to
// take some fails in turn. It is not to fall silent: it goes on, or may be begun anew; and a
// stop ends, once.
#include "../integration/patience.hpp"
#include "heap.hpp"
#include "run_whatever_comes.hpp"

#include <riemann/blank_transport.hpp>
#include <riemann/reporter.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

/// A reporter at work.
struct reporting {
  reporting() { reporter.add_counter("n").add(1); }

  [[nodiscard]] std::uint64_t ended() const
  {
    const auto books = reporter.statistics();
    return books.delivered + books.failed;
  }
  /// Runs until something is true, or there is nothing left to run; what memory was wanted
  /// for may be heard of here, from the transport.
  template <class Predicate>
  void run_until(Predicate reached)
  {
    run_while_there_is_work(context, reached);
  }
  void try_to_start()
  {
    try {
      reporter.start();
    } catch (const std::bad_alloc&) { // it is what was asked for
    }
  }
  /// Whether it began; if not, the handler is not called.
  bool try_to_stop()
  {
    try {
      reporter.async_stop(patience, [this](boost::system::error_code) { ++stops; });
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  void check_goes_on()
  {
    const auto before = ended();
    reporter.start(); // false: it goes on by itself
    run_until([&] { return ended() >= before + 2; });
    BOOST_TEST(ended() >= before + 2);
  }
  void check_stops()
  {
    const int before = stops;
    BOOST_TEST(try_to_stop());
    run_until([&] { return stops != before; });
    BOOST_TEST(stops == before + 1);
    const auto books = reporter.statistics();
    BOOST_TEST(books.reports == books.delivered + books.failed);
  }

  boost::asio::io_context context{1};
  blank_transport transport{context};
  riemann::reporter reporter{transport, {.interval = 1ms}};
  int stops = 0;
};

/// False: so much memory was never asked for.
bool lives_through(std::uint64_t failing, std::uint64_t in_a_row, bool stops)
{
  reporting r;
  bool happened = false;
  bool begun = false;
  {
    const heap_failure fails{failing, in_a_row, heap_kind::any};
    r.try_to_start();
    r.run_until([&] { return r.ended() >= 2; });
    if (stops) {
      begun = r.try_to_stop();
      r.run_until([&] { return !begun || r.stops != 0; });
    }
    happened = fails.happened();
  }
  if (begun && r.stops == 0) {
    BOOST_TEST(in_a_row > 1); // there was nobody left to tell it: it is told by the next call
  }
  r.check_goes_on();
  BOOST_TEST(r.stops == (begun ? 1 : 0));
  r.check_stops();
  return happened;
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_that_fails)

BOOST_AUTO_TEST_CASE(reporter_when_there_is_no_memory_then_goes_on_or_begins_anew_and_stops)
{
  const watchdog hangs;
  for (const std::uint64_t in_a_row : {1U, 2U, 3U}) {
    for (const bool stops : {false, true}) {
      std::uint64_t failing = 0;
      for (bool happened = true; happened; ++failing) {
        BOOST_TEST_CONTEXT("failing " << in_a_row << " after " << failing
                                      << (stops ? ", stopped" : ""))
        {
          happened = lives_through(failing, in_a_row, stops);
        }
      }
      BOOST_TEST_MESSAGE("memory was asked for " << failing << " times at most");
      BOOST_TEST(failing > 1, "nothing has failed");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
