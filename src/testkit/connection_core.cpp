#include "testkit/connection_core.hpp"

#include "testkit/answer_writer.hpp"
#include "testkit/frame_prefix.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace riemann::inline v0::testkit::detail {

namespace {

void append_length(std::uint32_t length, std::vector<std::byte>& out)
{
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(length >> shift));
  }
}

template <class Fault>
const Fault* find(const std::vector<fault>& all) noexcept
{
  const auto found =
      std::ranges::find_if(all, [](const fault& f) { return std::holds_alternative<Fault>(f); });
  return found == all.end() ? nullptr : &std::get<Fault>(*found);
}

bool changes_content(const fault& f) noexcept
{
  return std::holds_alternative<reject>(f) || std::holds_alternative<no_answer>(f) ||
         std::holds_alternative<surplus_answer>(f) || std::holds_alternative<garbage>(f) ||
         std::holds_alternative<announce>(f);
}

/// What one fault does to the answer that begins at `start` of the stream's tail.
struct applied_fault {
  answer_stream& answers;
  std::size_t start;
  std::uint64_t message;
  std::optional<slow_reads>& slow;

  [[nodiscard]] std::size_t place(std::size_t byte) const
  {
    return start + std::min(byte, answers.tail().size() - start);
  }

  void operator()(const reject&) const {} // done already
  void operator()(const no_answer&) const { answers.tail().resize(start); }
  void operator()(const surplus_answer& s) const
  {
    for (std::size_t i = 0; i != s.count; ++i) {
      answer_writer{answers.tail()}.acknowledge();
    }
  }
  void operator()(const garbage& g) const
  {
    answers.tail().resize(start);
    append_length(static_cast<std::uint32_t>(g.body.size()), answers.tail());
    std::ranges::transform(g.body, std::back_inserter(answers.tail()),
                           [](char c) { return static_cast<std::byte>(c); });
  }
  void operator()(const announce& a) const
  {
    answers.tail().resize(start);
    append_length(a.length, answers.tail());
  }
  void operator()(const delay& d) const { answers.mark_pause(start, d.time); }
  void operator()(const split& s) const
  {
    for (std::size_t at = start; at < answers.tail().size(); at += s.bytes) {
      answers.mark_boundary(at);
    }
    answers.mark_boundary(answers.tail().size());
  }
  void operator()(const coalesce& c) const
  {
    constexpr auto never = std::numeric_limits<std::uint64_t>::max();
    answers.mark_hold(start, message + std::min(c.messages, never - message));
  }
  void operator()(const close_at& c) const { answers.mark_finish(place(c.byte)); }
  void operator()(const reset_at& r) const { answers.mark_reset(place(r.byte)); }
  void operator()(const slow_reads& s) const { slow = s; }
};

} // namespace

connection_core::connection_core(connection_options options, fault_source faults, frame_keeper keep)
    : options_{options}, faults_{std::move(faults)}, keep_{std::move(keep)}, input_{options.buffer}
{}

void connection_core::begin(request_handler& handler)
{
  if (faults_) {
    for (const fault& f : faults_(0)) {
      apply_at_accept(f);
      ++handler.counters().faults;
    }
  }
}

void connection_core::apply_at_accept(const fault& f)
{
  if (const auto* close = std::get_if<close_at>(&f)) {
    readable_ = close->byte;
  } else if (const auto* reset = std::get_if<reset_at>(&f)) {
    readable_ = reset->byte;
    resets_when_read_ = true;
  } else {
    apply(f, 0);
  }
  end_if_read();
}

void connection_core::end_if_read()
{
  if (readable_ == std::size_t{0}) {
    readable_.reset();
    const auto end = answers_.tail().size();
    resets_when_read_ ? answers_.mark_reset(end) : answers_.mark_finish(end);
  }
}

std::span<std::byte> connection_core::prepare_read()
{
  auto room = input_.prepare();
  if (slow_) {
    room = room.first(std::min(room.size(), slow_->bytes));
  }
  return readable_ ? room.first(std::min(room.size(), *readable_)) : room;
}

std::chrono::milliseconds connection_core::read_pause() const noexcept
{
  return slow_ ? slow_->pause : std::chrono::milliseconds{0};
}

void connection_core::received(std::size_t n, request_handler& handler, timestamp now,
                               bool faults_due)
{
  if (phase_ == connection_phase::half_closed) {
    return;
  }
  if (readable_) {
    *readable_ -= n;
  }
  input_.commit(n);
  go_on(handler, now, faults_due);
}

void connection_core::go_on(request_handler& handler, timestamp now, bool faults_due)
{
  if (!faults_due && (handler.forgets() || keep_)) {
    take_runs(handler, now);
  } else {
    take_messages(handler, now);
  }
  if (!is_full()) {
    end_if_read();
  }
}

bool connection_core::is_full() const noexcept
{
  return phase_ == connection_phase::open && answers_.unsent() > options_.max_unread_answers;
}

void connection_core::cut_off(request_handler& handler) noexcept
{
  ++handler.counters().cut_off;
  phase_ = connection_phase::cut_off;
}

bool connection_core::may_take() const noexcept
{
  return phase_ == connection_phase::open && !is_full();
}

void connection_core::take_messages(request_handler& handler, timestamp now)
{
  while (may_take() && take_message(handler, now)) {
  }
}

void connection_core::take_runs(request_handler& handler, timestamp now)
{
  while (may_take()) {
    take_run(handler, now);
    // What stopped the run: an unusual message, or the end.
    if (!may_take() || !take_message(handler, now)) {
      break;
    }
  }
  answers_.release(messages_);
}

void connection_core::take_run(request_handler& handler, timestamp now)
{
  const auto run = handler.find_run(input_.data(), options_.max_message_size);
  const auto frames = input_.data().first(run.bytes);
  const auto refusal = keep_ && !frames.empty() ? keep_(frames) : std::nullopt;
  if (refusal) {
    handler.reject_run(frames, *refusal, answers_.tail());
  } else {
    handler.handle_run(run, frames, now, answers_.tail());
  }
  messages_ += run.messages;
  input_.consume(run.bytes);
}

bool connection_core::take_message(request_handler& handler, timestamp now)
{
  const auto data = input_.data();
  if (data.size() < prefix_size) {
    return false;
  }
  const auto length = read_length(data);
  if (length > options_.max_message_size) {
    ++handler.counters().too_large;
    phase_ = connection_phase::finishing;
    return false;
  }
  if (data.size() - prefix_size < length) {
    return false;
  }
  answer(data.first(prefix_size + length), handler, now);
  input_.consume(prefix_size + length);
  return true;
}

void connection_core::answer(std::span<const std::byte> frame, request_handler& handler,
                             timestamp now)
{
  ++messages_;
  auto& out = answers_.tail();
  const auto start = out.size();
  const auto faults = faults_ ? faults_(messages_) : std::vector<fault>{};
  if (handle(frame, faults, handler, now) == request_result::malformed) {
    phase_ = connection_phase::finishing;
    return;
  }
  // First what the answer is to be, then what happens to it.
  for (const bool content : {true, false}) {
    for (const fault& f : faults) {
      if (changes_content(f) == content) {
        apply(f, start);
      }
    }
  }
  handler.counters().faults += faults.size();
  answers_.release(messages_);
}

request_result connection_core::handle(std::span<const std::byte> frame,
                                       const std::vector<fault>& faults, request_handler& handler,
                                       timestamp now)
{
  auto& out = answers_.tail();
  const auto start = out.size();
  const auto body = frame.subspan(prefix_size);
  if (const auto* const refusal = find<reject>(faults)) {
    return handler.reject(body, refusal->text, out);
  }
  const bool is_kept_first = keep_ && handler.only_tells(body);
  if (is_kept_first) {
    if (const auto refusal = keep_(frame)) {
      return handler.reject(body, *refusal, out);
    }
  }
  const auto result = handler.handle(body, now, out);
  // Only its answer shows whether a query is acknowledged.
  if (result == request_result::acknowledged && keep_ && !is_kept_first) {
    if (const auto refusal = keep_(frame)) {
      handler.take_back(start, *refusal, out);
      return request_result::rejected;
    }
  }
  return result;
}

void connection_core::apply(const fault& f, std::size_t start)
{
  std::visit(applied_fault{answers_, start, messages_, slow_}, f);
}

connection_core::output connection_core::next_output()
{
  if (phase_ != connection_phase::open && phase_ != connection_phase::finishing) {
    return output::none;
  }
  switch (answers_.next()) {
  case answer_stream::step::write:
    return output::write;
  case answer_stream::step::pause:
    return output::wait;
  case answer_stream::step::finish:
    phase_ = connection_phase::half_closed;
    return output::shut;
  case answer_stream::step::reset:
    phase_ = connection_phase::reset;
    return output::none;
  case answer_stream::step::nothing:
    break;
  }
  if (phase_ == connection_phase::finishing) {
    phase_ = connection_phase::closed;
  }
  return output::none;
}

} // namespace riemann::inline v0::testkit::detail
