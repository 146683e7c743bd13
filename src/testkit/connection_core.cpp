#include "testkit/connection_core.hpp"

#include <utility>

namespace riemann::testkit::detail {

namespace {

constexpr std::size_t prefix_size = 4;

std::size_t read_length(std::span<const std::byte> prefix) noexcept
{
  std::size_t length = 0;
  for (const std::byte b : prefix.first(prefix_size)) {
    length = length << 8 | std::to_integer<std::size_t>(b);
  }
  return length;
}

} // namespace

connection_core::connection_core(connection_options options, answer_policy policy)
    : options_{options}, policy_{std::move(policy)}, input_{options.buffer}
{}

void connection_core::received(std::size_t n, request_handler& handler, timestamp now)
{
  input_.commit(n);
  while (phase_ == connection_phase::open) {
    const auto data = input_.data();
    if (data.size() < prefix_size) {
      return;
    }
    const auto length = read_length(data);
    if (length > options_.max_message_size) {
      ++handler.counters().too_large;
      finish();
      return;
    }
    if (data.size() - prefix_size < length) {
      return;
    }
    answer(data.subspan(prefix_size, length), handler, now);
    input_.consume(prefix_size + length);
  }
}

void connection_core::answer(std::span<const std::byte> body, request_handler& handler,
                             timestamp now)
{
  const auto answer_start = answers_.size();
  switch (handler.handle(body, now, answers_)) {
  case request_result::answered:
  case request_result::unanswered:
    deliver(body, answer_start);
    break;
  case request_result::malformed:
    finish();
    break;
  }
  if (unsent() > options_.max_unread_answers) {
    ++handler.counters().cut_off;
    phase_ = connection_phase::closed;
  }
}

void connection_core::deliver(std::span<const std::byte> request, std::size_t answer_start)
{
  const auto ordinal = requests_++;
  if (!policy_) {
    return;
  }
  const std::span answers{std::as_const(answers_)};
  switch (policy_({ordinal, request, answers.subspan(answer_start)})) {
  case answer_action::send:
    break;
  }
}

void connection_core::finish() noexcept
{
  phase_ = has_unsent() ? connection_phase::finishing : connection_phase::closed;
}

std::span<const std::byte> connection_core::prepare_write() noexcept
{
  if (sent_ == sending_.size()) {
    sending_.clear();
    sent_ = 0;
    sending_.swap(answers_);
  }
  return std::span{std::as_const(sending_)}.subspan(sent_);
}

void connection_core::sent(std::size_t n) noexcept
{
  sent_ += n;
  if (phase_ == connection_phase::finishing && !has_unsent()) {
    phase_ = connection_phase::closed;
  }
}

} // namespace riemann::testkit::detail
