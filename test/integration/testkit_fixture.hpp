#ifndef RIEMANN_TEST_INTEGRATION_TESTKIT_FIXTURE_HPP
#define RIEMANN_TEST_INTEGRATION_TESTKIT_FIXTURE_HPP

#include <riemann/event.hpp>
#include <riemann/message.hpp>
#include <riemann/response.hpp>
#include <riemann/testkit/server.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace riemann::inline v0::testkit::test {

using bytes = std::vector<std::byte>;

/// A server with two threads of its own.
class running_server {
public:
  explicit running_server(server_options options = {})
      : server_{context_.get_executor(), std::move(options)}
  {
    for (auto& t : threads_) {
      t = std::jthread{[this] { context_.run(); }};
    }
  }
  ~running_server() { server_.stop(); }

  server* operator->() noexcept { return &server_; }

private:
  boost::asio::io_context context_{};
  server server_;
  std::array<std::jthread, 2> threads_{};
};

/// Speaks frames over a blocking stream.
template <class Stream>
class frame_client {
public:
  void send(std::span<const std::byte> data) { boost::asio::write(stream_, to_buffer(data)); }
  void send(const message& m) { send(m.frame()); }
  void send(const event& e) { send(message{e}); }
  /// For a peer that may close meanwhile.
  boost::system::error_code try_send(std::span<const std::byte> data)
  {
    boost::system::error_code ec;
    boost::asio::write(stream_, to_buffer(data), ec);
    return ec;
  }

  bytes read(std::size_t n)
  {
    bytes data(n);
    boost::asio::read(stream_, boost::asio::buffer(data));
    return data;
  }
  /// The next answer.
  response receive()
  {
    std::size_t length = 0;
    for (const auto b : read(4)) {
      length = length << 8 | std::to_integer<std::size_t>(b);
    }
    return response::parse(read(length)).value();
  }
  response ask(const std::string& query)
  {
    send(message::query(query));
    return receive();
  }
  /// Reads to the end; how many bytes came before it, and what it was.
  std::size_t read_to_end(boost::system::error_code& end)
  {
    std::array<std::byte, 4096> data{};
    std::size_t total = 0;
    end = {};
    while (!end) {
      total += stream_.read_some(boost::asio::buffer(data), end);
    }
    return total;
  }
  std::size_t read_to_end()
  {
    boost::system::error_code ignored;
    return read_to_end(ignored);
  }

protected:
  template <class... Arguments>
  explicit frame_client(Arguments&&... arguments) : stream_{std::forward<Arguments>(arguments)...}
  {}

  Stream& stream() noexcept { return stream_; }

private:
  static boost::asio::const_buffer to_buffer(std::span<const std::byte> data) noexcept
  {
    return {data.data(), data.size()};
  }

  Stream stream_;
};

/// For what has to be there before a client's stream.
struct client_context {
  boost::asio::io_context context{};
};

/// A blocking socket that speaks frames.
class raw_client : private client_context, public frame_client<boost::asio::ip::tcp::socket> {
public:
  explicit raw_client(const boost::asio::ip::tcp::endpoint& to) : frame_client{context}
  {
    socket().connect(to);
    socket().set_option(boost::asio::ip::tcp::no_delay{true});
  }

  boost::asio::ip::tcp::socket& socket() noexcept { return stream(); }
};

template <class... Values>
bytes make_bytes(Values... values)
{
  return {static_cast<std::byte>(values)...};
}

inline bytes ack()
{
  return make_bytes(0, 0, 0, 2, 0x10, 1);
}

} // namespace riemann::inline v0::testkit::test

#endif
