#ifndef RIEMANN_TESTKIT_CONNECTION_CORE_HPP
#define RIEMANN_TESTKIT_CONNECTION_CORE_HPP

#include "testkit/answer_policy.hpp"
#include "testkit/read_buffer.hpp"
#include "testkit/request_handler.hpp"

#include <riemann/event.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace riemann::testkit::detail {

struct connection_options {
  std::size_t max_message_size = 0;
  std::size_t max_unread_answers = 0;
  read_buffer_options buffer{};
};

enum class connection_phase {
  /// Reading and answering.
  open,
  /// Something unreadable came: what was answered before goes out, then it ends.
  finishing,
  /// To be closed at once.
  closed,
};

/**
 * One connection, without the socket: bytes received go in, bytes to be sent
 * come out. Whoever drives it reads while `phase()` is open, keeps one write
 * running while `has_unsent()`, and closes in phase closed.
 */
class connection_core {
public:
  connection_core(connection_options options, answer_policy policy);

  /// Where the next bytes received go.
  std::span<std::byte> prepare_read() { return input_.prepare(); }
  /// `n` bytes were put there: every whole message in them is carried out.
  void received(std::size_t n, request_handler& handler, timestamp now);
  /// The peer sends no more. A real server closes, answers unsent or not.
  void ended() noexcept { phase_ = connection_phase::closed; }

  [[nodiscard]] bool has_unsent() const noexcept { return unsent() > 0; }
  /// The bytes to send next; valid until `sent`, whatever is received meanwhile.
  std::span<const std::byte> prepare_write() noexcept;
  /// The first `n` of them were sent.
  void sent(std::size_t n) noexcept;

  [[nodiscard]] connection_phase phase() const noexcept { return phase_; }

private:
  void answer(std::span<const std::byte> body, request_handler& handler, timestamp now);
  void deliver(std::span<const std::byte> request, std::size_t answer_start);
  void finish() noexcept;
  [[nodiscard]] std::size_t unsent() const noexcept
  {
    return answers_.size() + sending_.size() - sent_;
  }

  connection_options options_;
  answer_policy policy_;
  read_buffer input_;
  std::vector<std::byte> answers_{};
  std::vector<std::byte> sending_{};
  std::size_t sent_ = 0;
  std::uint64_t requests_ = 0;
  connection_phase phase_ = connection_phase::open;
};

} // namespace riemann::testkit::detail

#endif
