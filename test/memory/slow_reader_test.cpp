// What is gathered for a peer that reads, but never all of it.
#include "../integration/tcp_fixture.hpp"
#include "heap.hpp"
#include "net/gathering_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace riemann::test {

BOOST_AUTO_TEST_SUITE(memory_slow_reader)

BOOST_FIXTURE_TEST_CASE(memory_when_a_peer_reads_but_never_all_then_is_of_what_it_has_not_read,
                        with_context)
{
  using tcp = asio::ip::tcp;
  using socket_type = net::gathering_socket<asio::io_context::executor_type>::socket_type;
  tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  socket_type ours{context};
  ours.connect(acceptor.local_endpoint());
  ours.non_blocking(true);
  tcp::socket theirs{context};
  acceptor.accept(theirs);
  net::gathering_socket<asio::io_context::executor_type> gathering{std::move(ours)};

  constexpr std::size_t owed = 300'000;
  constexpr std::size_t once = 20'000;
  const std::string some(once, 'x');
  error_code error;
  std::string taken(once, '\0');
  const heap_count heap;
  for (std::size_t rounds = 0; rounds != 2'000;) {
    gathering.write_some(asio::buffer(some), error);
    gathering.flush(error);
    if (gathering.gathered() - gathering.flushed() > owed) {
      asio::read(theirs, asio::buffer(taken)); // as much as comes
      ++rounds;
    }
  }
  BOOST_TEST(heap.now().bytes < std::int64_t{8} * owed);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
