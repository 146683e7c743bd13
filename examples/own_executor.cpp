// A program with a main loop of its own (a window, a game): the transport works on
// another thread, and its handlers are called by the loop.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace {

namespace asio = boost::asio;

// [shown]
class main_loop : public asio::execution_context {
public:
  ~main_loop() { shutdown(); }

  /// What Asio wants of an executor: where it belongs, and how it takes a function.
  class executor_type {
  public:
    explicit executor_type(main_loop& loop) noexcept : loop_{&loop} {}

    [[nodiscard]] main_loop& query(asio::execution::context_t) const noexcept { return *loop_; }
    [[nodiscard]] static constexpr asio::execution::blocking_t
    query(asio::execution::blocking_t) noexcept
    {
      return asio::execution::blocking.never;
    }
    template <class Function>
    void execute(Function&& f) const
    {
      using function = std::decay_t<Function>; // may only be moved
      auto kept = std::make_shared<function>(std::forward<Function>(f));
      loop_->push([kept] { std::move (*kept)(); });
    }
    friend bool operator==(const executor_type&, const executor_type&) noexcept = default;

  private:
    main_loop* loop_;
  };

  [[nodiscard]] executor_type get_executor() noexcept { return executor_type{*this}; }

  void run_one()
  {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [&] { return !functions_.empty(); });
    const auto next = std::move(functions_.front());
    functions_.pop_front();
    lock.unlock();
    next();
  }

private:
  void push(std::function<void()> f)
  {
    const std::scoped_lock lock{mutex_};
    functions_.push_back(std::move(f));
    filled_.notify_one();
  }

  std::mutex mutex_{};
  std::condition_variable filled_{};
  std::deque<std::function<void()>> functions_{};
};
// [/shown]

} // namespace

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  main_loop loop;
  asio::io_context context;
  auto work = asio::make_work_guard(context);
  std::jthread runner{[&] { context.run(); }};
  riemann::tcp_transport transport{context, server};
  riemann::client client{transport};

  bool done = false;
  bool here = false;
  bool good = false;
  const auto main_thread = std::this_thread::get_id();
  // [shown]
  client.async_send({.service = "example own executor", .state = "ok"},
                    asio::bind_executor(loop.get_executor(), [&](boost::system::error_code error,
                                                                 const riemann::response&) {
                      here = std::this_thread::get_id() == main_thread;
                      good = !error;
                      done = true; // only this thread touches it
                    }));
  while (!done) {
    loop.run_one();
  }
  // [/shown]
  transport.async_disconnect(std::chrono::seconds{5}, asio::use_future).get();
  work.reset();
  context.stop();
  std::cout << (here && good ? "told on the main thread\n" : "told elsewhere\n");
  return here && good ? 0 : 1;
}
