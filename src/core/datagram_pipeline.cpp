#include "core/datagram_pipeline.hpp"

#include <boost/asio/error.hpp>

#include <cerrno>
#include <utility>

namespace riemann::core {

namespace {

/// Each is of an earlier datagram: so many in a row are not, and the socket is at
/// fault.
constexpr unsigned max_refusals = 8;

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

boost::system::error_code datagram_pipeline::refusal(const message& m) noexcept
{
  return m.has_query() ? make_error_code(errc::not_supported) : boost::system::error_code{};
}

void datagram_pipeline::give_up(request& r, errc queued_code, errc written_code)
{
  switch (r.where) {
  case phase::queued:
    unqueue(r);
    return end(r, queued_code, {});
  case phase::staged:
    owner_ = nullptr;
    return end(r, written_code, {});
  case phase::fresh:
  case phase::in_flight:
  case phase::ended:
    return;
  }
}

void datagram_pipeline::stage()
{
  if (queue_empty()) {
    return;
  }
  request& r = queue_.front();
  unqueue(r);
  ledger_.move(r, phase::staged);
  datagram_ = std::move(r.payload);
  loaded_ = true;
  owner_ = &r;
  refusals_ = 0;
}

bool datagram_pipeline::wrote(std::size_t n, boost::system::error_code error, time_point)
{
  const bool too_large = error == boost::asio::error::message_size;
  if (refusals_ < max_refusals && (is_refusal(error) || (too_large && refusals_ == 0))) {
    ++refusals_;
    ++ledger_.books().datagrams_refused;
    if (owner_ == nullptr) {
      reset_stream();
    }
    return false;
  }
  if (too_large) {
    // Not of an earlier one: this path takes less than the limit allows.
    finish(outcome::not_sent, errc::message_too_large);
    return false;
  }
  if (error) {
    return true;
  }
  ledger_.books().bytes_written += n;
  finish(outcome::sent, {});
  return false;
}

void datagram_pipeline::finish(outcome result, boost::system::error_code code)
{
  if (request* const r = std::exchange(owner_, nullptr)) {
    end(*r, result, code, {});
  }
  reset_stream();
}

void datagram_pipeline::fail_window(const verdict& why, bool writing)
{
  if (request* const r = std::exchange(owner_, nullptr)) {
    end(*r, writing ? why.written : why.unwritten, why.reason);
  }
}

void datagram_pipeline::reset_stream() noexcept
{
  datagram_ = message{};
  loaded_ = false;
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
  if (request* const r = std::exchange(owner_, nullptr)) {
    all.push_back(*r);
  }
  return all;
}

} // namespace riemann::core
