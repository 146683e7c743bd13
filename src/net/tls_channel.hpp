#ifndef RIEMANN_NET_TLS_CHANNEL_HPP
#define RIEMANN_NET_TLS_CHANNEL_HPP

#include "net/gathering_socket.hpp"
#include "net/in_place_of.hpp"
#include "net/tls_setup.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <utility>

namespace riemann::inline v0::net {

/**
 * What a session shell reads and writes: a TLS stream over a connected socket. All on
 * the strand, which must be the associated executor of every handler: the stream's own
 * steps run there.
 *
 * Operations refer to it: whoever starts one to read or write sees that it lives until
 * that has ended.
 */
template <class Executor>
class tls_channel : public std::enable_shared_from_this<tls_channel<Executor>> {
public:
  using layer_type = gathering_socket<Executor>;
  using socket_type = typename layer_type::socket_type;
  using strand_type = boost::asio::strand<Executor>;

  /// `host`: whose socket it is.
  tls_channel(socket_type socket, const strand_type& strand, const tls_settings& settings,
              std::string host)
      : strand_{strand},
        host_{std::move(host)},
        setup_{settings.setup},
        terms_{setup_->current()},
        stream_{layer_type{std::move(socket)}, *terms_->context}
  {}
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  [[nodiscard]] socket_type& socket() noexcept { return layer().socket(); }

  /// Calls `handler(error, hint)` on the strand, not from within; the hint says in
  /// words what the error alone does not.
  template <class Handler>
  void shake_hands(Handler handler)
  {
    auto done = [self = this->shared_from_this(),
                 handler = std::move(handler)](auto error) mutable {
      auto judged =
          judge(self->stream_.native_handle(), error, *self->terms_, self->host_, self->wanted_);
      handler(judged.error, std::move(judged.hint));
    };
    const auto error = setup_->prepare(stream_.native_handle(), *terms_, host_, wanted_);
    if (error) {
      return boost::asio::post(strand_, [error, done = std::move(done)]() mutable { done(error); });
    }
    stream_.async_handshake(boost::asio::ssl::stream_base::client,
                            boost::asio::bind_executor(strand_, std::move(done)));
  }

  /// It is taken into use.
  void established() { setup_->established(stream_.native_handle()); }

  /// Without waiting: `would_block` when the kernel takes no whole record now. What is
  /// sealed then is still to be written: the next write must begin with the same bytes.
  /// With any other error, as much as the peer may have got.
  template <class Buffer>
  std::size_t write_now(const Buffer& from, boost::system::error_code& error)
  {
    try {
      seal(from, error);
    } catch (...) {
      error = make_error_code(boost::system::errc::not_enough_memory);
    }
    if (!error) {
      layer().flush(error);
      if (error == boost::asio::error::would_block) {
        const std::size_t n = take_written();
        error = n == 0 ? error : boost::system::error_code{};
        return n;
      }
    }
    return error ? perhaps_taken(0) : take_written();
  }
  /// The same, when it can.
  template <class Buffer, class Handler>
  void write_some(const Buffer& from, Handler handler)
  {
    boost::system::error_code error;
    seal(from, error);
    if (!error) {
      return advance(std::move(handler));
    }
    // It wants to read first, or cannot: the stream sees to it, or says why.
    const boost::asio::const_buffer first =
        boost::asio::buffer(boost::asio::const_buffer{from}, max_tls_record);
    records_[end_++] = {first.size(), layer().gathered(), layer().gathered()};
    stream_.async_write_some(
        first, in_place_of(std::move(handler), [this](auto& next, auto failed, std::size_t n) {
          begin_ = failed ? begin_ : end_;
          next(failed, n);
        }));
  }
  /// All that has come; an error may be what came behind it.
  template <class Buffer, class Handler>
  void read_some(const Buffer& to, Handler handler)
  {
    const boost::asio::mutable_buffer room{to};
    stream_.async_read_some(
        room, in_place_of(std::move(handler), [this, room](auto& next, auto error, std::size_t n) {
          if (!error) {
            n += read_rest(room + n, error);
          }
          next(error, n);
        }));
  }

  /// How much of the last write the peer may have got, after all, when it failed: the
  /// records of which the kernel took anything.
  [[nodiscard]] std::size_t perhaps_taken(std::size_t) const noexcept
  {
    std::size_t taken = 0;
    for (std::size_t i = begin_; i != end_; ++i) {
      taken += records_[i].begin < stream_.next_layer().flushed() ? records_[i].content : 0;
    }
    return taken;
  }

  /// Gives back the memory that a busy time has left.
  void rest() noexcept
  {
    layer().rest();
    give_back_buffers(stream_.native_handle());
  }

  /// What is outstanding completes with an error. `clean`: the peer is told that this
  /// was all, as far as the kernel takes it at once.
  void close(bool clean) noexcept
  {
    setup_->ended(stream_.native_handle(), terms_, host_);
    if (clean) {
      say_goodbye();
    }
    boost::system::error_code ignored;
    // NOLINTNEXTLINE(bugprone-unused-return-value): nobody to tell
    socket().shutdown(socket_type::shutdown_both, ignored);
    socket().close(ignored); // NOLINT(bugprone-unused-return-value): as above
  }

private:
  /// In one write.
  static constexpr std::size_t max_records = 16;

  struct record {
    std::size_t content;
    // Among the bytes of the connection:
    std::uint64_t begin;
    std::uint64_t end;
  };

  [[nodiscard]] layer_type& layer() noexcept { return stream_.next_layer(); }

  /// If nothing is sealed already. An error: not even one record could be.
  template <class Buffer>
  void seal(const Buffer& from, boost::system::error_code& error)
  {
    error = {};
    if (begin_ != end_) {
      return;
    }
    begin_ = end_ = 0;
    // (Not `auto`: of what `buffer()` returns unless BOOST_ASIO_NO_DEPRECATED is defined,
    // `buffer()` makes another thing than of a buffer.)
    for (boost::asio::const_buffer left{from}; left.size() != 0 && end_ != max_records;) {
      const auto begin = layer().gathered();
      const auto n = stream_.write_some(boost::asio::buffer(left, max_tls_record), error);
      if (error) {
        break;
      }
      records_[end_++] = {n, begin, layer().gathered()};
      left += n;
    }
    if (end_ != 0) {
      error = {}; // the next write meets it again
    }
  }

  /// The content of the records that are wholly with the kernel.
  std::size_t take_written() noexcept
  {
    std::size_t written = 0;
    while (begin_ != end_ && records_[begin_].end <= layer().flushed()) {
      written += records_[begin_++].content;
    }
    return written;
  }

  template <class Handler>
  void advance(Handler handler)
  {
    layer().async_advance(in_place_of(std::move(handler), [this](auto& next, auto error) {
      const std::size_t n = error ? 0 : take_written();
      if (!error && n == 0) {
        return advance(std::move(next));
      }
      next(error, n);
    }));
  }

  /// The further records that are there already, for each of which the stream would make
  /// an operation of its own.
  std::size_t read_rest(boost::asio::mutable_buffer room, boost::system::error_code& error)
  {
    const auto gathered = layer().gathered();
    std::size_t all = 0;
    while (room.size() != 0 && !error && !layer().is_full()) {
      const auto n = stream_.read_some(room, error);
      all += n;
      room += n;
    }
    if (error == boost::asio::error::would_block) {
      error = {};
    }
    if (layer().gathered() != gathered) {
      // TLS had something to say to it.
      layer().flush_in_passing(boost::asio::bind_executor(
          strand_, [self = this->shared_from_this()](boost::system::error_code) {}));
    }
    return all;
  }

  /// Not to wait for the peer's own goodbye: every answer is there.
  void say_goodbye() noexcept
  {
    try {
      stream_.async_shutdown(boost::asio::bind_executor(
          strand_, [self = this->shared_from_this()](boost::system::error_code) {}));
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; the connection ends without it
    }
  }

  strand_type strand_;
  std::string host_;
  std::shared_ptr<tls_setup> setup_;
  tls_setup::terms_pointer terms_;
  bool wanted_ = false; ///< a client certificate, by the server
  // Sealed, and not yet told to be written; after a failure, never:
  std::array<record, max_records> records_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  boost::asio::ssl::stream<layer_type> stream_;
};

} // namespace riemann::inline v0::net

#endif
