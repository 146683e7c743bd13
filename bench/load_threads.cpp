#include "load.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bench {

namespace {

/// One thread's part of the window and of the messages. Its callbacks run on the
/// context's one thread and give room back in bulk, by the half of the window: what
/// is measured is submission from foreign threads, not waking them for each message.
class submitter {
public:
  submitter(tcp_client& client, std::size_t window, std::size_t total)
      : client_{client},
        window_{window},
        grain_{std::max<std::size_t>(window / 2, 1)},
        total_{total}
  {}

  void run()
  {
    for (std::size_t sent = 0; sent != total_; ++sent) {
      wait_until_answered(sent + 1 > window_ ? sent + 1 - window_ : 0);
      client_.async_send(usual_event(), [this](boost::system::error_code error, const auto&) {
        check(error);
        if (++answered_ % grain_ == 0 || answered_ == total_) {
          published_.store(answered_, std::memory_order_release);
          published_.notify_one();
        }
      });
    }
    wait_until_answered(total_);
  }

private:
  void wait_until_answered(std::size_t wanted)
  {
    // While it waits all of its window is out, so the next grain is sure to come.
    while (seen_ < wanted) {
      published_.wait(seen_, std::memory_order_acquire);
      seen_ = published_.load(std::memory_order_acquire);
    }
  }

  tcp_client& client_;
  std::size_t window_;
  std::size_t grain_;
  std::size_t total_;
  std::size_t seen_ = 0;                             ///< by the submitting thread
  alignas(64) std::size_t answered_ = 0;             ///< on the context's thread
  alignas(64) std::atomic<std::size_t> published_{}; ///< from there to here
};

/// `total` in `parts`, the first ones larger by one where it does not divide.
std::size_t part_of(std::size_t total, std::size_t parts, std::size_t i)
{
  return total / parts + (i < total % parts ? 1 : 0);
}

/// On this thread, so that nothing runs yet when it fails.
void connect(boost::asio::io_context& context, riemann::tcp_transport& transport)
{
  bool connected = false;
  transport.async_connect([&](boost::system::error_code error) {
    check(error);
    connected = true;
  });
  while (!connected) {
    context.run_one();
  }
}

} // namespace

void run_threads(const arguments& a, result& r)
{
  if (a.threads > a.window) {
    throw std::invalid_argument{"--threads must be --window at most: each has a part of it"};
  }
  boost::asio::io_context context;
  auto work = boost::asio::make_work_guard(context);
  riemann::tcp_transport transport{context, options_for<riemann::tcp_options>(a)};
  tcp_client client{transport};
  connect(context, transport);
  std::thread runner{[&] {
    try {
      context.run();
    } catch (const std::exception& failure) {
      // The submitters wait for answers that will not come: nothing but this is left.
      std::cerr << "bench-load: " << failure.what() << '\n';
      std::_Exit(1);
    }
  }};

  std::vector<std::unique_ptr<submitter>> parts;
  for (std::size_t i = 0; i != a.threads; ++i) {
    parts.push_back(std::make_unique<submitter>(client, part_of(a.window, a.threads, i),
                                                part_of(a.messages, a.threads, i)));
  }
  r.watch.start();
  std::vector<std::thread> threads;
  threads.reserve(parts.size());
  for (auto& part : parts) {
    threads.emplace_back([&] { part->run(); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  r.watch.stop();
  transport.cancel();
  work.reset();
  runner.join();
}

} // namespace bench
