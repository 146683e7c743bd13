#include <riemann/message.hpp>
#include <riemann/options.hpp>

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace riemann {

namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& given,
                         const std::string& allowed)
{
  throw std::invalid_argument{"riemann: " + std::string{option} + " is " + given +
                              ", but must be " + allowed};
}

void check_size(std::string_view option, std::size_t given,
                std::size_t max = std::numeric_limits<std::size_t>::max())
{
  if (given < 1 || given > max) {
    refuse(option, std::to_string(given), "1 to " + std::to_string(max));
  }
}

void check_duration(std::string_view option, std::chrono::milliseconds given)
{
  if (given < std::chrono::milliseconds{1} || given > session_options::max_duration) {
    refuse(option, std::to_string(given.count()) + " ms",
           "1 ms to " + std::to_string(session_options::max_duration.count()) + " ms");
  }
}

void check_coalescing(const udp_options& options)
{
  if (options.max_coalesced_size > options.max_datagram_size) {
    refuse("max_coalesced_size", std::to_string(options.max_coalesced_size),
           "0 to " + std::to_string(options.max_datagram_size) + ", the max_datagram_size");
  }
  const auto linger = std::to_string(options.linger.count()) + " us";
  if (options.linger.count() < 0 || options.linger > session_options::max_duration) {
    refuse("linger", linger,
           "0 to " + std::to_string(session_options::max_duration.count()) + " ms");
  }
  if (options.linger.count() == 0) {
    return;
  }
  if (options.max_coalesced_size == 0) {
    refuse("linger", linger, "0 while max_coalesced_size is: there is nothing to wait for");
  }
  if (options.linger >= options.max_queue_age) {
    refuse("linger", linger,
           "below max_queue_age, " + std::to_string(options.max_queue_age.count()) + " ms");
  }
}

void check_server(const std::string& host, std::uint16_t port)
{
  constexpr const char* allowed = "a name, or an address without brackets";
  if (host.find('\0') != std::string::npos) {
    // Not to be shown: it would cut the message short.
    refuse("host", "text with a NUL in it", allowed);
  }
  if (host.empty() || host.find_first_of("[]") != std::string::npos) {
    refuse("host", '"' + host + '"', allowed);
  }
  if (port == 0) {
    refuse("port", "0", "1 to 65535");
  }
}

} // namespace

void session_options::validate() const
{
  check_duration("connect_timeout", connect_timeout);
  check_duration("answer_timeout", answer_timeout);
  check_duration("write_timeout", write_timeout);
  check_duration("max_queue_age", max_queue_age);
  check_size("max_in_flight", max_in_flight);
  check_size("max_in_flight_bytes", max_in_flight_bytes);
  check_size("max_queued", max_queued);
  check_size("max_queued_bytes", max_queued_bytes);
  check_size("max_message_size", max_message_size, message::max_size);
  check_size("max_answer_size", max_answer_size, message::max_size);
  check_size("max_write_size", max_write_size);
}

void tcp_options::validate() const
{
  check_server(host, port);
  session.validate();
}

void udp_options::validate() const
{
  check_server(host, port);
  check_size("max_datagram_size", max_datagram_size, max_payload);
  check_coalescing(*this);
  check_duration("connect_timeout", connect_timeout);
  check_duration("write_timeout", write_timeout);
  check_duration("max_queue_age", max_queue_age);
  check_size("max_queued", max_queued);
  check_size("max_queued_bytes", max_queued_bytes);
}

void blank_options::validate() const
{
  check_size("max_message_size", max_message_size, message::max_size);
}

} // namespace riemann
