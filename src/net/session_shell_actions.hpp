#ifndef RIEMANN_NET_SESSION_SHELL_ACTIONS_HPP
#define RIEMANN_NET_SESSION_SHELL_ACTIONS_HPP

// Of a session shell: what the core asks for, and what comes of it. For make_shell.hpp.

#include "net/session_shell.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <type_traits>
#include <utility>
#include <variant>

namespace riemann::inline v0::net {

template <class Kind, class Executor>
void session_shell<Kind, Executor>::carry_out_all(core::time_point now)
{
  while (carry_out(session_.next_action(now), now)) {
  }
}

template <class Kind, class Executor>
bool session_shell<Kind, Executor>::carry_out(core::action next, core::time_point now)
{
  std::visit([&](auto& action) { perform(action, now); }, next);
  return !std::holds_alternative<std::monostate>(next);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::start_connect to, core::time_point now)
{
  try {
    io_->connector.connect(to.server, connect_handler{this->shared_from_this()});
  } catch (...) {
    io_->connector.stop();
    session_.on_connect_failed(no_memory(), "no memory to connect", now);
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::start_probe of, core::time_point now)
{
  try {
    io_->connector.probe(of.server, probe_handler{this->shared_from_this()});
  } catch (...) {
    io_->connector.stop_probe();
    session_.on_probe(false, now);
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::on_connect(boost::system::error_code error,
                                               const std::string& reason, core::time_point now)
{
  if (error) {
    return session_.on_connect_failed(error, reason, now);
  }
  boost::system::error_code gone;
  auto& socket = io_->connector.socket();
  const auto address = socket.remote_endpoint(gone);
  if (gone) {
    io_->connector.close(false);
    return session_.on_connect_failed(gone, "lost at once: " + gone.message(), now);
  }
  peer_.connected(address, socket.native_handle());
  connected_ = true;
  session_.on_connected(now);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::start_write write, core::time_point now)
{
  const boost::asio::const_buffer bytes{write.bytes.data(), write.bytes.size()};
  if (writes_left_ != 0) {
    // The kernel mostly takes it: no operation, and no hop for its completion.
    --writes_left_;
    boost::system::error_code error;
    const std::size_t n = io_->connector.write_now(bytes, error);
    if (error != boost::asio::error::would_block) {
      return session_.on_written(error, n, now);
    }
  }
  try {
    io_->connector.write_some(bytes, channel_handler<&session_shell::on_written>{
                                         owe<&session_shell::on_written>(), &memory_->write});
    writing_ = true;
    write_size_ = bytes.size();
  } catch (...) {
    unheard_.fetch_and(~unheard_write);
    session_.on_written(no_memory(), io_->connector.perhaps_taken(0), now);
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::on_written(boost::system::error_code error, std::size_t n)
{
  writing_ = false;
  const auto taken = error ? io_->connector.perhaps_taken(n) : n;
  step([&](session_shell& shell, core::time_point now) {
    shell.session_.on_written(error, taken, now);
    shell.closed_if_quiet(now);
  });
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::write_unheard(core::time_point now)
{
  if constexpr (!Kind::session_type::answered) {
    // It was over because the kernel had it.
    session_.on_written({}, write_size_, now);
  } else if constexpr (Kind::on_strand) {
    session_.on_written(no_memory(), io_->connector.perhaps_taken(0), now);
  } else {
    session_.on_written(no_memory(), write_size_, now);
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::start_read read, core::time_point now)
{
  if constexpr (Kind::session_type::answered) {
    try {
      io_->connector.read_some(
          boost::asio::mutable_buffer{read.room.data(), read.room.size()},
          channel_handler<&session_shell::on_read>{owe<&session_shell::on_read>(), &memory_->read});
      reading_ = true;
    } catch (...) {
      unheard_.fetch_and(~unheard_read);
      session_.on_read(no_memory(), 0, now);
    }
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::on_read(boost::system::error_code error, std::size_t n)
  requires Kind::session_type::answered
{
  reading_ = false;
  step([&](session_shell& shell, core::time_point now) {
    shell.session_.on_read(error, n, now);
    shell.closed_if_quiet(now);
  });
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::close_connection close, core::time_point now)
{
  peer_.gone();
  io_->connector.stop();
  if (std::exchange(connected_, false)) {
    io_->connector.close(close.clean);
  }
  closing_ = true;
  closed_if_quiet(now);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::closed_if_quiet(core::time_point now)
{
  if (closing_ && !reading_ && !writing_) {
    closing_ = false;
    io_->connector.release();
    session_.on_closed(now);
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::finish_connect done, core::time_point)
{
  connects_.finish_all(done.error, finished_);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::finish_disconnect done, core::time_point)
{
  disconnects_.finish_all(done.error, finished_);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::perform(core::tell& what, core::time_point)
{
  auto observer = peer_.observer();
  if (!observer) {
    return;
  }
  connection_change change{what.state, io_->connector.name_of(what.server),
                           what.error, std::move(what.reason),
                           what.until, what.failures};
  boost::asio::post(io_->observers, [observer = std::move(observer), change = std::move(change)] {
    (*observer)(change);
  });
}

} // namespace riemann::inline v0::net

#endif
