// Peers without measure, and what a machine runs out of: nothing is lost in silence, and
// nobody else has to wait.

#include "tcp_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using testkit::test::ack;
using testkit::test::bytes;
using testkit::test::raw_client;

/// All descriptors that this process may have are taken while it lives, but for those
/// that are given back.
class no_descriptors {
public:
  no_descriptors()
  {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    // Above those there are, so that there are few to take.
    const int next = ::dup(STDERR_FILENO);
    BOOST_TEST_REQUIRE(next != -1);
    taken_.push_back(next);
    rlimit few = before_;
    few.rlim_cur = static_cast<rlim_t>(next) + 64;
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (int one = next; one != -1; one = ::dup(STDERR_FILENO)) {
      taken_.push_back(one);
    }
    BOOST_TEST_REQUIRE(errno == EMFILE);
  }
  no_descriptors(const no_descriptors&) = delete;
  no_descriptors& operator=(const no_descriptors&) = delete;
  ~no_descriptors()
  {
    give_back(taken_.size());
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }

  void give_back(std::size_t count)
  {
    for (; count != 0; --count) {
      ::close(taken_.back());
      taken_.pop_back();
    }
  }

private:
  rlimit before_{};
  std::vector<int> taken_{};
};

struct with_peer_and_server : with_peer {
  /// One sends to the server and one to nobody: whatever is made but once has been made,
  /// and a sanitizer has met the classes, for each of which it needs descriptors at first.
  void meet_success_and_failure()
  {
    for (const auto& [to, expected] :
         {std::pair{server->tcp_endpoint(), error_code{}},
          std::pair{asio::ip::tcp::endpoint{asio::ip::address_v4::loopback(), closed_port(context)},
                    error_code{errc::connect_failed}}}) {
      transport.emplace(context, options_for(to));
      result sent;
      send(sent);
      wait_for(sent);
      BOOST_TEST(sent.error == expected);
      result closed;
      transport->async_disconnect(1s, record{closed});
      run_until(context, [&] { return closed.done(); });
    }
    // Its end of the connection has a descriptor, which is not to come free later.
    server->close_connections();
  }

  running_server server{};
};

/// Writes that until the other side is gone.
auto without_end(const std::string& all)
{
  return [all](connection& c) {
    for (;;) {
      c.write(all);
    }
  };
}

std::string many_acks()
{
  std::string all;
  for (int i = 0; i != 1'000; ++i) {
    all += std::string_view{"\0\0\0\2\x10\x01", 6};
  }
  return all;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(limits, with_peer)

BOOST_AUTO_TEST_CASE(answers_without_end_that_nobody_asked_for_end_each_connection_by_that_name)
{
  play({without_end(many_acks()), without_end(many_acks()), serve});
  for (std::uint64_t lost = 1; lost != 3; ++lost) {
    transport->async_connect([](error_code) {});
    wait_for([lost](const statistics& s) { return s.connections_lost == lost; });
    BOOST_TEST(transport->statistics().last_failure == errc::surplus_answer);
  }
  check_goes_on(3);
}

BOOST_AUTO_TEST_CASE(answer_without_end_is_given_up_at_max_answer_size)
{
  session_options session{.max_connect_tries = 1};
  session.max_answer_size = 100'000;
  play({[](connection& c) {
          c.read_frames(1);
          c.write({"\0\x01\x86\xa0", 4}); // just as long as one may be
          without_end(std::string(10'000, '\xff'))(c);
        },
        serve},
       session);
  result sent;
  send(sent, message::query("true"));
  wait_for(sent);
  BOOST_TEST(sent.error == errc::malformed_answer);
  check_goes_on(2);
}

BOOST_AUTO_TEST_CASE(answer_that_never_ends_is_given_up_at_answer_timeout)
{
  session_options session{.max_connect_tries = 1};
  session.answer_timeout = 500ms; // of the next connection, too
  gate over;
  play({[&over](connection& c) {
          c.read_frames(1);
          c.write({"\x01\0\0\0", 4}); // 16 MiB, of which bytes come, and not all
          c.write(std::string(100'000, 'x'));
          over.wait();
        },
        serve},
       session);
  result sent;
  send(sent, message::query("true"));
  wait_for(sent);
  BOOST_TEST(sent.error == errc::answer_timeout);
  BOOST_TEST((sent.error == outcome::unknown));
  over.open();
  check_goes_on(2);
}

BOOST_AUTO_TEST_CASE(slow_reader_holds_up_nobody_and_gets_all_its_answers)
{
  running_server server;
  raw_client slow{server->tcp_endpoint()};
  slow.send(event{.service = "long", .description = std::string(100'000, 'x')});
  BOOST_TEST((slow.read(6) == ack()));
  constexpr int asked = 300; // for more than the kernel's buffers hold
  for (int i = 0; i != asked; ++i) {
    slow.send(message::query("true"));
  }
  raw_client other{server->tcp_endpoint()};
  for (int i = 0; i != 1'000; ++i) {
    other.send(message{});
    BOOST_TEST_REQUIRE((other.read(6) == ack()));
  }
  for (int i = 0; i != asked; ++i) {
    BOOST_TEST_REQUIRE(slow.receive().event_count() == 1U);
  }
  BOOST_TEST(server->counters().cut_off == 0U);
}

BOOST_FIXTURE_TEST_CASE(client_without_a_descriptor_says_so_and_connects_when_there_is_one,
                        with_peer_and_server)
{
  meet_success_and_failure();
  transport.emplace(context, options_for(server->tcp_endpoint()));
  result connected;
  result sent;
  {
    const no_descriptors none;
    transport->async_connect(record{connected});
    run_until(context, [&] { return connected.done(); });
    send(sent);
    wait_for(sent);
  }
  BOOST_TEST(connected.error == boost::system::errc::too_many_files_open);
  BOOST_TEST(sent.error == errc::connect_failed);
  BOOST_TEST((sent.error == outcome::not_sent));
  BOOST_TEST(sent.answer.text().find("Too many open files") != std::string::npos,
             sent.answer.text());
  check_goes_on(1);
}

BOOST_FIXTURE_TEST_CASE(message_waits_for_a_descriptor_as_it_does_for_a_server,
                        with_peer_and_server)
{
  meet_success_and_failure();
  transport.emplace(context,
                    options_for(server->tcp_endpoint(), {.min_backoff = 1ms, .max_backoff = 5ms}));
  result sent;
  {
    const no_descriptors none;
    send(sent);
    wait_for([](const statistics& s) { return s.connects_failed >= 3; });
    BOOST_TEST(!sent.done());
  }
  wait_for(sent);
  BOOST_TEST(sent.error == error_code{});
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(server_without_a_descriptor_serves_whom_it_has_and_accepts_when_there_is_one)
{
  running_server server{{.reap_interval = 5ms}};
  raw_client early{server->tcp_endpoint()};
  early.send(message{});
  BOOST_TEST((early.read(6) == ack()));
  asio::ip::tcp::socket late{context};
  no_descriptors none;
  // The kernel accepts it; the server has no descriptor for it.
  none.give_back(1);
  late.connect(server->tcp_endpoint());
  asio::write(late, asio::buffer(bytes(4))); // an empty message
  for (int i = 0; i != 100; ++i) {
    early.send(message{});
    BOOST_TEST_REQUIRE((early.read(6) == ack()));
  }
  BOOST_TEST(server->counters().connections == 1U);
  none.give_back(1);
  bytes answer(6);
  asio::read(late, asio::buffer(answer));
  BOOST_TEST((answer == ack()));
  BOOST_TEST(server->counters().connections == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
