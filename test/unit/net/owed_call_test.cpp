// What an operation is to call: called, or the shell is told that it never was.
#include "net/io_handler.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// What an operation knows of a shell.
struct shell {
  void on_read(error_code error, std::size_t n)
  {
    ++calls;
    last = n;
    failed = error.failed();
  }
  template <riemann::net::shell_function<shell> Function>
  void never_called() noexcept
  {
    static_assert(Function == &shell::on_read);
    ++misses;
  }

  int calls = 0;
  int misses = 0;
  std::size_t last = 0;
  bool failed = false;
};

using call = riemann::net::owed_call<shell, &shell::on_read>;

} // namespace

BOOST_AUTO_TEST_SUITE(net_owed_call)

BOOST_AUTO_TEST_CASE(call_when_made_then_nothing_is_owed)
{
  const auto s = std::make_shared<shell>();
  {
    call c{s};
    c({}, 7);
  }
  BOOST_TEST(s->calls == 1);
  BOOST_TEST(s->last == 7U);
  BOOST_TEST(s->misses == 0);
  BOOST_TEST(s.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(call_when_destroyed_unmade_then_told_once_wherever_it_was_moved)
{
  const auto s = std::make_shared<shell>();
  {
    call first{s};
    call second{std::move(first)};
    const call third{std::move(second)};
    BOOST_TEST(third.shell() == s);
    BOOST_TEST(s->misses == 0);
  }
  BOOST_TEST(s->misses == 1);
  BOOST_TEST(s->calls == 0);
}

BOOST_AUTO_TEST_CASE(step_when_its_strand_goes_unrun_then_told)
{
  const auto s = std::make_shared<shell>();
  riemann::net::handler_memory memory;
  {
    asio::io_context context;
    asio::post(asio::make_strand(context), riemann::net::strand_step<call>{call{s}, &memory});
  }
  BOOST_TEST(s->misses == 1);
}

BOOST_AUTO_TEST_SUITE_END()
