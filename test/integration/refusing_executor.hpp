#ifndef RIEMANN_TEST_INTEGRATION_REFUSING_EXECUTOR_HPP
#define RIEMANN_TEST_INTEGRATION_REFUSING_EXECUTOR_HPP

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <stdexcept>
#include <utility>

namespace riemann::test {

/// What a bounded executor throws that is full.
struct is_full : std::runtime_error {
  is_full() : std::runtime_error{"the executor is full"} {}
};

/// An executor that takes nothing while it is told to.
class refusing_executor {
public:
  refusing_executor(boost::asio::io_context& context, const bool& full)
      : context_{&context}, full_{&full}
  {}

  // NOLINTNEXTLINE(readability-convert-member-functions-to-static): as Asio has it
  [[nodiscard]] boost::asio::execution_context&
  query(boost::asio::execution::context_t) const noexcept
  {
    return *context_;
  }
  static constexpr boost::asio::execution::blocking_t
  query(boost::asio::execution::blocking_t) noexcept
  {
    return boost::asio::execution::blocking.never;
  }
  template <class Function>
  void execute(Function f) const
  {
    if (*full_) {
      throw is_full{};
    }
    boost::asio::post(*context_, std::move(f));
  }
  bool operator==(const refusing_executor&) const noexcept = default;

private:
  boost::asio::io_context* context_;
  const bool* full_;
};

} // namespace riemann::test

#endif
