#ifndef RIEMANN_TEST_INTEGRATION_PATIENCE_HPP
#define RIEMANN_TEST_INTEGRATION_PATIENCE_HPP

#include <riemann/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace riemann::test {

/// How long anything may take before a test is taken to hang.
constexpr std::chrono::seconds patience{20};

/// Ends the program, saying so, when a test outlives twice the patience: it hangs
/// where nothing else watches.
class watchdog {
public:
  watchdog() = default;
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog() { over_.set_value(); }

private:
  void watch()
  {
    if (over_.get_future().wait_for(2 * patience) == std::future_status::timeout) {
      const auto& test = boost::unit_test::framework::current_test_case();
      std::fprintf(stderr, "error: %s hangs\n", test.full_name().c_str());
      std::_Exit(EXIT_FAILURE);
    }
  }

  std::promise<void> over_{};
  std::jthread thread_{[this] { watch(); }};
};

/// Whether this machine can listen on `::1`. If not, says that the case was not tried.
inline bool has_ipv6()
{
  boost::asio::io_context context;
  boost::system::error_code error;
  boost::asio::ip::tcp::acceptor one{context};
  one.open(boost::asio::ip::tcp::v6(), error);
  if (!error) {
    one.bind({boost::asio::ip::address_v6::loopback(), 0}, error);
  }
  if (error) {
    std::printf("note: %s was not tried: there is no IPv6: %s\n",
                boost::unit_test::framework::current_test_case().p_name->c_str(),
                error.message().c_str());
  }
  return !error;
}

/// Opened once, by one thread; waited for by others.
class gate {
public:
  void open() { promise_.set_value(); }
  void wait() const
  {
    auto opened = opened_;
    if (opened.wait_for(patience) != std::future_status::ready) {
      throw std::runtime_error{"a gate stayed shut"};
    }
  }

private:
  std::promise<void> promise_{};
  std::shared_future<void> opened_{promise_.get_future()};
};

/// The future's value, or an error when it does not come.
template <class T>
T get(std::future<T>& f)
{
  if (f.wait_for(patience) != std::future_status::ready) {
    throw std::runtime_error{"a future stayed empty"};
  }
  return f.get();
}
template <class T>
T get(std::future<T>&& f)
{
  return get(f);
}

/// Runs the context until it is out of work.
inline void run(boost::asio::io_context& context)
{
  context.restart();
  context.run_for(patience);
  BOOST_TEST_REQUIRE(context.stopped(), "the io_context does not run out of work");
}

/// Runs the context until something is true.
template <class Predicate>
void run_until(boost::asio::io_context& context, Predicate reached)
{
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    context.restart();
    BOOST_TEST_REQUIRE(context.run_one_until(limit) == 1U, "what was waited for does not come");
  }
}

/// Runs a coroutine on the context to its end.
inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> coroutine)
{
  bool ended = false;
  std::exception_ptr thrown;
  boost::asio::co_spawn(context, std::move(coroutine), [&](const std::exception_ptr& e) {
    ended = true;
    thrown = e;
  });
  run_until(context, [&] { return ended; });
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

/// Threads that run a context until they are told to stop.
class context_threads {
public:
  context_threads(boost::asio::io_context& context, std::size_t count)
      : context_{context}, work_{context.get_executor()}
  {
    context.restart();
    for (std::size_t i = 0; i != count; ++i) {
      threads_.emplace_back([this] { context_.run(); });
    }
  }
  context_threads(const context_threads&) = delete;
  context_threads& operator=(const context_threads&) = delete;
  /// Waits for the context to run out of work: the watchdog bounds it.
  ~context_threads()
  {
    work_.reset();
    threads_.clear();
  }

private:
  boost::asio::io_context& context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::jthread> threads_{};
};

} // namespace riemann::test

namespace riemann::inline v0 {

/// For Boost.Test's reports.
inline std::ostream& boost_test_print_type(std::ostream& out, errc e)
{
  return out << make_error_code(e);
}

} // namespace riemann::inline v0

#endif
