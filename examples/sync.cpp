// No event loop: calls that block until they are answered, or their deadline passes.
#include <riemann/sync_client.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

int main(int argc, char** argv)
{
  riemann::tcp_options server{.host = argc > 1 ? argv[1] : "localhost"};
  server.port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 5555);

  // [shown]
  riemann::sync_client client{server, {.call_timeout = std::chrono::seconds{5}}};
  // Failures are results...
  if (const auto sent = client.send({.service = "example sync", .state = "ok"}); !sent) {
    std::cerr << sent.error().code.message() << ": " << sent.error().text() << '\n';
    return 1;
  }
  // [/shown]
  // ...or exceptions where they are asked for.
  try {
    const auto found = client.query_or_throw("service = \"example sync\"");
    std::cout << found.event_count() << " event found\n";
  } catch (const boost::system::system_error& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
  return 0;
} // the destructor reads every answer owed, for up to `drain_timeout`
