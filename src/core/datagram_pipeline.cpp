#include "core/datagram_pipeline.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace riemann::inline v0::core {

namespace {

/// Each is of an earlier datagram: so many in a row are not, and the socket is at
/// fault.
constexpr unsigned max_refusals = 8;

/// Bytes of a frame's length, which a datagram does without.
constexpr std::size_t frame_prefix = 4;

/// What an ICMP message about an earlier datagram looks like (Linux: icmp_err_convert).
bool is_refusal(const boost::system::error_code& error) noexcept
{
  return error == boost::asio::error::connection_refused ||
         error == boost::asio::error::host_unreachable ||
         error == boost::asio::error::network_unreachable ||
         error == boost::asio::error::access_denied ||
         error == boost::system::errc::no_protocol_option ||
         error == boost::system::errc::operation_not_supported || error.value() == EHOSTDOWN;
}

} // namespace

datagram_pipeline::datagram_pipeline(const datagram_options& options, ledger& books)
    : request_queue{options, books}, how_{options}, limit_{options.max_coalesced_size}
{
  bytes_.reserve(limit_);
}

boost::system::error_code datagram_pipeline::refusal(const message& m) noexcept
{
  return m.has_query() ? make_error_code(errc::not_supported) : boost::system::error_code{};
}

void datagram_pipeline::give_up(request& r, errc queued_code, errc written_code)
{
  switch (r.where) {
  case phase::waiting:
  case phase::queued:
    return end_queued(r, queued_code, queued_code, why_not_);
  case phase::staged:
    staged_.erase(staged_.iterator_to(r));
    return end(r, written_code, {});
  case phase::fresh:
  case phase::in_flight:
  case phase::ended:
    return;
  }
}

// --- putting together

std::size_t datagram_pipeline::queued_payload() const noexcept
{
  return queued_bytes() - frame_prefix * queue_.size();
}

time_point datagram_pipeline::linger_due() const noexcept
{
  if (queue_empty()) {
    return never;
  }
  // Full: the next of those queued does not fit any more, or nothing does; or the
  // queue is, and those that come would be refused while these wait for them.
  const std::size_t longest =
      frame_prefix + std::min(how_.max_message_size, udp_options::max_payload);
  const bool full = queued_payload() >= limit_ || queue_.size() >= how_.max_queued ||
                    queued_bytes() + longest > how_.max_queued_bytes;
  return full ? queue_.front().queued_at : later(queue_.front().queued_at, how_.linger);
}

bool datagram_pipeline::fits(std::size_t size) const noexcept
{
  return !queue_empty() && size + queue_.front().payload.size() <= limit_;
}

request& datagram_pipeline::take_front()
{
  request& r = queue_.front();
  unqueue(r);
  ledger_.move(r, phase::staged);
  staged_.push_back(r);
  return r;
}

void datagram_pipeline::stage(time_point now, bool hurried)
{
  if (queue_empty() || (!hurried && linger_due() > now)) {
    return;
  }
  loaded_ = true;
  refusals_ = 0;
  called_large_ = false;
  request& first = take_front();
  coalesced_ = fits(first.payload.size());
  if (!coalesced_) {
    alone_ = std::move(first.payload);
    return;
  }
  const auto append = [this](const message& m) {
    bytes_.insert(bytes_.end(), m.body().begin(), m.body().end());
  };
  append(first.payload);
  while (fits(bytes_.size())) {
    append(take_front().payload);
  }
}

// --- ending

bool datagram_pipeline::wrote(std::size_t n, boost::system::error_code error, time_point now)
{
  const bool too_large = error == boost::asio::error::message_size;
  if (refusals_ < max_refusals && (is_refusal(error) || (too_large && refusals_ == 0))) {
    ++refusals_;
    ++ledger_.books().datagrams_refused;
    called_large_ = too_large;
    if (staged_.empty()) {
      unload();
    }
    return false;
  }
  if (too_large) {
    // Not of an earlier one, and no refusal: this path takes less than the limit allows.
    ledger_.books().datagrams_refused -= std::exchange(called_large_, false) ? 1 : 0;
    coalesced_ ? split(now) : finish(outcome::not_sent, errc::message_too_large);
    return false;
  }
  if (error) {
    return true;
  }
  ledger_.books().bytes_written += n;
  ++ledger_.books().datagrams_sent;
  finish(outcome::sent, {}, response::unanswered());
  return false;
}

/// Its messages may pass where the datagram does not: they go again in smaller ones,
/// in the end one by one, and so do those that follow on this socket.
void datagram_pipeline::split(time_point now)
{
  limit_ = bytes_.size() / 2;
  requeue(staged_);
  unload();
  expire(now); // some may have grown too old meanwhile
}

void datagram_pipeline::finish(outcome result, boost::system::error_code code,
                               const response& answer)
{
  while (!staged_.empty()) {
    request& r = staged_.front();
    staged_.pop_front();
    end(r, result, code, answer);
  }
  unload();
}

bool datagram_pipeline::fail_window(const verdict& why, bool writing)
{
  const bool none = staged_.empty();
  while (!staged_.empty()) {
    request& r = staged_.front();
    staged_.pop_front();
    end(r, writing ? why.written : why.unwritten, why.reason);
  }
  return none;
}

void datagram_pipeline::unload() noexcept
{
  if (coalesced_) {
    bytes_.clear();
  } else {
    alone_ = message{};
  }
  coalesced_ = false;
  loaded_ = false;
}

void datagram_pipeline::reset_stream() noexcept
{
  unload();
  limit_ = how_.max_coalesced_size;
}

void datagram_pipeline::expire(time_point now)
{
  while (request* const r = overdue(now)) {
    give_up(*r, errc::expired, errc::deadline_exceeded);
  }
}

request_list datagram_pipeline::release_all() noexcept
{
  request_list all = release_queue();
  all.splice(all.end(), staged_);
  return all;
}

} // namespace riemann::inline v0::core
