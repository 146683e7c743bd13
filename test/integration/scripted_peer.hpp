#ifndef RIEMANN_TEST_INTEGRATION_SCRIPTED_PEER_HPP
#define RIEMANN_TEST_INTEGRATION_SCRIPTED_PEER_HPP

#include "patience.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace riemann::test {

/**
 * A TCP server that does as it is told. Each connection, in the order they come,
 * runs the next script, blocking, on a thread of its own, and is closed (FIN)
 * when the script returns; connections beyond the last script are closed at once.
 */
class scripted_peer {
public:
  using tcp = boost::asio::ip::tcp;

  /// What a script holds. Its functions throw when the other side is gone or the
  /// peer stops, which ends the script.
  class connection {
  public:
    explicit connection(tcp::socket socket) : socket_{std::move(socket)} {}

    /// Reads whole frames; their bodies.
    std::vector<std::string> read_frames(std::size_t count)
    {
      std::vector<std::string> bodies(count);
      for (auto& body : bodies) {
        std::array<unsigned char, 4> header{};
        boost::asio::read(socket_, boost::asio::buffer(header));
        std::size_t length = 0;
        for (const auto b : header) {
          length = length << 8 | b;
        }
        body.resize(length);
        boost::asio::read(socket_, boost::asio::buffer(body));
      }
      return bodies;
    }
    /// Reads until the other side closes.
    void read_to_end()
    {
      std::array<char, 4096> data{};
      boost::system::error_code error;
      while (!error) {
        socket_.read_some(boost::asio::buffer(data), error);
      }
    }

    void write(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
    void write_byte_by_byte(std::string_view bytes)
    {
      socket_.set_option(tcp::no_delay{true});
      for (const char b : bytes) {
        write({&b, 1});
      }
    }
    /// Acknowledges `count` messages.
    void ack(std::size_t count)
    {
      constexpr std::string_view one{"\0\0\0\2\x10\x01", 6};
      std::string all;
      for (std::size_t i = 0; i != count; ++i) {
        all += one;
      }
      write(all);
    }
    /// Reads `count` messages and acknowledges each by itself.
    void serve(std::size_t count)
    {
      for (std::size_t i = 0; i != count; ++i) {
        read_frames(1);
        ack(1);
      }
    }
    /// Answers for as long as the other side asks.
    void serve()
    {
      for (;;) {
        serve(1);
      }
    }

    [[nodiscard]] tcp::socket& socket() noexcept { return socket_; }

    /// Closes with a RST.
    void reset()
    {
      socket_.set_option(boost::asio::socket_base::linger{true, 0});
      socket_.close();
    }

  private:
    friend class scripted_peer;

    void unblock() noexcept { ::shutdown(socket_.native_handle(), SHUT_RDWR); }

    tcp::socket socket_;
  };

  using script = std::function<void(connection&)>;

  struct settings {
    int receive_buffer = 0; ///< SO_RCVBUF; 0: the kernel's own
  };

  explicit scripted_peer(std::vector<script> scripts)
      : scripted_peer{std::move(scripts), settings{}}
  {}
  scripted_peer(std::vector<script> scripts, settings s) : scripts_{std::move(scripts)}
  {
    const tcp::endpoint any{boost::asio::ip::address_v4::loopback(), 0};
    acceptor_.open(any.protocol());
    if (s.receive_buffer != 0) {
      acceptor_.set_option(boost::asio::socket_base::receive_buffer_size{s.receive_buffer});
    }
    acceptor_.bind(any);
    acceptor_.listen();
    endpoint_ = acceptor_.local_endpoint();
    thread_ = std::jthread{[this] { accept_all(); }};
  }
  scripted_peer(const scripted_peer&) = delete;
  scripted_peer& operator=(const scripted_peer&) = delete;
  ~scripted_peer()
  {
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
    stopping_.open();
    {
      const std::scoped_lock lock{mutex_};
      for (auto& c : live_) {
        c->unblock();
      }
    }
    players_.clear();
  }

  [[nodiscard]] tcp::endpoint endpoint() const { return endpoint_; }

  /// For a script that neither reads nor writes any more.
  void hold() { stopping_.wait(); }

private:
  void accept_all()
  {
    for (const auto& play : scripts_) {
      boost::system::error_code error;
      tcp::socket socket{context_};
      acceptor_.accept(socket, error);
      if (error) {
        return;
      }
      auto c = std::make_shared<connection>(std::move(socket));
      {
        const std::scoped_lock lock{mutex_};
        live_.push_back(c);
      }
      players_.emplace_back([this, play, c] {
        try {
          play(*c);
          // NOLINTNEXTLINE(bugprone-empty-catch): the script has ended
        } catch (const boost::system::system_error&) {
        }
        const std::scoped_lock lock{mutex_};
        live_.remove(c);
        boost::system::error_code ignored;
        c->socket_.close(ignored); // NOLINT(bugprone-unused-return-value): it may be closed already
      });
    }
    boost::system::error_code error;
    while (!error) {
      tcp::socket unwanted{context_};
      acceptor_.accept(unwanted, error);
    }
  }

  boost::asio::io_context context_{};
  std::vector<script> scripts_;
  tcp::acceptor acceptor_{context_};
  tcp::endpoint endpoint_{};
  gate stopping_{};
  std::mutex mutex_{};
  std::list<std::shared_ptr<connection>> live_{};
  std::vector<std::jthread> players_{};
  std::jthread thread_{};
};

} // namespace riemann::test

#endif
