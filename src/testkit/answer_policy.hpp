#ifndef RIEMANN_TESTKIT_ANSWER_POLICY_HPP
#define RIEMANN_TESTKIT_ANSWER_POLICY_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace riemann::testkit::detail {

/// A request and the frame that would answer it, which is empty where there is
/// no answer.
struct answered_request {
  /// How many requests came before it on its connection.
  std::uint64_t ordinal = 0;
  std::span<const std::byte> request{};
  std::span<const std::byte> answer{};
};

/// What a connection does with an answer.
enum class answer_action {
  send,
};

/// Asked once for each request, in order; an empty one sends everything. This is
/// where faults that a test scripts come in.
using answer_policy = std::function<answer_action(const answered_request&)>;

} // namespace riemann::testkit::detail

#endif
