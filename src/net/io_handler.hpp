#ifndef RIEMANN_NET_IO_HANDLER_HPP
#define RIEMANN_NET_IO_HANDLER_HPP

#include "net/handler_memory.hpp"
#include "net/strand_visit.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace riemann::inline v0::net {

template <class Shell>
using shell_function = void (Shell::*)(boost::system::error_code, std::size_t);

/**
 * One of a shell's functions, which an operation is to call. A step of Asio's that finds no
 * memory throws, and destroys the operation's handler uncalled: nobody would ever hear of the
 * operation again, and a connection that closes would wait for it for ever. So the shell is
 * told.
 */
template <class Shell, shell_function<Shell> Function>
class owed_call {
public:
  explicit owed_call(std::shared_ptr<Shell> shell) noexcept : shell_{std::move(shell)} {}
  owed_call(owed_call&&) noexcept = default;
  owed_call& operator=(owed_call&&) = delete;
  ~owed_call()
  {
    if (shell_) {
      shell_->template never_called<Function>();
    }
  }

  /// None: it was called, or moved.
  [[nodiscard]] const std::shared_ptr<Shell>& shell() const noexcept { return shell_; }
  /// It is called.
  void operator()(boost::system::error_code error, std::size_t n)
  {
    const auto shell = std::move(shell_);
    ((*shell).*Function)(error, n);
  }

private:
  std::shared_ptr<Shell> shell_;
};

/// One of a shell's functions, to be run on its strand, with the room for it.
template <class Call>
struct strand_step {
  using allocator_type = handler_allocator<void>;
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
  void operator()() { call(error, n); }

  Call call;
  handler_memory* memory; ///< told of after a move, too
  boost::system::error_code error{};
  std::size_t n = 0;
};

/// What an I/O operation of a shell completes with, on the shell's own executor: it
/// enters the strand, and once out of it again is where handlers may be called.
template <class Shell, shell_function<Shell> Function>
struct io_handler {
  using call_type = owed_call<Shell, Function>;
  using allocator_type = handler_allocator<void>;
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
  void operator()(boost::system::error_code error, std::size_t n = 0)
  {
    const auto shell = call.shell(); // the step may be the last that knows it
    strand_visit here{shell.get()};
    boost::asio::dispatch(shell->strand(),
                          strand_step<call_type>{std::move(call), memory, error, n});
    here.leave();
  }

  call_type call;
  handler_memory* memory; ///< told of after a move, too
};

/// The same for an operation whose own steps must be on the strand: it completes there.
template <class Shell, shell_function<Shell> Function>
struct strand_io_handler {
  using call_type = owed_call<Shell, Function>;
  using executor_type = typename Shell::strand_type;
  using allocator_type = handler_allocator<void>;
  [[nodiscard]] executor_type get_executor() const noexcept { return call.shell()->strand(); }
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
  void operator()(boost::system::error_code error, std::size_t n) { call(error, n); }

  call_type call;
  handler_memory* memory; ///< told of after a move, too
};

} // namespace riemann::inline v0::net

#endif
