#include <riemann/message.hpp>
#include <riemann/options.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>

namespace {

using namespace riemann;
using std::chrono::milliseconds;

/// What `validate` says, or nothing.
template <class Options>
std::string complaint(const Options& options)
{
  try {
    options.validate();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

void check_duration(const std::string& name, milliseconds session_options::*member)
{
  for (const auto bad : {milliseconds{0}, milliseconds{-5}, milliseconds::max(),
                         milliseconds::min(), session_options::max_duration + milliseconds{1}}) {
    session_options options;
    options.*member = bad;
    BOOST_TEST(complaint(options) == "riemann: " + name + " is " + std::to_string(bad.count()) +
                                         " ms, but must be 1 ms to 3155760000000 ms");
    BOOST_TEST(complaint(tcp_options{.session = options}) == complaint(options));
  }
  for (const auto good : {milliseconds{1}, session_options::max_duration}) {
    session_options options;
    options.*member = good;
    BOOST_TEST(complaint(options).empty());
  }
}

void check_size(const std::string& name, std::size_t session_options::*member,
                std::size_t max = std::numeric_limits<std::size_t>::max())
{
  session_options options;
  options.*member = 0;
  BOOST_TEST(complaint(options) ==
             "riemann: " + name + " is 0, but must be 1 to " + std::to_string(max));
  for (const std::size_t good : {std::size_t{1}, max}) {
    options.*member = good;
    BOOST_TEST(complaint(options).empty());
  }
  if (max < std::numeric_limits<std::size_t>::max()) {
    options.*member = max + 1;
    BOOST_TEST(complaint(options).find(name + " is " + std::to_string(max + 1)) !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(options_left_as_they_are_are_valid)
{
  BOOST_TEST(complaint(session_options{}).empty());
  BOOST_TEST(complaint(tcp_options{}).empty());
}

BOOST_AUTO_TEST_CASE(durations_out_of_range_are_refused_by_name)
{
  check_duration("connect_timeout", &session_options::connect_timeout);
  check_duration("answer_timeout", &session_options::answer_timeout);
  check_duration("write_timeout", &session_options::write_timeout);
  check_duration("max_queue_age", &session_options::max_queue_age);
}

BOOST_AUTO_TEST_CASE(sizes_out_of_range_are_refused_by_name)
{
  check_size("max_in_flight", &session_options::max_in_flight);
  check_size("max_in_flight_bytes", &session_options::max_in_flight_bytes);
  check_size("max_queued", &session_options::max_queued);
  check_size("max_queued_bytes", &session_options::max_queued_bytes);
  check_size("max_message_size", &session_options::max_message_size, message::max_size);
  check_size("max_answer_size", &session_options::max_answer_size, message::max_size);
  check_size("max_write_size", &session_options::max_write_size);
}

BOOST_AUTO_TEST_CASE(hosts_that_no_resolver_takes_are_refused)
{
  const std::string allowed = ", but must be a name, or an address without brackets";
  for (const std::string bad : {"", "[::1]", "host]"}) {
    BOOST_TEST(complaint(tcp_options{.host = bad}) == "riemann: host is \"" + bad + '"' + allowed);
  }
  BOOST_TEST(complaint(tcp_options{.host = {"a\0b", 3}}) ==
             "riemann: host is text with a NUL in it" + allowed);
  for (const char* good : {"localhost", "127.0.0.1", "::1", "fe80::1%eth0"}) {
    BOOST_TEST(complaint(tcp_options{.host = good}).empty());
  }
}

BOOST_AUTO_TEST_CASE(port_zero_is_refused)
{
  BOOST_TEST(complaint(tcp_options{.port = 0}) == "riemann: port is 0, but must be 1 to 65535");
  BOOST_TEST(complaint(tcp_options{.port = 65'535}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
