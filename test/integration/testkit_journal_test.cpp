// The journal of a test server, read while it serves and after.

#include "testkit_fixture.hpp"
#include "testkit_tls_fixture.hpp"

#include <riemann/read_frame.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace riemann;
using namespace riemann::testkit::test;
using riemann::testkit::reject;
using riemann::testkit::server;
using riemann::testkit::server_options;

/// A journal in a folder that goes with the test.
struct journaled {
  journaled()
  {
    auto name = (fs::temp_directory_path() / "riemann-journal-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    options.journal = folder / "journal";
  }
  journaled(const journaled&) = delete;
  journaled& operator=(const journaled&) = delete;
  ~journaled() { fs::remove_all(folder); }

  /// As anybody would read it: by `async_read_frame`, to its end.
  [[nodiscard]] std::vector<bytes> bodies() const
  {
    std::ifstream in{options.journal, std::ios::binary};
    const std::string content{std::istreambuf_iterator<char>{in}, {}};
    asio::io_context context;
    asio::local::stream_protocol::socket from{context};
    asio::local::stream_protocol::socket to{context};
    asio::local::connect_pair(from, to);
    asio::write(to, asio::buffer(content));
    to.close();
    std::vector<bytes> all;
    bool ended = false;
    while (!ended) {
      async_read_frame(from, 1U << 20, [&](boost::system::error_code error, bytes body) {
        if (error) {
          ended = true;
          BOOST_TEST((error == asio::error::eof));
        } else {
          all.push_back(std::move(body));
        }
      });
      context.run();
      context.restart();
    }
    return all;
  }

  fs::path folder{};
  server_options options{};
};

message numbered(int number)
{
  return message{{.host = "h", .service = "s", .metric = number}};
}

bytes body_of(const message& m)
{
  return {m.body().begin(), m.body().end()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(testkit_server_journal, journaled)

BOOST_AUTO_TEST_CASE(message_when_acknowledged_then_in_the_journal_already)
{
  for (const bool sink : {false, true}) {
    options.sink = sink;
    fs::remove(options.journal);
    running_server server{options};
    raw_client client{server->tcp_endpoint()};
    for (int i = 0; i != 50; ++i) {
      client.send(numbered(i));
      BOOST_REQUIRE(client.receive().ok());
      const auto kept = bodies();
      BOOST_REQUIRE_EQUAL(kept.size(), static_cast<std::size_t>(i) + 1);
      BOOST_TEST((kept.back() == body_of(numbered(i))));
    }
  }
}

BOOST_AUTO_TEST_CASE(messages_of_several_connections_when_kept_then_each_is_whole)
{
  constexpr int each = 500;
  running_server server{options};
  std::vector<std::jthread> threads;
  for (int t = 0; t != 4; ++t) {
    threads.emplace_back([&server, t] {
      raw_client client{server->tcp_endpoint()};
      bytes all;
      for (int i = 0; i != each; ++i) {
        const message m = numbered(t * each + i);
        all.insert(all.end(), m.frame().begin(), m.frame().end());
      }
      client.send(all);
      client.read(each * ack().size());
    });
  }
  threads.clear();
  std::vector<bytes> expected;
  for (int i = 0; i != 4 * each; ++i) {
    expected.push_back(body_of(numbered(i)));
  }
  auto kept = bodies();
  std::ranges::sort(kept);
  std::ranges::sort(expected);
  BOOST_TEST((kept == expected));
}

BOOST_AUTO_TEST_CASE(message_over_tls_when_acknowledged_then_kept)
{
  const riemann::testkit::certificate_authority authority;
  const auto shown = authority.issue();
  options.tls.emplace();
  options.tls->certificate_pem = shown.certificate_pem;
  options.tls->key_pem = shown.key_pem;
  running_server server{options};
  tls_client client{server->tls_endpoint(), {.trusted = authority.certificate_pem()}};
  client.handshake();
  client.send(numbered(1));
  BOOST_TEST(client.receive().ok());
  BOOST_TEST((bodies() == std::vector<bytes>{body_of(numbered(1))}));
}

BOOST_AUTO_TEST_CASE(message_when_rejected_or_a_datagram_then_not_kept)
{
  running_server server{options};
  raw_client client{server->tcp_endpoint()};
  BOOST_TEST(!client.ask("state = ").ok());
  server->inject(reject{"no"});
  client.send(numbered(1));
  BOOST_TEST(!client.receive().ok());

  asio::io_context context;
  asio::ip::udp::socket datagrams{context, asio::ip::udp::v4()};
  const message m = numbered(2);
  datagrams.send_to(asio::buffer(m.body().data(), m.body().size()), server->udp_endpoint());
  while (server->counters().datagrams == 0) {
  }
  client.send(numbered(3));
  BOOST_TEST(client.receive().ok());
  BOOST_TEST((bodies() == std::vector<bytes>{body_of(numbered(3))}));
}

BOOST_AUTO_TEST_CASE(message_when_the_journal_is_full_then_rejected_with_the_kernels_reason)
{
  if (!fs::exists("/dev/full")) {
    return;
  }
  options.journal = "/dev/full";
  running_server server{options};
  raw_client client{server->tcp_endpoint()};
  client.send(numbered(1));
  const auto answer = client.receive();
  BOOST_TEST(!answer.ok());
  BOOST_TEST(answer.text() == "journal: No space left on device");
  BOOST_TEST(server->counters().acks == 0U);
  BOOST_TEST(server->counters().indexed == 0U);
}

BOOST_AUTO_TEST_CASE(server_when_stopped_then_another_goes_on_with_its_journal)
{
  running_server first{options};
  {
    raw_client client{first->tcp_endpoint()};
    client.send(numbered(1));
    BOOST_TEST(client.receive().ok());
  }
  first->stop();
  running_server second{options};
  raw_client client{second->tcp_endpoint()};
  client.send(numbered(2));
  BOOST_TEST(client.receive().ok());
  BOOST_TEST((bodies() == std::vector<bytes>{body_of(numbered(1)), body_of(numbered(2))}));
}

BOOST_AUTO_TEST_CASE(server_when_its_journal_cannot_be_used_then_throws_and_names_it)
{
  const auto says = [this](const std::string& part) {
    return [this, part](const boost::system::system_error& error) {
      const std::string what = error.what();
      return what.starts_with("journal \"" + options.journal + "\"") &&
             what.find(part) != std::string::npos;
    };
  };
  running_server holder{options};
  BOOST_CHECK_EXCEPTION(running_server{options}, boost::system::system_error,
                        says("another server"));
  options.journal = folder / "none" / "journal";
  BOOST_CHECK_EXCEPTION(running_server{options}, boost::system::system_error,
                        says("No such file or directory"));
}

BOOST_AUTO_TEST_SUITE_END()
