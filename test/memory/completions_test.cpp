// Handlers with executors of their own, when there is no memory for having them called.
#include "client/completions.hpp"
#include "heap.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace riemann::test {

namespace {

using boost::system::error_code;
using clients::completion_elsewhere;
using clients::completions;

constexpr auto for_long = std::numeric_limits<std::uint32_t>::max();

struct with_two_contexts {
  auto make()
  {
    const auto note = [this](error_code error) {
      ++called;
      wrong += error ? 0 : 1;
    };
    detail::done_slot slot{boost::asio::bind_executor(other, note), own.get_executor()};
    const auto made = completion_elsewhere(slot);
    BOOST_TEST_REQUIRE(made);
    made->tell(boost::system::errc::make_error_code(boost::system::errc::io_error));
    return made;
  }
  void post_without_memory(std::size_t count)
  {
    for (; count != 0; --count) {
      const auto one = make();
      const heap_failure none{0, for_long, heap_kind::any};
      to_others.post(one);
      BOOST_TEST_REQUIRE(none.happened());
    }
  }

  boost::asio::io_context own{};
  boost::asio::io_context other{};
  std::size_t called = 0;
  std::size_t wrong = 0;
  completions to_others{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(completions_without_memory, with_two_contexts)

BOOST_AUTO_TEST_CASE(handler_when_there_was_no_memory_then_is_called_when_there_is_some)
{
  post_without_memory(3);
  to_others.post_late();
  to_others.post_late();
  other.run();
  BOOST_TEST(called == 3U);
  BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_CASE(handlers_when_there_is_still_no_memory_then_wait_on)
{
  post_without_memory(2);
  {
    const heap_failure none{0, for_long, heap_kind::any};
    to_others.post_late();
    BOOST_TEST_REQUIRE(none.happened());
  }
  BOOST_TEST(called == 0U);
  to_others.post_late();
  other.run();
  BOOST_TEST(called == 2U);
}

/// The chain is not taken down by a recursion.
BOOST_AUTO_TEST_CASE(handlers_when_dropped_then_are_not_called)
{
  post_without_memory(100'000);
  to_others.drop();
  to_others.post_late();
  BOOST_TEST(other.run() == 0U);
  BOOST_TEST(called == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
