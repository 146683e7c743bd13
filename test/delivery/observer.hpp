#ifndef RIEMANN_TEST_DELIVERY_OBSERVER_HPP
#define RIEMANN_TEST_DELIVERY_OBSERVER_HPP

#include "books.hpp"
#include "memory_samples.hpp"
#include "subject.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <thread>

namespace delivery {

/// Looks at the subject's books in random moments, on a thread of its own, and tells
/// how the load goes on, a line of JSON for all that is news.
class observer {
public:
  observer(const subject& about, const books& ours, std::uint64_t tick);
  observer(const observer&) = delete;
  observer& operator=(const observer&) = delete;
  ~observer() { stop(); }

  /// Tells once more, if there is news.
  void stop();

  // After `stop()`.
  [[nodiscard]] std::uint64_t snapshots() const noexcept { return snapshots_; }
  /// What was wrong in the first snapshot that had something wrong; empty: none had.
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }
  [[nodiscard]] const memory_samples& memory() const noexcept { return memory_; }

private:
  void wait();
  void look();
  [[nodiscard]] bool is_news(const counts& now, const riemann::statistics& theirs) const;
  void tell(const counts& now, const riemann::statistics& theirs);

  const subject& subject_;
  const books& ours_;
  std::uint64_t tick_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_{context_};
  std::minstd_rand random_{std::random_device{}()};
  std::uint64_t snapshots_ = 0;
  std::string complaint_{};
  memory_samples memory_{};
  counts told_{};
  riemann::statistics told_theirs_{};
  std::thread thread_{};
};

} // namespace delivery

#endif
