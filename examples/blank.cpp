// A program's own test without any server: what was sent is looked at, what comes back
// is said beforehand.
#include <riemann/blank_transport.hpp>
#include <riemann/client.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main()
{
  boost::asio::io_context context;
  // [shown]
  riemann::blank_transport transport{context};
  riemann::client client{transport};
  transport.reject_next("index full"); // the next message
  transport.answer_query("tagged \"disk\"", {{.service = "sda", .metric = 0.9}}); // whenever asked
  // [/shown]
  int rejected = 0;
  std::size_t found = 0;
  client.async_send({.service = "sda", .metric = 0.9, .tags = {"disk"}},
                    [&](boost::system::error_code error, const riemann::response&) {
                      rejected += error == riemann::outcome::rejected ? 1 : 0;
                    });
  client.async_query("tagged \"disk\"",
                     [&](boost::system::error_code, const riemann::response& answer) {
                       found = answer.event_count();
                     });
  context.run();
  const bool right = rejected == 1 && found == 1 && transport.events().front().service == "sda";
  std::cout << (right ? "as it was told\n" : "otherwise than told\n");
  return right ? 0 : 1;
}
