#ifndef RIEMANN_NET_GATHERING_SOCKET_HPP
#define RIEMANN_NET_GATHERING_SOCKET_HPP

#include "net/in_place_of.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace riemann::inline v0::net {

/**
 * The socket below a TLS stream, which hands over its records one by one: what is
 * written is gathered, so that many of them are one call of the kernel's. The socket
 * must not block.
 *
 * All on the strand that is the associated executor of every handler. The handlers keep
 * this alive.
 */
template <class Executor>
class gathering_socket {
public:
  using socket_type = boost::asio::ip::tcp::socket::rebind_executor<Executor>::other;
  using executor_type = Executor;
  using lowest_layer_type = typename socket_type::lowest_layer_type;

  explicit gathering_socket(socket_type socket) : socket_{std::move(socket)} {}

  [[nodiscard]] executor_type get_executor() noexcept { return socket_.get_executor(); }
  [[nodiscard]] lowest_layer_type& lowest_layer() noexcept { return socket_.lowest_layer(); }
  [[nodiscard]] socket_type& socket() noexcept { return socket_; }

  // --- what the stream calls

  /// Only gathers: `flush()` writes.
  template <class Buffers>
  std::size_t write_some(const Buffers& from, boost::system::error_code& error)
  {
    error = {};
    return gather(from);
  }
  /// Only while `reads_at_once()`, which is for who knows that no operation is reading:
  /// the test server, which reads only in between.
  template <class Buffers>
  std::size_t read_some(const Buffers& to, boost::system::error_code& error)
  {
    if (reads_at_once_) {
      return socket_.read_some(to, error);
    }
    error = boost::asio::error::would_block;
    return 0;
  }
  void reads_at_once(bool on) noexcept { reads_at_once_ = on; }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler handler)
  {
    const std::size_t n = gather(from);
    async_flush(in_place_of(std::move(handler),
                            [n](auto& next, auto error) { next(error, error ? 0 : n); }));
  }
  template <class Buffers, class Handler>
  void async_read_some(const Buffers& to, Handler&& handler)
  {
    socket_.async_read_some(to, std::forward<Handler>(handler));
  }

  // --- what has been gathered

  /// `would_block` when the kernel does not take all of it now.
  void flush(boost::system::error_code& error)
  {
    error = {};
    while (begin_ != gathered_.size() && !error) {
      const std::size_t n = socket_.write_some(
          boost::asio::buffer(gathered_.data() + begin_, gathered_.size() - begin_), error);
      begin_ += n;
      flushed_ += n;
    }
    if (begin_ == gathered_.size()) {
      gathered_.clear();
      begin_ = 0;
    }
  }
  /// Calls `handler(error)` when the kernel has taken more of it.
  template <class Handler>
  void async_advance(Handler handler)
  {
    socket_.async_wait(socket_type::wait_write,
                       in_place_of(std::move(handler), [this](auto& next, auto error) {
                         if (!error) {
                           flush(error);
                         }
                         next(error == boost::asio::error::would_block ? no_error() : error);
                       }));
  }
  /// Calls `handler(error)` once it is all with the kernel; not from within.
  template <class Handler>
  void async_flush(Handler handler)
  {
    boost::system::error_code error;
    flush(error);
    if (error == boost::asio::error::would_block) {
      return flush_rest(std::move(handler));
    }
    boost::asio::post(socket_.get_executor(),
                      in_place_of(std::move(handler), [error](auto& next) { next(error); }));
  }

  /// The same for what was gathered in passing, by who has nobody to tell. The handler
  /// is dropped if such a flush is under way: that takes the rest along.
  template <class Handler>
  void flush_in_passing(Handler handler)
  {
    if (!passing_) {
      async_flush(in_place_of(std::move(handler), [this](auto& next, auto error) {
        passing_ = false;
        next(error);
      }));
      passing_ = true;
    }
  }
  /// Who reads ahead is to stop: what is gathered for a peer that does not read would grow
  /// with what it asks for (new keys, in TLS 1.3), and only a single read waits for room.
  [[nodiscard]] bool is_full() const noexcept { return gathered_.size() - begin_ > max_gathered; }

  /// Bytes since the beginning.
  [[nodiscard]] std::uint64_t gathered() const noexcept
  {
    return flushed_ + (gathered_.size() - begin_);
  }
  [[nodiscard]] std::uint64_t flushed() const noexcept { return flushed_; }

  /// Gives back the memory that a busy time has left.
  void rest() noexcept
  {
    if (gathered_.empty()) {
      gathered_ = {};
    }
  }

private:
  /// More than is ever sealed at once.
  static constexpr std::size_t max_gathered = std::size_t{512} << 10;

  static boost::system::error_code no_error() noexcept { return {}; }

  template <class Buffers>
  std::size_t gather(const Buffers& from)
  {
    if (begin_ > gathered_.size() / 2) {
      // What a slow reader leaves is never empty.
      gathered_.erase(gathered_.begin(), gathered_.begin() + static_cast<std::ptrdiff_t>(begin_));
      begin_ = 0;
    }
    const std::size_t old = gathered_.size();
    gathered_.resize(old + boost::asio::buffer_size(from));
    return boost::asio::buffer_copy(boost::asio::buffer(gathered_) + old, from);
  }

  template <class Handler>
  void flush_rest(Handler handler)
  {
    async_advance(in_place_of(std::move(handler), [this](auto& next, auto error) {
      if (error || gathered_.empty()) {
        return next(error);
      }
      flush_rest(std::move(next));
    }));
  }

  socket_type socket_;
  std::vector<std::byte> gathered_{};
  std::size_t begin_ = 0; ///< what is before it, the kernel has
  std::uint64_t flushed_ = 0;
  bool reads_at_once_ = false;
  bool passing_ = false; ///< a flush in passing is under way
};

} // namespace riemann::inline v0::net

#endif
