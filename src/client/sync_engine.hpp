#ifndef RIEMANN_CLIENT_SYNC_ENGINE_HPP
#define RIEMANN_CLIENT_SYNC_ENGINE_HPP

#include "client/blocking_call.hpp"

#include <riemann/as_result.hpp>
#include <riemann/basic_transport.hpp>
#include <riemann/detail/implementation.hpp>
#include <riemann/sync_options.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <sys/types.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace riemann::inline v0::clients {

/// Any of this library's. What it is asked for can be cancelled by its name.
class engine_transport final : public basic_transport {
public:
  explicit engine_transport(basic_transport&& inner) noexcept : basic_transport{std::move(inner)} {}

  using basic_transport::implementation;
};

/// A transport with the context and the thread that run it.
class sync_engine {
public:
  using duration = std::chrono::steady_clock::duration;

  template <class Transport, class Options>
  static std::unique_ptr<sync_engine> over(Options server, sync_options options)
  {
    options.validate();
    auto made = std::make_unique<sync_engine>(options, [&](boost::asio::io_context& context) {
      return engine_transport{Transport{context, std::move(server)}};
    });
    made->start();
    return made;
  }

  template <class Maker>
  sync_engine(sync_options options, Maker make) : options_{options}, transport_{make(context_)}
  {}
  sync_engine(const sync_engine&) = delete;
  sync_engine& operator=(const sync_engine&) = delete;
  /// Disconnects. To be called where it `is_here()`.
  ~sync_engine();

  /// The thread is this process's, not that of one it was forked from.
  [[nodiscard]] bool is_here() const noexcept { return ::getpid() == home_; }
  [[nodiscard]] const sync_options& options() const noexcept { return options_; }

  [[nodiscard]] send_result send(message m, send_options options);
  [[nodiscard]] boost::system::error_code connect(duration deadline);
  [[nodiscard]] boost::system::error_code disconnect(duration deadline);
  void cancel();
  [[nodiscard]] riemann::statistics statistics() const;

private:
  using connect_call = blocking_call<boost::system::error_code>;

  void start();
  void run() noexcept;
  void give_up(detail::operation_id id, connect_call& connecting) noexcept;

  const sync_options options_;
  const pid_t home_ = ::getpid();
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  engine_transport transport_;
  std::thread thread_{};
};

} // namespace riemann::inline v0::clients

#endif
