#include "cli/input_pieces.hpp"

#include "cli/answer.hpp"
#include "cli/failure.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace riemann::cli {

namespace {

/// As `read`, but waits for what is to come even where the mode is not to: others, who share
/// it, may have made it so.
ssize_t read_or_wait(int descriptor, std::string& to)
{
  for (;;) {
    const auto count = ::read(descriptor, to.data(), to.size());
    if (count >= 0 || (errno != EINTR && errno != EAGAIN)) {
      return count;
    }
    if (errno == EAGAIN) {
      pollfd awaited{.fd = descriptor, .events = POLLIN, .revents = 0};
      ::poll(&awaited, 1, -1);
    }
  }
}

} // namespace

struct input_pieces::shared {
  explicit shared(boost::asio::io_context& c) : context{c}, arrival{c} {}

  void push(std::string piece, int number)
  {
    std::unique_lock lock{mutex};
    room.wait(lock, [this] { return stopped || pieces.size() < read_ahead; });
    pieces.push_back(std::move(piece));
    error = number;
  }
  [[nodiscard]] bool is_stopped()
  {
    const std::lock_guard lock{mutex};
    return stopped;
  }

  boost::asio::io_context& context;
  /// Cancelled when something has changed; the context's thread alone touches it.
  boost::asio::steady_timer arrival;
  std::mutex mutex{};
  std::condition_variable room{};
  std::deque<std::string> pieces{};
  int error = 0;
  bool stopped = false;
};

input_pieces::input_pieces(boost::asio::io_context& context)
    : shared_{std::make_shared<shared>(context)}
{
  std::thread{[s = shared_] { read_all(s); }}.detach();
}

input_pieces::~input_pieces()
{
  stop();
}

void input_pieces::read_all(const std::shared_ptr<shared>& s)
{
  for (;;) {
    std::string piece(piece_size, '\0');
    const auto count = read_or_wait(STDIN_FILENO, piece);
    piece.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    s->push(std::move(piece), count < 0 ? errno : 0);
    boost::asio::post(s->context, [s] { s->arrival.cancel(); });
    if (count <= 0 || s->is_stopped()) {
      return;
    }
  }
}

boost::asio::awaitable<std::string> input_pieces::next()
{
  for (;;) {
    {
      const std::lock_guard lock{shared_->mutex};
      if (shared_->stopped) {
        co_return std::string{};
      }
      if (!shared_->pieces.empty()) {
        std::string piece = std::move(shared_->pieces.front());
        shared_->pieces.pop_front();
        shared_->room.notify_one();
        if (piece.empty() && shared_->error != 0) {
          const boost::system::error_code why{shared_->error, boost::system::system_category()};
          throw failure{exit_code::other, "cannot read standard input: " + why.message()};
        }
        co_return piece;
      }
      shared_->arrival.expires_at(boost::asio::steady_timer::time_point::max());
    }
    co_await shared_->arrival.async_wait(quietly());
  }
}

void input_pieces::stop()
{
  const std::lock_guard lock{shared_->mutex};
  shared_->stopped = true;
  shared_->room.notify_one();
  shared_->arrival.cancel();
}

} // namespace riemann::cli
