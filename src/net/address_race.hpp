#ifndef RIEMANN_NET_ADDRESS_RACE_HPP
#define RIEMANN_NET_ADDRESS_RACE_HPP

#include "net/interleaved.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace riemann::inline v0::net {

/**
 * Connects a socket to the first of several addresses that accepts (RFC 8305): each is
 * begun when the one begun before it has failed, or `stagger` after it, and goes on
 * beside it. So one that swallows everything costs the others a moment, and no more.
 *
 * On the socket's strand. The socket must outlive it; an attempt is under way in it as
 * long as there is any, so that whoever sets `stopped` and closes it ends the race.
 */
template <class Socket, class Handler>
class address_race : public std::enable_shared_from_this<address_race<Socket, Handler>> {
public:
  /// `stopped` becomes true when nobody wants the socket any more.
  template <class Results>
  address_race(Socket& socket, const Results& addresses, std::chrono::milliseconds stagger,
               const bool& stopped, Handler handler)
      : socket_{socket},
        stopped_{stopped},
        addresses_{interleaved<endpoint_type>(addresses)},
        stagger_{stagger},
        timer_{socket.get_executor()},
        handler_{std::move(handler)}
  {}

  /// The handler is not called from within.
  void start()
  {
    boost::asio::post(socket_.get_executor(),
                      [self = this->shared_from_this()] { self->begin_next(); });
  }

private:
  using endpoint_type = typename Socket::protocol_type::endpoint;
  using clock = std::chrono::steady_clock;
  using timer = boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                                  typename Socket::executor_type>;
  /// Known by its address's place.
  using number = std::size_t;
  static constexpr number nobody = static_cast<number>(-1);

  struct runner {
    number name;
    Socket socket;
  };

  /// Begins with the next address, or ends the race if nobody runs any more.
  void begin_next()
  {
    if (stopped_) {
      return finish(boost::asio::error::operation_aborted);
    }
    while (next_ != addresses_.size()) {
      if (begin(next_++)) {
        return wait_a_stagger();
      }
    }
    timer_.cancel();
    if (leader_ == nobody) {
      finish(last_);
    }
  }

  /// False: it has failed already.
  bool begin(number name)
  {
    Socket fresh{socket_.get_executor()};
    const endpoint_type& to = addresses_[name];
    boost::system::error_code error;
    fresh.open(to.protocol(), error); // NOLINT(bugprone-unused-return-value): in error
    if (error) {
      last_ = error;
      return false;
    }
    Socket& socket = leader_ == nobody ? lead(name, std::move(fresh))
                                       : others_.emplace_back(name, std::move(fresh)).socket;
    socket.async_connect(
        to, [self = this->shared_from_this(), name](auto e) { self->on_connect(name, e); });
    return true;
  }

  void wait_a_stagger()
  {
    if (next_ == addresses_.size()) {
      timer_.cancel();
      return;
    }
    timer_.expires_after(stagger_);
    timer_.async_wait([weak = this->weak_from_this(), begun = next_](auto e) {
      const auto self = weak.lock();
      if (self && !e && !self->over_ && begun == self->next_) {
        self->begin_next();
      }
    });
  }

  void on_connect(number name, boost::system::error_code error)
  {
    if (over_) {
      return;
    }
    if (stopped_) {
      return finish(boost::asio::error::operation_aborted);
    }
    if (!error) {
      if (name != leader_) {
        const auto winner = find(name);
        lead(name, std::move(winner->socket));
      }
      return finish(error);
    }
    last_ = error;
    drop(name);
    begin_next();
  }

  void drop(number name)
  {
    if (name != leader_) {
      others_.erase(find(name));
    } else if (!others_.empty()) {
      lead(others_.front().name, std::move(others_.front().socket));
      others_.pop_front();
    } else {
      leader_ = nobody;
    }
  }

  /// Moves a socket, with what is under way in it, to where the winner's has to be.
  Socket& lead(number name, Socket&& socket)
  {
    leader_ = name;
    boost::system::error_code ignored;
    socket_.close(ignored); // NOLINT(bugprone-unused-return-value): of one that has lost
    socket_ = std::move(socket);
    return socket_;
  }

  typename std::list<runner>::iterator find(number name)
  {
    return std::ranges::find(others_, name, &runner::name);
  }

  void finish(boost::system::error_code error)
  {
    over_ = true;
    timer_.cancel();
    others_.clear();
    if (error) {
      boost::system::error_code ignored;
      socket_.close(ignored); // NOLINT(bugprone-unused-return-value): of one that has failed
    }
    auto handler = std::move(handler_);
    handler(error);
  }

  Socket& socket_;
  const bool& stopped_; ///< as long as the socket
  std::vector<endpoint_type> addresses_;
  number next_ = 0; ///< to begin with
  std::chrono::milliseconds stagger_;
  timer timer_;
  Handler handler_;
  number leader_ = nobody;     ///< who runs in `socket_`
  std::list<runner> others_{}; ///< who run beside, the oldest first
  boost::system::error_code last_ = boost::asio::error::host_not_found;
  bool over_ = false;
};

} // namespace riemann::inline v0::net

#endif
