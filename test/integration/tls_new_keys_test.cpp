// A peer that asks for new keys without end and reads nothing: each time, something is
// owed to it (RFC 8446, 4.6.3).

#include "net/tls_channel.hpp"
#include "net/tls_setup.hpp"
#include "testkit/tls_manner.hpp"
#include "testkit/tls_wire.hpp"
#include "tls_fixture.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <string>
#include <utility>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using tcp = asio::ip::tcp;

/// The peer, whose records are made apart from its socket, so that many come at once.
class key_asker {
public:
  key_asker(tcp::socket socket, asio::ssl::context& context, bool is_server)
      : socket_{std::move(socket)}, ssl_{::SSL_new(context.native_handle())}
  {
    ::SSL_set_bio(ssl_.get(), in_, out_);
    is_server ? ::SSL_set_accept_state(ssl_.get()) : ::SSL_set_connect_state(ssl_.get());
    socket_.non_blocking(true);
  }

  /// A step of it; whether it is done.
  bool shake_hands()
  {
    read();
    const bool done = ::SSL_do_handshake(ssl_.get()) == 1;
    write();
    return done;
  }
  /// Asks so often, each time with a byte behind it, and one before all: what is owed
  /// for one becomes due with the next, within the same read.
  void ask(std::size_t times)
  {
    BOOST_TEST_REQUIRE(::SSL_write(ssl_.get(), "x", 1) == 1);
    for (; times != 0; --times) {
      BOOST_TEST_REQUIRE(::SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED) == 1);
      BOOST_TEST_REQUIRE(::SSL_write(ssl_.get(), "x", 1) == 1);
    }
    write();
  }
  /// Takes what is there.
  void read()
  {
    std::array<char, 65536> data{};
    error_code error;
    for (;;) {
      const auto n = socket_.read_some(asio::buffer(data), error);
      if (error) {
        break;
      }
      ::BIO_write(in_, data.data(), static_cast<int>(n));
    }
    BOOST_TEST_REQUIRE(error == asio::error::would_block);
  }

private:
  void write()
  {
    std::string all(::BIO_ctrl_pending(out_), '\0');
    if (!all.empty()) {
      ::BIO_read(out_, all.data(), static_cast<int>(all.size()));
      // Never more than the kernel has room for.
      BOOST_TEST_REQUIRE(asio::write(socket_, asio::buffer(all)) == all.size());
    }
  }

  struct frees {
    void operator()(SSL* s) const noexcept { ::SSL_free(s); }
  };

  tcp::socket socket_;
  BIO* in_ = ::BIO_new(::BIO_s_mem());
  BIO* out_ = ::BIO_new(::BIO_s_mem());
  std::unique_ptr<SSL, frees> ssl_;
};

/// What is tried: a side of a connection that reads all that comes.
struct reading_side {
  std::function<void()> read_on; ///< again, once one has ended
  std::size_t bytes = 0;
  error_code error{};
};

struct with_sockets : with_context {
  with_sockets()
  {
    // The kernel takes little of what is owed.
    acceptor.open(tcp::v4());
    acceptor.set_option(asio::socket_base::send_buffer_size{4096});
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
    theirs.open(tcp::v4());
    theirs.set_option(asio::socket_base::receive_buffer_size{4096});
    theirs.connect(acceptor.local_endpoint());
    acceptor.accept(ours);
    ours.non_blocking(true);
  }

  void shake_hands(key_asker& asker, const bool& done)
  {
    while (!asker.shake_hands() || !done) {
      context.restart();
      context.run_one_for(1ms);
    }
  }

  /// It stops to read when too much is owed, and goes on when that is taken.
  void check(key_asker& asker, reading_side& side)
  {
    constexpr std::size_t most = 60'000;
    constexpr std::size_t burst = 100;
    std::size_t asked = 0;
    std::size_t sent = 0; // bytes
    side.read_on();
    bool goes_on = true;
    while (goes_on && asked != most) {
      asker.ask(burst);
      asked += burst;
      sent += burst + 1;
      while (goes_on && side.bytes != sent && !side.error) {
        context.restart();
        goes_on = context.run_one_for(200ms) != 0;
      }
    }
    BOOST_TEST(asked < most);
    while (side.bytes != sent && !side.error) {
      asker.read();
      context.restart();
      context.run_one_for(1ms);
    }
    BOOST_TEST(side.error == error_code{});
    BOOST_TEST(side.bytes == sent);
  }

  std::array<char, 65536> room{};
  tcp::acceptor acceptor{context};
  tcp::socket theirs{context};
  tcp::socket ours{context};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_new_keys, with_sockets)

BOOST_AUTO_TEST_CASE(client_that_is_asked_for_new_keys_without_end_stops_to_read)
{
  asio::ssl::context terms{asio::ssl::context::tls_server};
  terms.use_certificate_chain(asio::buffer(usual().server.certificate_pem));
  terms.use_private_key(asio::buffer(usual().server.key_pem), asio::ssl::context::pem);
  auto options = tls_options_for(acceptor.local_endpoint());
  only(options, tls_version::tls_1_3);
  const net::tls_settings settings{.setup = std::make_shared<net::tls_setup>(options)};

  using executor = asio::io_context::executor_type;
  using channel_type = net::tls_channel<executor>;
  const auto strand = asio::make_strand(context.get_executor());
  channel_type::socket_type socket{context.get_executor(), tcp::v4(), ours.release()};
  socket.non_blocking(true);
  const auto channel =
      std::make_shared<channel_type>(std::move(socket), strand, settings, options.host);

  key_asker asker{std::move(theirs), terms, true};
  bool done = false;
  channel->shake_hands([&](error_code error, const std::string&) {
    BOOST_TEST(error == error_code{});
    done = true;
  });
  shake_hands(asker, done);

  reading_side side;
  side.read_on = [&] {
    channel->read_some(asio::buffer(room),
                       asio::bind_executor(strand, [&](error_code error, std::size_t n) {
                         side.bytes += n;
                         side.error = error;
                         if (!error) {
                           side.read_on();
                         }
                       }));
  };
  check(asker, side);
  channel->close(false);
  run(context);
}

BOOST_AUTO_TEST_CASE(server_that_is_asked_for_new_keys_without_end_stops_to_read)
{
  testkit::server_tls_options options = mutual_tls();
  options.client_ca_pem.clear();
  const auto manner = testkit::detail::make_manner(options);
  tcp::socket socket{asio::make_strand(context), tcp::v4(), ours.release()};
  testkit::detail::tls_wire wire{std::move(socket), manner};

  asio::ssl::context terms{asio::ssl::context::tls_client};
  key_asker asker{std::move(theirs), terms, false};
  bool done = false;
  wire.handshake([&](error_code error) {
    BOOST_TEST(error == error_code{});
    done = true;
  });
  shake_hands(asker, done);

  reading_side side;
  side.read_on = [&] {
    wire.read(asio::buffer(room), [&](error_code error, std::size_t n) {
      side.bytes += n;
      side.error = error;
      if (!error) {
        side.read_on();
      }
    });
  };
  check(asker, side);
  wire.cut();
  run(context);
}

BOOST_AUTO_TEST_SUITE_END()
