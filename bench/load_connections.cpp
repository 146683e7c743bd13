#include "load.hpp"

#include <boost/asio/io_context.hpp>

namespace bench {

namespace {

/// One connection after the other: opened, used for a message, closed. Without the
/// message a connection over TLS 1.3 would be gone before the server's ticket came.
template <class Transport, class Options>
class connection_load {
public:
  connection_load(const arguments& a, result& r)
      : transport_{context_, options_for<Options>(a)}, left_{a.messages}, result_{r}
  {}

  void run()
  {
    result_.watch.start();
    connect();
    context_.run();
    result_.watch.stop();
    result_.extra.emplace_back("resumed", resumed_);
  }

private:
  void connect()
  {
    const auto begun = result_.latency.begin();
    transport_.async_connect([this, begun](boost::system::error_code error) {
      check(error);
      result_.latency.end(begun);
      if constexpr (requires { transport_.connection(); }) {
        resumed_ += transport_.connection().value().resumed ? 1 : 0;
      }
      client_.async_send(usual_event(), [this](boost::system::error_code sent, const auto&) {
        check(sent);
        disconnect();
      });
    });
  }
  void disconnect()
  {
    transport_.async_disconnect(std::chrono::minutes{1}, [this](boost::system::error_code error) {
      check(error);
      if (--left_ != 0) {
        connect();
      }
    });
  }

  boost::asio::io_context context_{1};
  Transport transport_;
  riemann::client<Transport&> client_{transport_};
  std::size_t left_;
  std::size_t resumed_ = 0;
  result& result_;
};

} // namespace

void run_connections(const arguments& a, result& r)
{
  if (a.tls) {
    connection_load<riemann::tls_transport, riemann::tls_options>{a, r}.run();
  } else {
    connection_load<riemann::tcp_transport, riemann::tcp_options>{a, r}.run();
  }
}

} // namespace bench
