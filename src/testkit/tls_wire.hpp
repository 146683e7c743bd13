#ifndef RIEMANN_TESTKIT_TLS_WIRE_HPP
#define RIEMANN_TESTKIT_TLS_WIRE_HPP

#include "net/gathering_socket.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <openssl/ssl.h>
#include <utility>

namespace riemann::inline v0::testkit::detail {

/// How a server speaks TLS.
struct tls_manner {
  std::shared_ptr<boost::asio::ssl::context> context{};
  std::chrono::milliseconds handshake_timeout{};
};

/**
 * A connection's bytes within TLS.
 *
 * Asio's operations on a stream are many steps, each of which refers to it, and
 * which take no mutex of ours: every handler keeps the stream alive, and all but
 * `cut()` is for the socket's strand.
 */
class tls_wire {
public:
  static constexpr bool is_secure = true;

  tls_wire(boost::asio::ip::tcp::socket socket, const tls_manner& how)
      : deadline_{socket.get_executor()},
        timeout_{how.handshake_timeout},
        shared_{std::make_shared<shared>(std::move(socket), *how.context)}
  {}

  [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept
  {
    return shared_->stream.next_layer().socket();
  }

  template <class Handler>
  void handshake(Handler handler)
  {
    shared_->stream.async_handshake(
        boost::asio::ssl::stream_base::server,
        on_strand([kept = shared_, h = std::move(handler)](
                      const boost::system::error_code& ec) mutable { h(ec); }));
  }
  /// Of the handshake: whether it took up an earlier session.
  [[nodiscard]] bool is_resumed() noexcept
  {
    return ::SSL_session_reused(shared_->stream.native_handle()) == 1;
  }

  /// Once the wire is raw: whatever comes, as it is.
  template <class Handler>
  void read(boost::asio::mutable_buffer to, Handler handler)
  {
    if (shared_->raw) {
      socket().async_read_some(to, std::move(handler));
      return;
    }
    shared_->stream.async_read_some(
        to, on_strand([kept = shared_, to, h = std::move(handler)](
                          const boost::system::error_code& ec, std::size_t n) mutable {
          // What ended it may be that the wire became raw meanwhile.
          if (kept->raw) {
            return h({}, 0);
          }
          if (!ec) {
            const auto gathered = kept->stream.next_layer().gathered();
            n += kept->read_rest(to + n);
            if (kept->stream.next_layer().gathered() != gathered) {
              kept->flush(kept); // an alert, or new keys
            }
          }
          h(ec, n);
        }));
  }
  template <class Handler>
  void write(boost::asio::const_buffer from, Handler handler)
  {
    shared_->stream.async_write_some(from, on_strand([kept = shared_, h = std::move(handler)](
                                                         const boost::system::error_code& ec,
                                                         std::size_t n) mutable { h(ec, n); }));
  }

  [[nodiscard]] bool is_raw() const noexcept { return shared_->raw; }
  /// Nothing is decrypted any more.
  void become_raw() noexcept { shared_->raw = true; }
  /// Sends close_notify; no write may be under way. The wire is raw from now on.
  template <class Handler>
  void say_goodbye(Handler handler)
  {
    become_raw();
    // Else OpenSSL would wait for the peer's close_notify.
    ::SSL_set_shutdown(shared_->stream.native_handle(), SSL_RECEIVED_SHUTDOWN);
    shared_->stream.async_shutdown(
        on_strand([kept = shared_,
                   h = std::move(handler)](const boost::system::error_code&) mutable { h(); }));
  }

  /// Calls the handler if this is not lifted in time.
  template <class Handler>
  void set_deadline(Handler handler)
  {
    deadline_.expires_after(timeout_);
    deadline_.async_wait(std::move(handler));
  }
  void lift_deadline() { deadline_.expires_at(boost::asio::steady_timer::time_point::max()); }
  /// False: the handler was on its way already when it was lifted.
  [[nodiscard]] bool is_late() const
  {
    return deadline_.expiry() <= boost::asio::steady_timer::clock_type::now();
  }

  /// Cuts the connection, from any thread: the last that is done with it. Operations
  /// under way then fail, and the last of them closes the socket.
  void cut() noexcept
  {
    shared_->cut = true;
    boost::system::error_code ignored;
    socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  }

private:
  using layer_type = net::gathering_socket<boost::asio::ip::tcp::socket::executor_type>;

  struct shared {
    shared(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context)
        : stream{layer_type{std::move(socket)}, context}
    {
      boost::system::error_code ignored;
      stream.next_layer().socket().non_blocking(true, ignored);
    }

    /// All that is there, so that it is answered in one go: a record by itself would
    /// cost more to answer than to read. What is wrong the next read says again.
    std::size_t read_rest(boost::asio::mutable_buffer room)
    {
      std::size_t all = 0;
      boost::system::error_code error;
      stream.next_layer().reads_at_once(true);
      // Closed with nothing left unread it would not be reset, and a peer whose window
      // is full would wait for the kernel to forget it.
      while (room.size() != 0 && !error && !cut && !stream.next_layer().is_full()) {
        const auto n = stream.read_some(room, error);
        all += n;
        room += n;
      }
      stream.next_layer().reads_at_once(false);
      return all;
    }

    void flush(const std::shared_ptr<shared>& self)
    {
      auto& layer = stream.next_layer();
      layer.flush_in_passing(boost::asio::bind_executor(
          layer.get_executor(), [self](const boost::system::error_code&) {}));
    }

    boost::asio::ssl::stream<layer_type> stream;
    bool raw = false;
    std::atomic<bool> cut = false;
  };

  template <class Handler>
  auto on_strand(Handler handler)
  {
    return boost::asio::bind_executor(socket().get_executor(), std::move(handler));
  }

  boost::asio::steady_timer deadline_;
  std::chrono::milliseconds timeout_;
  std::shared_ptr<shared> shared_;
};

} // namespace riemann::inline v0::testkit::detail

#endif
