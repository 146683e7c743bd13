// The floor: what the kernel and the server take for themselves. The same bytes,
// made ready beforehand, on a raw socket, and answers that are only counted.
#include "program.hpp"
#include "raw_socket.hpp"
#include "usual_event.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

using bench::arguments;
using bench::raw_socket;
using bench::result;

/// `00000002 1001`: what acknowledges a message of events.
constexpr std::size_t answer_size = 6;
/// Of ready-made frames: as much as one write could ever take.
constexpr std::size_t ready_bytes = std::size_t{1} << 20;

/// When each message was written and answered, in turn.
class round_trips {
public:
  round_trips(bench::latencies& latency, std::size_t window)
      : latency_{latency}, begun_(latency.wanted() ? window : 0)
  {}

  void written(std::size_t frames)
  {
    if (latency_.wanted() && frames != written_) {
      const auto now = bench::clock::now();
      for (; written_ != frames; ++written_) {
        begun_[written_ % begun_.size()] = now;
      }
    }
  }
  void answered(std::size_t answers)
  {
    if (latency_.wanted() && answers != answered_) {
      const auto now = bench::clock::now();
      for (; answered_ != answers; ++answered_) {
        latency_.add(now - begun_[answered_ % begun_.size()]);
      }
    }
  }

private:
  bench::latencies& latency_;
  std::vector<bench::clock::time_point> begun_;
  std::size_t written_ = 0;
  std::size_t answered_ = 0;
};

/// At most `window` messages unanswered; refilled on any progress.
void run_window(const arguments& a, std::size_t window, result& r)
{
  raw_socket socket{a.host, a.port, SOCK_STREAM};
  const riemann::message one = bench::usual_message(a.events);
  const std::size_t size = one.frame().size();
  std::vector<std::byte> ready;
  for (std::size_t n = std::clamp<std::size_t>(ready_bytes / size, 1, window); n != 0; --n) {
    ready.insert(ready.end(), one.frame().begin(), one.frame().end());
  }
  std::vector<std::byte> answers(std::size_t{64} << 10);
  round_trips trips{r.latency, window};
  const std::size_t all_bytes = a.messages * size;
  std::size_t written = 0;
  std::size_t read = 0;
  r.watch.start();
  while (read != a.messages * answer_size) {
    const std::size_t allowed = std::min(all_bytes, (read / answer_size + window) * size);
    const std::size_t offset = written % size;
    const std::size_t wanted = std::min(allowed - written, ready.size() - offset);
    const std::size_t wrote = wanted == 0 ? 0 : socket.write({ready.data() + offset, wanted});
    written += wrote;
    trips.written(written / size);
    const std::size_t got = socket.read(answers);
    read += got;
    trips.answered(read / answer_size);
    if (wrote == 0 && got == 0) {
      socket.wait(written != allowed);
    }
  }
  r.watch.stop();
}

/// As above, with each message encoded into the write buffer when there is room for
/// it: direct encode and floor in one. The server is not always busy then, as it is
/// with ready-made bytes, and waking it is the sender's cost.
void run_encoding(const arguments& a, result& r)
{
  raw_socket socket{a.host, a.port, SOCK_STREAM};
  std::vector<std::byte> frames;
  std::vector<std::byte> answers(std::size_t{64} << 10);
  std::size_t encoded = 0; ///< messages
  std::size_t written = 0; ///< bytes of `frames`
  std::size_t read = 0;
  r.watch.start();
  while (read != a.messages * answer_size) {
    if (written == frames.size()) {
      frames.clear();
      written = 0;
      for (; encoded != std::min(a.messages, read / answer_size + a.window); ++encoded) {
        const riemann::message one{bench::usual_event()};
        frames.insert(frames.end(), one.frame().begin(), one.frame().end());
      }
    }
    const std::size_t wrote = frames.empty() ? 0 : socket.write(std::span{frames}.subspan(written));
    written += wrote;
    const std::size_t got = socket.read(answers);
    read += got;
    if (wrote == 0 && got == 0) {
      socket.wait(written != frames.size());
    }
  }
  r.watch.stop();
}

/// The least an event loop does for one message at a time: send, epoll_wait, recv.
void run_ping_pong(const arguments& a, result& r)
{
  raw_socket socket{a.host, a.port, SOCK_STREAM};
  const riemann::message one = bench::usual_message(a.events);
  const int poller = ::epoll_create1(0);
  epoll_event interest{.events = EPOLLIN, .data = {}};
  if (poller < 0 || ::epoll_ctl(poller, EPOLL_CTL_ADD, socket.handle(), &interest) != 0) {
    throw std::system_error{errno, std::generic_category(), "epoll"};
  }
  std::array<std::byte, 1'024> room{};
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    const auto begun = r.latency.begin();
    if (socket.write(one.frame()) != one.frame().size()) {
      throw std::runtime_error{"the kernel did not take a whole message at once"};
    }
    for (std::size_t read = 0; read != answer_size; read += socket.read(room)) {
      epoll_event happened{};
      ::epoll_wait(poller, &happened, 1, -1);
    }
    r.latency.end(begun);
  }
  r.watch.stop();
  ::close(poller);
}

/// Datagrams, one message each, as fast as the kernel takes them.
void run_udp(const arguments& a, result& r)
{
  raw_socket socket{a.host, a.port, SOCK_DGRAM};
  const riemann::message one = bench::usual_message(a.events);
  r.watch.start();
  for (std::size_t sent = 0; sent != a.messages;) {
    if (socket.write(one.body()) != 0) {
      ++sent;
    } else {
      socket.wait(true);
    }
  }
  r.watch.stop();
}

} // namespace

int main(int argc, char** argv)
{
  return bench::run(
      {.name = "bench-floor",
       .about = "The floor: ready-made bytes on a raw socket",
       .modes = {{"window", [](const auto& a, auto& r) { run_window(a, a.window, r); }},
                 {"unbounded", [](const auto& a, auto& r) { run_window(a, a.messages, r); }},
                 {"encoding", run_encoding},
                 {"ping-pong", run_ping_pong},
                 {"udp", run_udp}}},
      argc, argv);
}
