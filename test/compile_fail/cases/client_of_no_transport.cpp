// refused: riemann::client needs a transport(.|\n)*(async_disconnect|disconnects)
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

/// All but `async_disconnect`.
struct almost {
  using executor_type = boost::asio::any_io_executor;
  static constexpr bool answers_queries = false;

  executor_type get_executor() const;
  void async_connect(auto) {}
  void async_send(riemann::message, auto) {}
  void async_send(riemann::message, riemann::send_options, auto) {}
  void cancel() {}
  riemann::statistics statistics() const { return {}; }
};

void f(riemann::tcp_transport& transport, almost& other)
{
  riemann::client good{transport};
#ifdef MISTAKE
  riemann::client bad{other};
#endif
  static_cast<void>(other);
}
