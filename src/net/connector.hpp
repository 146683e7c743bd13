#ifndef RIEMANN_NET_CONNECTOR_HPP
#define RIEMANN_NET_CONNECTOR_HPP

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

namespace riemann::net {

/**
 * How a session shell comes by its socket: the name is resolved anew, and its
 * addresses are tried in order. All on the strand.
 *
 * `Kind` says what a socket is, and opens one:
 * `Kind::open(socket, addresses, options, stopped, handler)`.
 */
template <class Kind, class Executor>
class connector {
public:
  using executor_type = Executor;
  using strand_type = boost::asio::strand<Executor>;
  using protocol_type = typename Kind::protocol;
  /// Its completions come to the executor itself: the shell enters the strand.
  using socket_type = typename protocol_type::socket::template rebind_executor<Executor>::other;
  using endpoint_type = typename protocol_type::endpoint;
  using options_type = typename Kind::options_type;
  using session_type = typename Kind::session_type;

  connector(strand_type strand, options_type options)
      : strand_{std::move(strand)}, options_{std::move(options)}
  {}
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;
  ~connector() { stop(); }

  /// Calls `handler(error, reason)` on the strand, unless `stop()` comes first;
  /// on success `socket()` is open.
  template <class Handler>
  void connect(Handler handler)
  {
    attempt_ = std::make_shared<attempt>(strand_);
    boost::system::error_code not_literal;
    const auto address = boost::asio::ip::make_address(options_.host, not_literal);
    if (!not_literal) {
      // The resolver would cost a thread, and can hang.
      const typename protocol_type::endpoint endpoint{address, options_.port};
      return open(attempt_, results_type::create(endpoint, options_.host, {}), std::move(handler));
    }
    auto& resolver = attempt_->resolver;
    resolver.async_resolve(
        options_.host, std::to_string(options_.port),
        boost::asio::ip::resolver_base::numeric_service,
        [this, current = attempt_, handler = std::move(handler)](auto error, auto found) mutable {
          if (current->stopped) {
            return;
          }
          if (error) {
            return fail(error, "cannot resolve " + options_.host, handler);
          }
          open(std::move(current), std::move(found), std::move(handler));
        });
  }

  /// Stops a connect under way; its handler is not called.
  void stop() noexcept
  {
    if (attempt_) {
      attempt_->stopped = true;
      attempt_->resolver.cancel();
      boost::system::error_code ignored;
      attempt_->socket.close(ignored); // NOLINT: there is nobody left to tell
      attempt_.reset();
    }
  }

  /// Closes the socket: what is outstanding on it completes with an error.
  void close() noexcept
  {
    boost::system::error_code ignored;
    if (socket_) {
      socket_->shutdown(socket_type::shutdown_both, ignored); // NOLINT: as above
      socket_->close(ignored);                                // NOLINT: as above
    }
  }

  /// Only between a successful `connect()` and the next.
  [[nodiscard]] socket_type& socket() noexcept { return *socket_; }

  /// Without waiting: `would_block` when the kernel takes nothing now.
  template <class Buffer>
  std::size_t write_now(const Buffer& from, boost::system::error_code& error)
  {
    return Kind::write_now(*socket_, from, error);
  }
  template <class Buffer, class Handler>
  void write_some(const Buffer& from, Handler handler)
  {
    Kind::write_some(*socket_, from, std::move(handler));
  }
  template <class Buffer, class Handler>
  void read_some(const Buffer& to, Handler handler)
  {
    Kind::read_some(*socket_, to, std::move(handler));
  }

private:
  struct attempt {
    explicit attempt(const strand_type& strand) : resolver{strand}, socket{strand} {}

    boost::asio::ip::basic_resolver<protocol_type, strand_type> resolver;
    typename protocol_type::socket::template rebind_executor<strand_type>::other socket;
    bool stopped = false;
  };

  using results_type = typename protocol_type::resolver::results_type;

  template <class Handler>
  void open(std::shared_ptr<attempt> current, results_type found, Handler handler)
  {
    auto& socket = current->socket;
    const bool& stopped = current->stopped;
    Kind::open(
        socket, std::move(found), options_, stopped,
        [this, current = std::move(current), handler = std::move(handler)](auto error) mutable {
          if (current->stopped) {
            return;
          }
          if (error) {
            return fail(error, "cannot connect to " + server_name(), handler);
          }
          error = take(current->socket);
          attempt_.reset();
          if (error) {
            return fail(error, "cannot use the connection to " + server_name(), handler);
          }
          handler(error, std::string{});
        });
  }

  /// Takes a connected socket over from the strand to its executor.
  template <class Socket>
  boost::system::error_code take(Socket& connected)
  {
    boost::system::error_code error;
    connected.non_blocking(true, error); // NOLINT: in error
    const auto local = error ? endpoint_type{} : connected.local_endpoint(error);
    if (error) {
      return error;
    }
    const auto handle = connected.release(error);
    if (!error) {
      socket_.emplace(strand_.get_inner_executor());
      socket_->assign(local.protocol(), handle, error); // NOLINT: in error
      if (error) {
        ::close(handle);
      } else {
        socket_->non_blocking(true, error); // NOLINT: in error
      }
    }
    return error;
  }

  [[nodiscard]] std::string server_name() const
  {
    const bool v6 = options_.host.find(':') != std::string::npos;
    return (v6 ? '[' + options_.host + ']' : options_.host) + ':' + std::to_string(options_.port);
  }

  template <class Handler>
  void fail(boost::system::error_code error, const std::string& what, Handler& handler)
  {
    attempt_.reset();
    handler(error, what + ": " + error.message());
  }

  strand_type strand_;
  options_type options_;
  std::shared_ptr<attempt> attempt_{};
  std::optional<socket_type> socket_{};
};

} // namespace riemann::net

#endif
