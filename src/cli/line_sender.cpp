#include "cli/line_sender.hpp"

#include "cli/answer.hpp"
#include "cli/explain.hpp"
#include "cli/failure.hpp"
#include "cli/outcomes_text.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace riemann::cli {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// After these it is no use to go on: what follows would fare no better.
bool is_final(exit_code code)
{
  return code == exit_code::cannot_connect || code == exit_code::tls_refused ||
         code == exit_code::timed_out || code == exit_code::other;
}

} // namespace

line_sender::line_sender(boost::asio::io_context& context, any_transport& transport,
                         const stream_settings& settings)
    : context_{context},
      transport_{transport},
      settings_{settings},
      bad_{settings.reject_file},
      input_{context},
      defaults_{settings.defaults},
      defaults_size_{message{settings.defaults}.size()},
      batch_{transport, options()},
      room_{context},
      signal_{context}
{
  if (settings.server.transport == transport_kind::none) {
    printer_.emplace();
  }
  if (settings.format == input_format::csv) {
    splitter_.heed_quotes();
  }
}

batch_options line_sender::options()
{
  batch_options options;
  options.max_age = std::max(options.max_age, settings_.server.message_deadline());
  options.on_loss = [this](const batch_loss& loss) { took_loss(loss); };
  return options;
}

boost::asio::awaitable<exit_code> line_sender::run()
{
  signal_.on_first([this] { stop_reading(); });
  std::optional<failure> wrong;
  {
    progress shown{context_, [this] { return status(); }};
    try {
      co_await send_all();
    } catch (const failure& caught) {
      wrong = caught;
    }
    co_await drain();
    shown.stop();
  }
  try {
    finish();
  } catch (const failure& caught) {
    wrong = wrong ? wrong : caught;
  }
  const bool heard = !wrong || *wrong->what() != '\0';
  if (wrong && heard) {
    complain_line(wrong->what());
  }
  if (!settings_.quiet && heard) {
    tell_summary();
  }
  co_return wrong && !signal_.came() ? wrong->code() : result();
}

boost::asio::awaitable<void> line_sender::send_all()
{
  while (!stopping_) {
    const std::string piece = co_await input_.next();
    if (piece.empty()) {
      break;
    }
    splitter_.feed(piece);
    co_await send_whole_records();
  }
  // Of a line that was broken off by us nobody knows how it goes on.
  while (const auto last = stopping_ ? std::nullopt : splitter_.finish()) {
    refresh_time();
    send(*last);
  }
}

boost::asio::awaitable<void> line_sender::send_whole_records()
{
  refresh_time();
  while (!stopping_) {
    const auto next = splitter_.next();
    if (!next) {
      break;
    }
    send(*next);
    if (marks_ >= most_marks) {
      co_await wait_for_room();
    }
  }
  if (printer_) {
    printer_->flush();
  }
  // While we read, nothing is written.
  co_await boost::asio::post(context_, boost::asio::deferred);
}

void line_sender::send(record r)
{
  lines_ += r.lines;
  if (r.line == 1 && r.text.starts_with(byte_order_mark)) {
    r.text.remove_prefix(byte_order_mark.size());
  }
  if (r.too_long) {
    bad_.add(r, {},
             "longer than 1 MiB, and not kept; see that it has line ends, and no open quote");
    return;
  }
  if (!reader_ && !choose_reader(r)) {
    return;
  }
  event_ = defaults_;
  switch (reader_->read(r.text, event_)) {
  case reading::event:
    deliver(r.text.size());
    break;
  case reading::nothing:
    break;
  case reading::bad:
    refuse(r);
    break;
  }
}

void line_sender::refuse(record r)
{
  const bool hopeless = reader_->is_hopeless();
  r.text = reader_->kept(r.text);
  bad_.add(r, hopeless ? std::string_view{} : reader_->header(), reader_->problem());
  if (hopeless) {
    throw failure{exit_code::bad_input,
                  "the header cannot be used, and nothing behind it was sent"};
  }
}

bool line_sender::choose_reader(const record& first)
{
  input_format format = settings_.format;
  if (format == input_format::guessed) {
    if (first.text.find_first_not_of(" \t") == std::string_view::npos) {
      return false;
    }
    format = guess_format(first.text);
    if (format == input_format::guessed) {
      throw failure{exit_code::usage, "line " + std::to_string(first.line) +
                                          " does not tell the input's format; give --format "
                                          "ndjson, csv or metrics"};
    }
  }
  if (format == input_format::metrics && !defaults_.service) {
    throw failure{exit_code::usage,
                  "metrics alone do not say what they are of, and each would take "
                  "the place of the one before; give --service"};
  }
  reader_ = make_reader(format, settings_.metric);
  if (format == input_format::csv && settings_.format == input_format::guessed) {
    // The header may have line ends, too.
    splitter_.heed_quotes();
    splitter_.take_back();
    lines_ -= first.lines;
    return false;
  }
  return true;
}

void line_sender::deliver(std::size_t size)
{
  if (printer_) {
    printer_->add(event_);
    return;
  }
  batch_.post(event_);
  count(size);
}

/// The batch client never has so much to keep that it refuses.
void line_sender::count(std::size_t size)
{
  constexpr std::size_t at_least = 64;
  ++events_since_mark_;
  bytes_since_mark_ += at_least + size + defaults_size_ + reader_->header().size();
  if (events_since_mark_ < events_between_marks && bytes_since_mark_ < bytes_between_marks) {
    return;
  }
  events_since_mark_ = bytes_since_mark_ = 0;
  ++marks_;
  batch_.async_flush([this](boost::system::error_code) {
    --marks_;
    room_.cancel();
  });
}

boost::asio::awaitable<void> line_sender::wait_for_room()
{
  while (marks_ >= most_marks && !stopping_) {
    room_.expires_at(boost::asio::steady_timer::time_point::max());
    co_await room_.async_wait(quietly());
  }
}

boost::asio::awaitable<void> line_sender::drain()
{
  const auto due = std::chrono::steady_clock::now() + settings_.server.timeout;
  co_await batch_.async_close(settings_.server.timeout, quietly());
  const auto left =
      std::max(due - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero());
  co_await transport_.async_disconnect(left, quietly());
}

void line_sender::finish()
{
  if (printer_) {
    printer_->flush();
  }
  bad_.finish();
}

void line_sender::refresh_time()
{
  if (!settings_.defaults.time) {
    defaults_.time = std::chrono::system_clock::now();
  }
}

void line_sender::stop_reading()
{
  stopping_ = true;
  input_.stop();
  room_.cancel();
}

void line_sender::took_loss(const batch_loss& loss)
{
  const exit_code code = exit_code_of(loss.error);
  if (first_loss_ == exit_code::acknowledged) {
    first_loss_ = code;
  }
  // Another event may be shorter.
  const bool of_this_alone = loss.error == errc::message_too_large;
  const bool ends_it = is_final(code) && !of_this_alone && !stopping_;
  if (ends_it) {
    stop_reading();
  }
  if (losses_.admits(std::chrono::steady_clock::now()) || ends_it) {
    complain_line(explain_loss(loss, settings_.server) + losses_.unsaid() +
                  (ends_it ? "; the rest of the input is left" : ""));
  }
}

/// What was shown is standard output's alone, so that it can be piped.
void line_sender::tell_summary() const
{
  if (printer_) {
    complain_line(summary());
  } else {
    print_line(summary());
  }
}

/// Nothing where the events themselves are shown.
std::string line_sender::status() const
{
  if (printer_ && is_terminal(STDOUT_FILENO)) {
    return {};
  }
  const tally events = batch_.statistics().events;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started_;
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(lines_) / passed.count());
  const std::string read = grouped(lines_) + " lines, " + grouped(rate) + "/s, ";
  if (printer_) {
    return read + grouped(printer_->count()) + " shown, " + grouped(bad_.count()) + " bad";
  }
  return read + grouped(events.acked + events.sent) + (events.sent > 0 ? " sent, " : " acked, ") +
         grouped(events.live()) + " on their way, " + grouped(bad_.count()) + " bad";
}

std::string line_sender::summary() const
{
  return "lines " + std::to_string(lines_) + " bad " + std::to_string(bad_.count()) + " " +
         (printer_ ? "shown " + std::to_string(printer_->count())
                   : outcomes_text(batch_.statistics().events));
}

exit_code line_sender::result() const
{
  if (signal_.came()) {
    return signal_.code();
  }
  if (first_loss_ != exit_code::acknowledged) {
    return first_loss_;
  }
  return bad_.count() > 0 ? exit_code::bad_input : exit_code::acknowledged;
}

} // namespace riemann::cli
