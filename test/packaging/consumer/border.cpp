// A program of a user's, built against what is installed: what meets at the library's
// border is one thing on both sides, exceptions, error categories and all.
#include "check.hpp"

#include <riemann/as_result.hpp>
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/testkit/server.hpp>
#include <riemann/version.hpp>
#include <riemann/with_text.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace asio = boost::asio;

namespace {

void exceptions()
{
  const riemann::send_result rejected{riemann::failure{make_error_code(riemann::errc::rejected),
                                                       riemann::response::failure("index full")}};
  check("a rejection is thrown as server_error",
        throws<riemann::server_error>([&] { (void)rejected.value(); }));
  check("a rejection is thrown as system_error",
        throws<boost::system::system_error>([&] { (void)rejected.value(); }));
  check("invalid options are thrown as invalid_argument",
        throws<std::invalid_argument>([] { riemann::tcp_options{.host = ""}.validate(); }));
}

void exchange(asio::io_context& context)
{
  riemann::testkit::server server{context.get_executor()};
  riemann::tcp_transport transport{context, {.host = "127.0.0.1", .port = server.port()}};
  riemann::client client{transport};
  const riemann::event event{.service = "installed", .metric = 1};

  server.inject(riemann::testkit::reject{"index full"}, {.message = 2});
  check("acknowledged", client.async_send(event, asio::use_future).get().ok());
  auto rejected = client.async_send(event, riemann::with_text(asio::use_future));
  check("the server's words arrive", throws<riemann::server_error>([&] { rejected.get(); }));
  const auto found = client.async_query("service = \"installed\"", asio::use_future).get();
  check("queried back",
        found.event_count() == 1 && found.to_events().front().service == event.service);

  std::promise<boost::system::error_code> lost;
  transport.observe([&](const riemann::connection_change& change) {
    if (change.state == riemann::connection_state::lost) {
      lost.set_value(change.error);
    }
  });
  server.close_connections();
  check("Asio's categories are one on both sides", lost.get_future().get() == asio::error::eof);
  transport.observe({});

  transport.async_disconnect(std::chrono::seconds{5}, asio::use_future).get();
}

} // namespace

int main()
{
  check("the library is that of the headers", riemann::linked_version() == riemann::version);
  exceptions();
  asio::io_context context;
  auto work = asio::make_work_guard(context);
  std::thread runner{[&] { context.run(); }};
  exchange(context);
  work.reset();
  runner.join();
  return told();
}
