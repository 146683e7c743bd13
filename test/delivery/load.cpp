// Submits numbered events over one transport, from several threads, until its standard
// input ends or brings a byte; then tells what became of them, in a line of JSON. The
// exit code is 0 if the transport's books say the same as those kept here, in every
// snapshot and at the end.
#include "arguments.hpp"
#include "books.hpp"
#include "observer.hpp"
#include "submitter.hpp"

#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
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
bool put_under_load(riemann::basic_transport& transport, const arguments& a)
{
  books ours{a.outcomes};
  observer seen{transport, ours, a.tick};
  std::vector<std::unique_ptr<submitter>> submitters;
  for (std::size_t i = 0; i != a.threads; ++i) {
    submitters.push_back(std::make_unique<submitter>(transport, ours, a));
  }
  wait_for_standard_input();
  for (auto& each : submitters) {
    each->stop();
  }
  // What is owed ends with the disconnect at the latest, and that at its deadline.
  auto disconnected = transport.async_disconnect(a.drain, boost::asio::use_future);
  for (auto& each : submitters) {
    each->wait();
  }
  disconnected.wait();
  seen.stop();
  ours.flush();
  const auto theirs = transport.statistics();
  print_verdict(theirs, ours, seen);
  return seen.complaint().empty() &&
         final_complaint(theirs, ours.ended(), ours.submitted()).empty();
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
  if (a.ca_certs.empty()) {
    riemann::tcp_transport transport{context,
                                     {.host = "127.0.0.1", .port = a.port, .session = a.session}};
    agrees = put_under_load(transport, a);
  } else {
    riemann::tls_options options;
    options.host = "127.0.0.1";
    options.port = a.port;
    options.session = a.session;
    options.ca_certs = a.ca_certs;
    riemann::tls_transport transport{context, options};
    agrees = put_under_load(transport, a);
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
