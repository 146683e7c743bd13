#ifndef RIEMANN_NET_ADDRESS_WALK_HPP
#define RIEMANN_NET_ADDRESS_WALK_HPP

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace riemann::net {

/**
 * Connects a socket to the first of several addresses that accepts, one after the
 * other, each of which has its share of the time there is: one that swallows
 * everything does not keep the others from their turn.
 *
 * On the socket's strand. The socket must outlive it, and may be closed once it is
 * stopped.
 */
template <class Socket, class Results, class Handler>
class address_walk : public std::enable_shared_from_this<address_walk<Socket, Results, Handler>> {
public:
  /// `stopped` becomes true when nobody wants the socket any more.
  address_walk(Socket& socket, Results addresses, std::chrono::milliseconds time,
               const bool& stopped, Handler handler)
      : socket_{socket},
        stopped_{stopped},
        addresses_{std::move(addresses)},
        next_{addresses_.begin()},
        share_{time / std::max<std::size_t>(addresses_.size(), 1)},
        timer_{socket.get_executor()},
        handler_{std::move(handler)}
  {}

  /// The handler is not called from within.
  void start()
  {
    boost::asio::post(socket_.get_executor(), [self = this->shared_from_this()] {
      self->try_next(boost::asio::error::host_not_found);
    });
  }

private:
  using clock = std::chrono::steady_clock;
  using timer = boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                                  typename Socket::executor_type>;

  void try_next(boost::system::error_code last)
  {
    if (stopped_) {
      return finish(boost::asio::error::operation_aborted);
    }
    if (next_ == addresses_.end()) {
      return finish(last);
    }
    const auto endpoint = (next_++)->endpoint();
    boost::system::error_code error;
    socket_.close(error); // NOLINT: the address before this one's
    socket_.open(endpoint.protocol(), error);
    if (error) {
      return try_next(error);
    }
    limit_time();
    socket_.async_connect(endpoint,
                          [self = this->shared_from_this()](auto e) { self->on_connect(e); });
  }

  /// The last one may take all that is left.
  void limit_time()
  {
    overdue_ = false;
    if (next_ == addresses_.end()) {
      return;
    }
    timer_.expires_after(share_);
    timer_.async_wait([weak = this->weak_from_this(), turn = ++turn_](auto e) {
      const auto self = weak.lock();
      if (self && !e && turn == self->turn_) {
        self->overdue_ = true;
        boost::system::error_code ignored;
        self->socket_.close(ignored); // NOLINT: ends the connect
      }
    });
  }

  void on_connect(boost::system::error_code error)
  {
    ++turn_;
    timer_.cancel();
    if (!error && !overdue_) {
      return finish(error);
    }
    try_next(overdue_ ? boost::asio::error::timed_out : error);
  }

  void finish(boost::system::error_code error)
  {
    auto handler = std::move(handler_);
    handler(error);
  }

  Socket& socket_;
  const bool& stopped_; ///< as long as the socket
  Results addresses_;
  typename Results::const_iterator next_;
  std::chrono::milliseconds share_;
  timer timer_;
  Handler handler_;
  unsigned turn_ = 0;
  bool overdue_ = false;
};

} // namespace riemann::net

#endif
