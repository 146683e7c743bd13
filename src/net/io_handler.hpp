#ifndef RIEMANN_NET_IO_HANDLER_HPP
#define RIEMANN_NET_IO_HANDLER_HPP

#include "net/handler_memory.hpp"
#include "net/strand_visit.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>

namespace riemann::inline v0::net {

template <class Shell>
using shell_function = void (Shell::*)(boost::system::error_code, std::size_t);

/// One of a shell's functions, to be run on its strand, with the room for it.
template <class Shell, shell_function<Shell> Function>
struct strand_step {
  using allocator_type = handler_allocator<void>;
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
  void operator()() const { ((*self).*Function)(error, n); }

  std::shared_ptr<Shell> self;
  handler_memory* memory; ///< told of after a move, too
  boost::system::error_code error{};
  std::size_t n = 0;
};

/// What an I/O operation of a shell completes with, on the shell's own executor: it
/// enters the strand, and once out of it again is where handlers may be called.
template <class Shell, shell_function<Shell> Function>
struct io_handler {
  using allocator_type = handler_allocator<void>;
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
  void operator()(boost::system::error_code error, std::size_t n = 0) const
  {
    strand_visit here{self.get()};
    boost::asio::dispatch(self->strand(), strand_step<Shell, Function>{self, memory, error, n});
    here.leave();
  }

  std::shared_ptr<Shell> self;
  handler_memory* memory; ///< told of after a move, too
};

/// The same for an operation whose own steps must be on the strand: it completes there.
template <class Shell, shell_function<Shell> Function>
struct strand_io_handler {
  using executor_type = typename Shell::strand_type;
  using allocator_type = handler_allocator<void>;
  [[nodiscard]] executor_type get_executor() const noexcept { return self->strand(); }
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
  void operator()(boost::system::error_code error, std::size_t n) const
  {
    ((*self).*Function)(error, n);
  }

  std::shared_ptr<Shell> self;
  handler_memory* memory; ///< told of after a move, too
};

} // namespace riemann::inline v0::net

#endif
