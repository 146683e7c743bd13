#ifndef RIEMANN_TEST_MEMORY_RUN_WHATEVER_COMES_HPP
#define RIEMANN_TEST_MEMORY_RUN_WHATEVER_COMES_HPP

#include "../integration/patience.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <new>
#include <stdexcept>

namespace riemann::test {

/// Runs the context until something is true, and says whether it is: not if there is nothing
/// left to do. That memory was wanted may be heard of here.
template <class Predicate>
bool run_while_there_is_work(boost::asio::io_context& context, Predicate reached)
{
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    try {
      context.restart();
      if (context.run_one_until(limit) == 0) {
        if (context.stopped()) {
          return false;
        }
        throw std::runtime_error{"what was begun does not end"};
      }
    } catch (const std::bad_alloc&) { // it is what was asked for
    }
  }
  return true;
}

/// Runs the context until something is true.
template <class Predicate>
void run_whatever_comes(boost::asio::io_context& context, Predicate reached)
{
  if (!run_while_there_is_work(context, reached)) {
    throw std::runtime_error{"what was begun is not there any more"};
  }
}

} // namespace riemann::test

#endif
