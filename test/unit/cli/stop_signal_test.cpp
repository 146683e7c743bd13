#include "cli/stop_signal.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace riemann::cli;

namespace {

bool is_default(int number)
{
  struct sigaction found = {};
  BOOST_TEST_REQUIRE(::sigaction(number, nullptr, &found) == 0);
  return found.sa_handler == SIG_DFL;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_stop_signal)

/// The loop may be busy with what the first is to end.
BOOST_AUTO_TEST_CASE(signal_when_the_loop_does_not_run_then_the_second_would_end_the_program)
{
  std::signal(SIGHUP, SIG_DFL); // whoever runs this may have it ignored
  boost::asio::io_context context;
  bool stopped = false;
  {
    stop_signal signal{context};
    signal.on_first([&] { stopped = true; });
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      BOOST_TEST(!is_default(number));
    }
    BOOST_TEST(::raise(SIGTERM) == 0);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      BOOST_TEST(is_default(number));
    }
    BOOST_TEST(!stopped);
    context.run();
    BOOST_TEST(stopped);
    BOOST_TEST(signal.came());
    BOOST_TEST((signal.code() == exit_code::terminated));
  }
}

BOOST_AUTO_TEST_CASE(signal_when_none_came_then_all_is_as_before)
{
  boost::asio::io_context context;
  {
    const auto ignored = std::signal(SIGHUP, SIG_IGN); // as `nohup` has it
    const stop_signal signal{context};
    BOOST_TEST(!signal.came());
    BOOST_TEST((std::signal(SIGHUP, ignored) == SIG_IGN));
  }
  for (const int number : {SIGINT, SIGTERM}) {
    BOOST_TEST(is_default(number));
  }
}

BOOST_AUTO_TEST_SUITE_END()
