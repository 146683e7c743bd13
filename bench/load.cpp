// The library under load: acknowledged messages by callbacks, batches, one at a time,
// datagrams. By coroutines, by a batch client, from threads, and a connection each: in
// files of their own.
#include "load.hpp"

#include <boost/asio/io_context.hpp>

#include <utility>
#include <vector>

namespace {

using bench::arguments;
using bench::result;
using boost::system::error_code;

/// Keeps `window` messages outstanding by callbacks until all are done. `Send` hands
/// one message to the client.
template <class Transport, class Options, class Send>
class callback_load {
public:
  callback_load(const arguments& a, Send send, result& r)
      : transport_{context_, bench::options_for<Options>(a)},
        client_{transport_},
        send_{std::move(send)},
        result_{r},
        window_{std::min(a.window, a.messages)},
        total_{a.messages}
  {}

  void run()
  {
    transport_.async_connect([this](error_code error) {
      bench::check(error);
      if constexpr (Transport::answers_queries) {
        watch_.start(transport_);
      }
      result_.watch.start();
      while (started_ != window_) {
        send_one();
      }
    });
    context_.run();
  }

  [[nodiscard]] riemann::statistics statistics() const { return transport_.statistics(); }

private:
  void send_one()
  {
    ++started_;
    send_(client_, [this, begun = result_.latency.begin()](error_code error, const auto&) {
      bench::check(error);
      result_.latency.end(begun);
      if (started_ != total_) {
        send_one();
      } else if (++finished_ == window_) {
        result_.watch.stop();
        if constexpr (Transport::answers_queries) {
          watch_.stop(transport_, result_);
        }
        transport_.cancel();
      }
    });
  }

  boost::asio::io_context context_{1};
  Transport transport_;
  riemann::client<Transport&> client_;
  Send send_;
  bench::connection_watch watch_{};
  result& result_;
  std::size_t window_;
  std::size_t total_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
};

const auto send_usual = [](auto& client, auto handler) {
  client.async_send(bench::usual_event(), std::move(handler));
};

/// Over TCP or TLS.
template <class Send>
void run_stream(const arguments& a, result& r, Send send)
{
  if (a.tls) {
    callback_load<riemann::tls_transport, riemann::tls_options, Send>{a, std::move(send), r}.run();
  } else {
    callback_load<riemann::tcp_transport, riemann::tcp_options, Send>{a, std::move(send), r}.run();
  }
}

void run_callbacks(const arguments& a, result& r)
{
  run_stream(a, r, send_usual);
}

/// Each message is written from the fields of its events, as the peer's is made anew.
void run_fresh_batches(const arguments& a, result& r)
{
  run_stream(a, r, [events = a.events](auto& client, auto handler) {
    riemann::message batch;
    for (std::size_t i = 0; i != events; ++i) {
      batch.append({.host = "app-server-17.example.org",
                    .service = "api request latency ms",
                    .state = "ok",
                    .metric = 0.217,
                    .tags = {"prod", "api", "http"},
                    .ttl = riemann::ttl_duration{60},
                    .time = riemann::timestamp::from_micros(1'700'000'000'123'456)});
    }
    client.async_send(std::move(batch), std::move(handler));
  });
}

/// Each message is encoded from its events.
void run_batches(const arguments& a, result& r)
{
  run_stream(a, r,
             [events = std::vector<riemann::event>(a.events, bench::usual_event())](auto& client,
                                                                                    auto handler) {
               client.async_send(riemann::message{events}, std::move(handler));
             });
}

void run_one(const arguments& a, result& r)
{
  arguments one = a;
  one.window = 1;
  run_stream(one, r, send_usual);
}

void run_udp(const arguments& a, result& r)
{
  callback_load<riemann::udp_transport, riemann::udp_options, decltype(send_usual)> load{
      a, send_usual, r};
  load.run();
  r.extra = {{"sent", load.statistics().events.sent},
             {"datagrams", load.statistics().datagrams_sent}};
}

} // namespace

int main(int argc, char** argv)
{
  constexpr bool over_tls = true;
  return bench::run({.name = "bench-load",
                     .about = "riemann-asio under load",
                     .modes = {{"callbacks", run_callbacks, over_tls},
                               {"coroutines", bench::run_coroutines, over_tls},
                               {"batches", run_batches, over_tls},
                               {"fresh-batches", run_fresh_batches, over_tls},
                               {"posts", bench::run_posts, over_tls},
                               {"gathered", bench::run_gathered, over_tls},
                               {"one", run_one, over_tls},
                               {"connections", bench::run_connections, over_tls},
                               {"threads", bench::run_threads},
                               {"udp", run_udp}}},
                    argc, argv);
}
