#ifndef RIEMANN_TEST_DELIVERY_SUBMITTER_HPP
#define RIEMANN_TEST_DELIVERY_SUBMITTER_HPP

#include "arguments.hpp"
#include "books.hpp"
#include "subject.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

namespace delivery {

/// A thread outside the transport's context that submits as fast as it may, until it is
/// told to stop.
class submitter {
public:
  submitter(const subject& to, books& ours, const arguments& a);
  submitter(const submitter&) = delete;
  submitter& operator=(const submitter&) = delete;
  ~submitter() = default;

  /// It submits no more when this returns.
  void stop();
  /// Until each of its messages has ended.
  void wait();

private:
  void run();
  void submit();
  bool wait_for_room();
  void give_room();

  const subject& to_;
  books& ours_;
  const std::size_t most_;
  const std::string words_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::size_t outstanding_ = 0;
  bool stopped_ = false;
  std::thread thread_;
};

} // namespace delivery

#endif
