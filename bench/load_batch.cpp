#include "load.hpp"

#include <riemann/batch_client.hpp>

#include <boost/asio/io_context.hpp>

#include <utility>

namespace bench {

namespace {

/// Hands single events to a batch client, as many of them at a time as hand-made batches
/// would have in the window.
template <class Transport, class Options>
class batch_load {
public:
  /// `pace`: of so many events one is awaited, the others are posted.
  batch_load(const arguments& a, std::size_t pace, result& r)
      : transport_{context_, options_for<Options>(a)},
        client_{transport_},
        pace_{pace},
        total_{a.messages * a.events / pace},
        window_{std::min(a.window * a.events / pace, total_)},
        result_{r}
  {}

  void run()
  {
    transport_.async_connect([this](boost::system::error_code error) {
      check(error);
      watch_.start(transport_);
      result_.watch.start();
      while (started_ != window_) {
        hand_over();
      }
    });
    context_.run();
    const auto books = client_.statistics();
    result_.extra.emplace_back("batches", books.batches);
    result_.extra.emplace_back("lost", books.lost);
  }

private:
  void hand_over()
  {
    ++started_;
    for (std::size_t i = 1; i != pace_; ++i) {
      client_.post(usual_event());
    }
    client_.async_send(usual_event(), [this](boost::system::error_code error, const auto&) {
      check(error);
      if (started_ != total_) {
        hand_over();
      } else if (++finished_ == window_) {
        result_.watch.stop();
        watch_.stop(transport_, result_);
        transport_.cancel();
      }
    });
  }

  boost::asio::io_context context_{1};
  Transport transport_;
  riemann::batch_client client_;
  connection_watch watch_{};
  std::size_t pace_;
  std::size_t total_;
  std::size_t window_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
  result& result_;
};

void run_batch(const arguments& a, std::size_t pace, result& r)
{
  if (a.tls) {
    batch_load<riemann::tls_transport, riemann::tls_options>{a, pace, r}.run();
  } else {
    batch_load<riemann::tcp_transport, riemann::tcp_options>{a, pace, r}.run();
  }
}

} // namespace

void run_posts(const arguments& a, result& r)
{
  run_batch(a, a.events, r);
}

void run_gathered(const arguments& a, result& r)
{
  run_batch(a, 1, r);
}

} // namespace bench
