#include <riemann/batch_options.hpp>
#include <riemann/message.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace {

using namespace riemann;
using namespace std::chrono_literals;

/// What `validate` says, or nothing.
std::string complaint(const batch_options& options)
{
  try {
    options.validate();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(batch_options_test)

BOOST_AUTO_TEST_CASE(defaults_are_valid)
{
  BOOST_TEST(complaint({}) == "");
}

BOOST_AUTO_TEST_CASE(zero_is_refused_by_name)
{
  for (const auto& [name, member] :
       {std::pair{"max_events", &batch_options::max_events},
        std::pair{"max_bytes", &batch_options::max_bytes},
        std::pair{"max_outstanding", &batch_options::max_outstanding},
        std::pair{"max_queued_events", &batch_options::max_queued_events},
        std::pair{"max_queued_bytes", &batch_options::max_queued_bytes}}) {
    batch_options options;
    options.*member = 0;
    const std::string expected = std::string{"riemann: "} + name + " is 0, but must be 1 to ";
    BOOST_TEST(complaint(options).substr(0, expected.size()) == expected);
  }
  BOOST_TEST(complaint({.linger = 0us}) == "riemann: linger is 0 us, but must be at least 1 us");
  BOOST_TEST(complaint({.max_age = 0ms}).substr(0, 27) == "riemann: max_age is 0 ms, b");
  BOOST_TEST(complaint({.max_bytes = message::max_size + 1}).substr(0, 21) ==
             "riemann: max_bytes is");
}

BOOST_AUTO_TEST_CASE(contradictions_are_refused_by_name)
{
  BOOST_TEST(complaint({.linger = 20ms, .max_age = 20ms}) ==
             "riemann: linger is 20000 us, but must be below max_age, 20 ms");
  BOOST_TEST(complaint({.max_events = 11, .max_queued_events = 10}) ==
             "riemann: max_queued_events is 10, but must be at least max_events, 11");
  BOOST_TEST(complaint({.max_bytes = 101, .max_queued_bytes = 100}) ==
             "riemann: max_queued_bytes is 100, but must be at least max_bytes, 101");
  BOOST_TEST(
      complaint({.when_full = overload_policy::wait}) ==
      "riemann: when_full is overload_policy::wait, but must be another: a post never blocks");
  BOOST_TEST(complaint({.when_full = static_cast<overload_policy>(9)}) ==
             "riemann: when_full is 9, but must be one of overload_policy's");
}

BOOST_AUTO_TEST_SUITE_END()
