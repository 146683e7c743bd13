// Submits numbered events, over a connection, several, or in batches, from several threads, until
// its standard input ends or brings a byte; then tells what became of them, in a line of JSON. The
// exit code is 0 if the transport's books say the same as those kept here, in every
// snapshot and at the end.
#include "arguments.hpp"
#include "books.hpp"
#include "observer.hpp"
#include "subject.hpp"
#include "submitter.hpp"

#include <riemann/batch_client.hpp>
#include <riemann/message.hpp>
#include <riemann/pool_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace delivery {

namespace {

void wait_for_standard_input()
{
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) == -1 && errno == EINTR) {
  }
}

void print_verdict(const riemann::statistics& theirs, const books& ours, const observer& seen)
{
  const auto& complaint = seen.complaint();
  const auto ended = ours.ended();
  const auto last = final_complaint(theirs, ended, ours.submitted());
  std::printf(
      "{\"verdict\": {\"in_snapshots\": \"%s\", \"at_the_end\": \"%s\", \"snapshots\": %llu, "
      "\"submitted\": %llu, %s, \"connections_opened\": %llu, \"connects_failed\": %llu, "
      "\"connections_lost\": %llu, \"memory\": %s}}\n",
      complaint.c_str(), last.c_str(), static_cast<unsigned long long>(seen.snapshots()),
      static_cast<unsigned long long>(ours.submitted()), ended.json().c_str(),
      static_cast<unsigned long long>(theirs.connections_opened),
      static_cast<unsigned long long>(theirs.connects_failed),
      static_cast<unsigned long long>(theirs.connections_lost), seen.memory().json().c_str());
}

/// Whether the books agree.
bool put_under_load(const subject& it, const arguments& a)
{
  books ours{a.outcomes};
  observer seen{it, ours, a.tick};
  std::vector<std::unique_ptr<submitter>> submitters;
  for (std::size_t i = 0; i != a.threads; ++i) {
    submitters.push_back(std::make_unique<submitter>(it, ours, a));
  }
  wait_for_standard_input();
  for (auto& each : submitters) {
    each->stop();
  }
  // What is owed ends with this at the latest, and that at its deadline.
  auto finished = it.finish(a.drain);
  for (auto& each : submitters) {
    each->wait();
  }
  finished.wait();
  seen.stop();
  ours.flush();
  const auto theirs = it.statistics();
  print_verdict(theirs, ours, seen);
  return seen.complaint().empty() &&
         final_complaint(theirs, ours.ended(), ours.submitted()).empty();
}

bool load_plainly(riemann::basic_transport& transport, const arguments& a)
{
  return put_under_load(
      {.send =
           [&](const riemann::event_literal& e, subject::handler handler) {
             transport.async_send(
                 riemann::message{e},
                 [handler = std::move(handler)](boost::system::error_code error,
                                                const riemann::response&) { handler(error); });
           },
       .statistics = [&] { return transport.statistics(); },
       .finish =
           [&](std::chrono::milliseconds deadline) {
             return transport.async_disconnect(deadline, boost::asio::use_future);
           }},
      a);
}

bool load_in_batches(riemann::basic_transport& transport, const arguments& a)
{
  riemann::batch_client client{transport};
  const bool good =
      put_under_load({.send =
                          [&](const riemann::event_literal& e, subject::handler handler) {
                            client.async_send(e, [handler = std::move(handler)](
                                                     boost::system::error_code error,
                                                     const riemann::response&) { handler(error); });
                          },
                      .statistics =
                          [&] {
                            riemann::statistics books = transport.statistics();
                            books.events = client.statistics().events;
                            books.messages = books.events;
                            return books;
                          },
                      .finish =
                          [&](std::chrono::milliseconds deadline) {
                            return client.async_close(deadline, boost::asio::use_future);
                          }},
                     a);
  transport.async_disconnect(a.drain, boost::asio::use_future).wait();
  return good;
}

bool load_any(riemann::basic_transport& transport, const arguments& a)
{
  return a.batches ? load_in_batches(transport, a) : load_plainly(transport, a);
}

riemann::tcp_options over_tcp(const arguments& a, std::uint16_t port)
{
  return {.host = "127.0.0.1", .port = port, .session = a.session};
}

bool run(const arguments& a)
{
  boost::asio::io_context context;
  std::vector<std::jthread> runners;
  auto work = boost::asio::make_work_guard(context);
  for (std::size_t i = 0; i != a.runners; ++i) {
    runners.emplace_back([&context] { context.run(); });
  }
  bool agrees = false;
  if (!a.ca_certs.empty()) {
    riemann::tls_options options;
    options.host = "127.0.0.1";
    options.port = a.port;
    options.session = a.session;
    options.ca_certs = a.ca_certs;
    riemann::tls_transport transport{context, options};
    agrees = load_any(transport, a);
  } else if (a.other_port != 0) {
    riemann::pool_options options;
    options.servers = {over_tcp(a, a.port), over_tcp(a, a.other_port)};
    options.connections = a.connections;
    riemann::pool_transport transport{context, options};
    agrees = load_any(transport, a);
  } else {
    riemann::tcp_transport transport{context, over_tcp(a, a.port)};
    agrees = load_any(transport, a);
  }
  work.reset();
  return agrees;
}

} // namespace

} // namespace delivery

int main(int argc, char** argv)
{
  try {
    return delivery::run(delivery::parse(argc, argv)) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "delivery-load: " << error.what() << '\n';
    return 2;
  }
}
