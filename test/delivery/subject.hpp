#ifndef RIEMANN_TEST_DELIVERY_SUBJECT_HPP
#define RIEMANN_TEST_DELIVERY_SUBJECT_HPP

#include <riemann/event_literal.hpp>
#include <riemann/statistics.hpp>

#include <boost/asio/use_future.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <functional>
#include <future>

namespace delivery {

/// What is put under load: takes single events, and keeps books of them.
struct subject {
  using handler = std::function<void(boost::system::error_code)>;

  std::function<void(const riemann::event_literal&, handler)> send;
  /// The messages are the events, one each.
  std::function<riemann::statistics()> statistics;
  /// Takes nothing more, and ends what is owed until the deadline.
  std::function<std::future<void>(std::chrono::milliseconds)> finish;
};

} // namespace delivery

#endif
