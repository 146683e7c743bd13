#ifndef RIEMANN_NET_TCP_CONNECTOR_HPP
#define RIEMANN_NET_TCP_CONNECTOR_HPP

#include <riemann/options.hpp>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace riemann::net {

/**
 * How a session shell comes by its stream over TCP: the name is resolved anew,
 * and its addresses are tried in order. All on the strand.
 */
template <class Executor>
class tcp_connector {
public:
  using executor_type = Executor;
  using strand_type = boost::asio::strand<Executor>;
  using stream_type = boost::asio::basic_stream_socket<boost::asio::ip::tcp, strand_type>;
  using options_type = tcp_options;

  tcp_connector(strand_type strand, tcp_options options)
      : strand_{std::move(strand)}, options_{std::move(options)}
  {}
  tcp_connector(const tcp_connector&) = delete;
  tcp_connector& operator=(const tcp_connector&) = delete;
  ~tcp_connector() { stop(); }

  /// Calls `handler(error, reason)` on the strand, unless `stop()` comes first;
  /// on success `stream()` is open.
  template <class Handler>
  void connect(Handler handler)
  {
    attempt_ = std::make_shared<attempt>(strand_);
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
          connect_to(std::move(current), std::move(found), std::move(handler));
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

  /// Closes the stream: what is outstanding on it completes with an error.
  void close() noexcept
  {
    boost::system::error_code ignored;
    if (stream_) {
      stream_->shutdown(stream_type::shutdown_both, ignored); // NOLINT: as above
      stream_->close(ignored);                                // NOLINT: as above
    }
  }

  /// Only between a successful `connect()` and the next.
  [[nodiscard]] stream_type& stream() noexcept { return *stream_; }
  /// The socket below the stream.
  [[nodiscard]] stream_type& socket() noexcept { return *stream_; }

private:
  struct attempt {
    explicit attempt(const strand_type& strand) : resolver{strand}, socket{strand} {}

    boost::asio::ip::basic_resolver<boost::asio::ip::tcp, strand_type> resolver;
    stream_type socket;
    bool stopped = false;
  };

  template <class Results, class Handler>
  void connect_to(std::shared_ptr<attempt> current, Results found, Handler handler)
  {
    auto& socket = current->socket;
    boost::asio::async_connect(
        socket, found,
        [this, current = std::move(current),
         handler = std::move(handler)](auto error, const boost::asio::ip::tcp::endpoint&) mutable {
          if (current->stopped) {
            return;
          }
          if (!error) {
            error = configure(current->socket);
          }
          if (error) {
            return fail(error,
                        "cannot connect to " + options_.host + ":" + std::to_string(options_.port),
                        handler);
          }
          stream_.emplace(std::move(current->socket));
          attempt_.reset();
          handler(error, std::string{});
        });
  }

  boost::system::error_code configure(stream_type& socket) const
  {
    boost::system::error_code error;
    socket.set_option(boost::asio::ip::tcp::no_delay{options_.no_delay}, error); // NOLINT: in error
    if (!error) {
      socket.set_option(boost::asio::socket_base::keep_alive{options_.keep_alive}, error); // NOLINT
    }
    return error;
  }

  template <class Handler>
  void fail(boost::system::error_code error, const std::string& what, Handler& handler)
  {
    attempt_.reset();
    handler(error, what + ": " + error.message());
  }

  strand_type strand_;
  tcp_options options_;
  std::shared_ptr<attempt> attempt_{};
  std::optional<stream_type> stream_{};
};

} // namespace riemann::net

#endif
