#ifndef RIEMANN_NET_CONNECTOR_HPP
#define RIEMANN_NET_CONNECTOR_HPP

#include "net/met_itself.hpp"

#include <riemann/options.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <unistd.h>
#include <utility>

namespace riemann::inline v0::net {

/**
 * How a session shell comes by its socket: the name is resolved anew, and its
 * addresses are tried in order. All on the strand.
 *
 * `Kind` says what a socket is, opens one,
 * `Kind::open(socket, addresses, options, stopped, handler)`, and what is read from and
 * written to: a channel over it.
 */
template <class Kind, class Executor>
class connector {
public:
  using executor_type = Executor;
  using strand_type = boost::asio::strand<Executor>;
  using protocol_type = typename Kind::protocol;
  /// Completions of its socket come to the executor itself: the shell enters the
  /// strand.
  using channel_type = typename Kind::template channel<Executor>;
  using socket_type = typename channel_type::socket_type;
  using endpoint_type = typename protocol_type::endpoint;
  using options_type = typename Kind::options_type;
  using session_type = typename Kind::session_type;

  connector(strand_type strand, options_type options)
      : strand_{std::move(strand)}, options_{std::move(options)}
  {}
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;
  ~connector() { stop(); }

  /// How many there are, the preferred one first.
  [[nodiscard]] std::size_t servers() const noexcept
  {
    if constexpr (requires(const options_type& o) { o.fallbacks; }) {
      return 1 + options_.fallbacks.size();
    } else {
      return 1;
    }
  }
  /// `host:port`.
  [[nodiscard]] std::string name_of(std::size_t server) const
  {
    const auto [host, port] = address_of(server);
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
  }

  /// Calls, on the strand, `handler.on_handshake()` if there is one to come, and then
  /// `handler.on_end(error, reason)`, unless `stop()` comes first; on success
  /// `socket()` is open.
  template <class Handler>
  void connect(std::size_t server, Handler handler)
  {
    attempt_ = std::make_shared<attempt>(strand_, server);
    reach(attempt_, [this, handler = std::move(handler)](std::shared_ptr<attempt> current,
                                                         auto error, const char* what) mutable {
      if (error) {
        return fail(*current, error, what, handler);
      }
      std::shared_ptr<channel_type> made;
      try {
        error = take(*current, made);
      } catch (const boost::system::system_error& e) {
        error = e.code();
      } catch (const std::bad_alloc&) {
        error = make_error_code(boost::system::errc::not_enough_memory);
      }
      if (error) {
        return fail(*current, error, "cannot use the connection to ", handler);
      }
      secure(std::move(current), std::move(made), std::move(handler));
    });
  }

  /// Connects beside what there is, lets go of it, and calls `handler(accepted)`, on the
  /// strand, unless `stop_probe()` comes first.
  template <class Handler>
  void probe(std::size_t server, Handler handler)
  {
    probe_ = std::make_shared<attempt>(strand_, server);
    reach(probe_, [this, handler = std::move(handler)](const std::shared_ptr<attempt>&, auto error,
                                                       const char*) mutable {
      const bool accepted = !error && !met_itself(probe_->socket);
      stop_probe();
      handler(accepted);
    });
  }

  void stop_probe() noexcept { end(probe_); }

  /// Stops a connect under way; its handler is not called.
  void stop() noexcept
  {
    end(attempt_);
    end(probe_);
  }

  /// Closes the channel: what is outstanding on it completes with an error.
  void close(bool clean) noexcept
  {
    if (channel_) {
      channel_->close(clean);
    }
  }

  /// Gives back the memory that a busy time has left.
  void rest() noexcept
  {
    if (channel_) {
      channel_->rest();
    }
  }

  [[nodiscard]] const options_type& options() const noexcept { return options_; }

  /// Nothing is outstanding on what was closed: lets go of it.
  void release() noexcept { channel_.reset(); }

  /// Only between a successful `connect()` and the next.
  [[nodiscard]] socket_type& socket() noexcept { return channel_->socket(); }

  /// Without waiting: `would_block` when the kernel takes nothing now.
  template <class Buffer>
  std::size_t write_now(const Buffer& from, boost::system::error_code& error)
  {
    return channel_->write_now(from, error);
  }
  template <class Buffer, class Handler>
  void write_some(const Buffer& from, Handler handler)
  {
    channel_->write_some(from, std::move(handler));
  }
  template <class Buffer, class Handler>
  void read_some(const Buffer& to, Handler handler)
  {
    channel_->read_some(to, std::move(handler));
  }
  /// How much of the last write the peer may have got, when it failed after `n` bytes.
  [[nodiscard]] std::size_t perhaps_taken(std::size_t n) const noexcept
  {
    return channel_->perhaps_taken(n);
  }

private:
  struct attempt {
    attempt(const strand_type& strand, std::size_t to)
        : server{to}, resolver{strand}, socket{strand}
    {}

    std::size_t server;
    boost::asio::ip::basic_resolver<protocol_type, strand_type> resolver;
    typename protocol_type::socket::template rebind_executor<strand_type>::other socket;
    std::shared_ptr<channel_type> channel{}; ///< while it shakes hands
    bool stopped = false;
  };

  using results_type = typename protocol_type::resolver::results_type;

  [[nodiscard]] server_address address_of(std::size_t server) const
  {
    if constexpr (requires(const options_type& o) { o.fallbacks; }) {
      if (server != 0) {
        return options_.fallbacks[server - 1];
      }
    }
    return {options_.host, options_.port};
  }

  static void end(std::shared_ptr<attempt>& which) noexcept
  {
    if (const auto ended = std::exchange(which, nullptr)) {
      ended->stopped = true;
      try {
        ended->resolver.cancel();
      } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): it ends in its own time
      }
      boost::system::error_code ignored;
      // NOLINTNEXTLINE(bugprone-unused-return-value): there is nobody left to tell
      ended->socket.close(ignored);
      if (ended->channel) {
        ended->channel->socket().close(ignored); // NOLINT(bugprone-unused-return-value): as above
      }
    }
  }

  /// Calls `done(attempt, error, what)` with the attempt's socket connected, or why it is
  /// not, unless the attempt is stopped.
  template <class Done>
  void reach(const std::shared_ptr<attempt>& to, Done done)
  {
    const auto [host, port] = address_of(to->server);
    boost::system::error_code not_literal;
    const auto address = boost::asio::ip::make_address(host, not_literal);
    if (!not_literal) {
      // The resolver would cost a thread, and can hang.
      const endpoint_type endpoint{address, port};
      return open(to, results_type::create(endpoint, host, {}), std::move(done));
    }
    to->resolver.async_resolve(
        host, std::to_string(port), boost::asio::ip::resolver_base::numeric_service,
        [this, current = to, done = std::move(done)](auto error, auto found) mutable {
          if (current->stopped) {
            return;
          }
          if (error) {
            return done(std::move(current), error, "cannot resolve the name of ");
          }
          this->open(current, std::move(found), std::move(done));
        });
  }

  template <class Done>
  void open(const std::shared_ptr<attempt>& to, results_type found, Done done)
  {
    Kind::open(to->socket, std::move(found), options_, to->stopped,
               [current = to, done = std::move(done)](auto error) mutable {
                 if (!current->stopped) {
                   done(std::move(current), error, "cannot connect to ");
                 }
               });
  }

  /// Agrees with the peer on what is to be agreed on.
  template <class Handler>
  void secure(std::shared_ptr<attempt> current, std::shared_ptr<channel_type> made, Handler handler)
  {
    if constexpr (Kind::has_handshake) {
      current->channel = made;
      handler.on_handshake();
      if (current->stopped) {
        return;
      }
      made->shake_hands([this, current = std::move(current),
                         handler = std::move(handler)](auto error, std::string hint) mutable {
        if (current->stopped) {
          return;
        }
        if (error) {
          return fail(*current, error, "the TLS handshake with ", handler, " failed" + hint);
        }
        use(std::move(current->channel), handler);
      });
    } else {
      use(std::move(made), handler);
    }
  }

  template <class Handler>
  void use(std::shared_ptr<channel_type> made, Handler& handler)
  {
    attempt_.reset();
    channel_ = std::move(made);
    channel_->established();
    handler.on_end(boost::system::error_code{}, std::string{});
  }

  /// Takes a connected socket over from the strand to its executor.
  boost::system::error_code take(attempt& from, std::shared_ptr<channel_type>& made)
  {
    auto& connected = from.socket;
    boost::system::error_code error;
    connected.non_blocking(true, error); // NOLINT(bugprone-unused-return-value): in error
    const auto local = error ? endpoint_type{} : connected.local_endpoint(error);
    if (error) {
      return error;
    }
    if (met_itself(connected)) {
      return boost::asio::error::connection_refused; // nobody listens there
    }
    socket_type socket{strand_.get_inner_executor()};
    const auto handle = connected.release(error);
    if (!error) {
      try {
        // NOLINTNEXTLINE(bugprone-unused-return-value): in error
        socket.assign(local.protocol(), handle, error);
      } catch (...) {
        ::close(handle);
        throw;
      }
      if (error) {
        ::close(handle);
      } else {
        socket.non_blocking(true, error); // NOLINT(bugprone-unused-return-value): in error
      }
    }
    if (!error) {
      made = std::make_shared<channel_type>(std::move(socket), strand_, options_,
                                            address_of(from.server).host);
    }
    return error;
  }

  template <class Handler>
  void fail(const attempt& failed, boost::system::error_code error, const std::string& what,
            Handler& handler, const std::string& how = {})
  {
    const std::string reason = what + name_of(failed.server) + how + ": " + error.message();
    attempt_.reset();
    handler.on_end(error, reason);
  }

  strand_type strand_;
  options_type options_;
  std::shared_ptr<attempt> attempt_{};
  std::shared_ptr<attempt> probe_{};
  std::shared_ptr<channel_type> channel_{};
};

} // namespace riemann::inline v0::net

#endif
