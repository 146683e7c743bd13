// One message at a time over Asio's own socket, by callbacks and without the library:
// what Asio's reactor takes for itself.
#include "program.hpp"
#include "usual_event.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <array>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class ping_pong {
public:
  ping_pong(const bench::arguments& a, bench::result& r)
      : result_{r}, message_{bench::usual_message(a.events)}, left_{a.messages}
  {
    socket_.connect({asio::ip::make_address(a.host), a.port});
    socket_.set_option(asio::ip::tcp::no_delay{true});
    socket_.non_blocking(true);
  }

  void run()
  {
    result_.watch.start();
    send();
    context_.run();
    result_.watch.stop();
  }

private:
  void send()
  {
    begun_ = result_.latency.begin();
    unread_ = answer_size;
    asio::async_write(socket_, asio::buffer(message_.frame().data(), message_.frame().size()),
                      [this](error_code error, std::size_t) {
                        check(error);
                        receive();
                      });
  }
  void receive()
  {
    socket_.async_read_some(asio::buffer(room_), [this](error_code error, std::size_t n) {
      check(error);
      unread_ -= n;
      if (unread_ != 0) {
        return receive();
      }
      result_.latency.end(begun_);
      if (--left_ != 0) {
        send();
      }
    });
  }
  static void check(error_code error)
  {
    if (error) {
      throw boost::system::system_error{error};
    }
  }

  static constexpr std::size_t answer_size = 6;

  bench::result& result_;
  riemann::message message_;
  std::size_t left_;
  std::size_t unread_ = 0;
  bench::clock::time_point begun_{};
  asio::io_context context_{1};
  asio::ip::tcp::socket socket_{context_};
  std::array<std::byte, 1'024> room_{};
};

} // namespace

int main(int argc, char** argv)
{
  return bench::run({.name = "bench-asio",
                     .about = "Asio's own socket, without the library",
                     .modes = {{"ping-pong",
                                [](const auto& a, auto& r) {
                                  ping_pong{a, r}.run();
                                }}}},
                    argc, argv);
}
