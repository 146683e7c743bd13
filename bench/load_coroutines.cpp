#include "load.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace bench {

namespace {

/// As many coroutines as the window is wide; each sends, waits for the answer, and
/// sends again.
template <class Transport, class Options>
class coroutine_load {
public:
  coroutine_load(const arguments& a, result& r)
      : transport_{context_, options_for<Options>(a)},
        window_{std::min(a.window, a.messages)},
        left_{a.messages},
        result_{r}
  {}

  void run()
  {
    transport_.async_connect([this](boost::system::error_code error) {
      check(error);
      watch_.start(transport_);
      result_.watch.start();
      for (std::size_t i = 0; i != window_; ++i) {
        boost::asio::co_spawn(context_, send_all(),
                              [this](const std::exception_ptr& failure) { finish(failure); });
      }
    });
    context_.run();
  }

private:
  boost::asio::awaitable<void> send_all()
  {
    while (left_ != 0) {
      --left_;
      const auto begun = result_.latency.begin();
      co_await client_.async_send(usual_event());
      result_.latency.end(begun);
    }
  }

  void finish(const std::exception_ptr& failure)
  {
    if (failure) {
      std::rethrow_exception(failure);
    }
    if (++finished_ == window_) {
      result_.watch.stop();
      watch_.stop(transport_, result_);
      transport_.cancel();
    }
  }

  boost::asio::io_context context_{1};
  Transport transport_;
  riemann::client<Transport&> client_{transport_};
  connection_watch watch_{};
  std::size_t window_;
  std::size_t left_;
  std::size_t finished_ = 0;
  result& result_;
};

} // namespace

void run_coroutines(const arguments& a, result& r)
{
  if (a.tls) {
    coroutine_load<riemann::tls_transport, riemann::tls_options>{a, r}.run();
  } else {
    coroutine_load<riemann::tcp_transport, riemann::tcp_options>{a, r}.run();
  }
}

} // namespace bench
