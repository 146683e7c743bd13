// Queries: as text, and put together so that a stranger's string stays a string.
#include <riemann/client.hpp>
#include <riemann/query.hpp>
#include <riemann/sync_client.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char** argv)
{
  riemann::tcp_options server{.host = argc > 1 ? argv[1] : "localhost"};
  server.port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 5555);
  riemann::sync_client client{server};
  client.send_or_throw({.service = "disk \"a\" used", .metric = 0.95, .tags = {"prod"}});
  client.send_or_throw({.service = "disk \"b\" used", .metric = 0.15, .tags = {"prod"}});

  const std::string asked_for = "disk \"a\"";
  // [shown]
  using riemann::field;
  const riemann::query full = field{"service"}.starts_with(asked_for) && // any text at all
                              field{"metric"} > 0.9 && riemann::tagged("prod");
  const riemann::response found = client.query_or_throw(full);
  for (const riemann::event_view e : found.events()) {
    std::cout << e.service().value_or("?") << ": " << e.metric()->as_double() << '\n';
  }
  // [/shown]
  return found.event_count() == 1 ? 0 : 1;
}
