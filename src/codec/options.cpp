#include "codec/option_checks.hpp"

#include <riemann/message.hpp>
#include <riemann/options.hpp>

#include <string>

namespace riemann::inline v0 {

namespace {

void check_coalescing(const udp_options& options)
{
  if (options.max_coalesced_size > options.max_datagram_size) {
    codec::refuse_option("max_coalesced_size", std::to_string(options.max_coalesced_size),
                         "0 to " + std::to_string(options.max_datagram_size) +
                             ", the max_datagram_size");
  }
  const auto linger = std::to_string(options.linger.count()) + " us";
  if (options.linger.count() < 0 || options.linger > session_options::max_duration) {
    codec::refuse_option("linger", linger,
                         "0 to " + std::to_string(session_options::max_duration.count()) + " ms");
  }
  if (options.linger.count() == 0) {
    return;
  }
  if (options.max_coalesced_size == 0) {
    codec::refuse_option("linger", linger,
                         "0 while max_coalesced_size is: there is nothing to wait for");
  }
  if (options.linger >= options.max_queue_age) {
    codec::refuse_option("linger", linger,
                         "below max_queue_age, " + std::to_string(options.max_queue_age.count()) +
                             " ms");
  }
}

} // namespace

const char* to_string(overload_policy p) noexcept
{
  switch (p) {
  case overload_policy::reject:
    return "reject";
  case overload_policy::wait:
    return "wait";
  case overload_policy::drop_oldest:
    return "drop_oldest";
  case overload_policy::drop_newest:
    return "drop_newest";
  }
  return "not a policy";
}

void session_options::validate() const
{
  codec::check_duration("connect_timeout", connect_timeout);
  codec::check_duration("connect_stagger", connect_stagger);
  codec::check_backoff(min_backoff, max_backoff);
  codec::check_duration("preferred_interval", preferred_interval);
  if (ping_interval.count() != 0) {
    codec::check_duration("ping_interval", ping_interval);
  }
  codec::check_duration("answer_timeout", answer_timeout);
  codec::check_duration("write_timeout", write_timeout);
  codec::check_duration("max_queue_age", max_queue_age);
  if (max_resends > max_of_resends) {
    codec::refuse_option("max_resends", std::to_string(max_resends),
                         "0 to " + std::to_string(max_of_resends));
  }
  codec::check_size("max_in_flight", max_in_flight);
  codec::check_size("max_in_flight_bytes", max_in_flight_bytes);
  codec::check_size("max_queued", max_queued);
  codec::check_size("max_queued_bytes", max_queued_bytes);
  codec::check_overload(when_full, max_waiting, max_waiting_bytes);
  codec::check_size("max_message_size", max_message_size, message::max_size);
  codec::check_size("max_answer_size", max_answer_size, message::max_size);
  codec::check_size("max_write_size", max_write_size);
}

void tcp_options::validate() const
{
  codec::check_server(host, port);
  codec::check_fallbacks(fallbacks);
  session.validate();
}

void udp_options::validate() const
{
  codec::check_server(host, port);
  codec::check_size("max_datagram_size", max_datagram_size, max_payload);
  check_coalescing(*this);
  codec::check_backoff(min_backoff, max_backoff);
  codec::check_duration("connect_timeout", connect_timeout);
  codec::check_duration("write_timeout", write_timeout);
  codec::check_duration("max_queue_age", max_queue_age);
  codec::check_size("max_queued", max_queued);
  codec::check_size("max_queued_bytes", max_queued_bytes);
  codec::check_overload(when_full, max_waiting, max_waiting_bytes);
}

void blank_options::validate() const
{
  codec::check_size("max_message_size", max_message_size, message::max_size);
}

} // namespace riemann::inline v0
