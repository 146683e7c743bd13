#include "codec/errc_traits.hpp"

#include <riemann/error.hpp>

namespace riemann::inline v0 {

namespace {

// Boost's base has a protected destructor that is not virtual, so that categories
// outlive `main`; gcc warns of it all the same.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

class category final : public boost::system::error_category {
public:
  [[nodiscard]] const char* name() const noexcept override { return "riemann"; }
  [[nodiscard]] std::string message(int e) const override { return text(e); }
  [[nodiscard]] const char* message(int e, char*, std::size_t) const noexcept override
  {
    return text(e);
  }
  [[nodiscard]] boost::system::error_condition
  default_error_condition(int e) const noexcept override
  {
    const auto generic = codec::traits_of(static_cast<errc>(e)).generic;
    if (generic == boost::system::errc::success) {
      return {e, *this};
    }
    return boost::system::errc::make_error_condition(generic);
  }

private:
  static const char* text(int e) noexcept { return codec::traits_of(static_cast<errc>(e)).text; }
};

#pragma GCC diagnostic pop

} // namespace

namespace codec {

errc_traits traits_of(errc e) noexcept
{
  using boost::system::errc::operation_canceled;
  using boost::system::errc::timed_out;
  switch (e) {
  case errc::rejected:
    return {outcome::rejected, "The server rejected the message."};
  case errc::cancelled:
    return {outcome::not_sent, "The message was cancelled before it was written.",
            operation_canceled};
  case errc::overloaded:
    return {outcome::not_sent, "Too many messages or bytes are queued already."};
  case errc::dropped:
    return {outcome::not_sent, "The message made way for another in a full queue."};
  case errc::message_too_large:
    return {outcome::not_sent,
            "The message is longer than max_message_size, over UDP max_datagram_size."};
  case errc::expired:
    return {outcome::not_sent, "The message's deadline passed before it was written.", timed_out};
  case errc::connect_failed:
    return {outcome::not_sent, "No connection to the server could be opened."};
  case errc::connect_timeout:
    return {outcome::not_sent, "No connection was open within connect_timeout.", timed_out};
  case errc::handshake_failed:
    return {outcome::not_sent, "The TLS handshake with the server failed."};
  case errc::handshake_timeout:
    return {outcome::not_sent, "The TLS handshake did not end within handshake_timeout.",
            timed_out};
  case errc::not_written:
    return {outcome::not_sent, "The connection broke before any of the message was written."};
  case errc::disconnected:
    return {outcome::not_sent, "The transport was disconnected."};
  case errc::not_supported:
    return {outcome::not_sent, "The transport cannot do what the message asks."};
  case errc::abandoned:
    return {outcome::unknown, "The message was cancelled after it was written.",
            operation_canceled};
  case errc::connection_lost:
    return {outcome::unknown, "The connection was lost before the answer came."};
  case errc::tls_failed:
    return {outcome::unknown, "TLS ended the connection before the answer came."};
  case errc::deadline_exceeded:
    return {outcome::unknown, "The message's deadline passed before the answer came.", timed_out};
  case errc::answer_timeout:
    return {outcome::unknown, "The server did not answer within answer_timeout.", timed_out};
  case errc::write_timeout:
    return {outcome::unknown, "Nothing could be written within write_timeout.", timed_out};
  case errc::drain_timeout:
    return {outcome::unknown, "The answer did not come before the disconnect's deadline.",
            timed_out};
  case errc::malformed_answer:
    return {outcome::unknown, "The server's answer is not a Riemann message."};
  case errc::answer_too_large:
    return {outcome::unknown, "The server's answer is longer than max_answer_size."};
  case errc::unexpected_events:
    return {outcome::unknown, "The server answered a message without a query with events."};
  case errc::surplus_answer:
    return {outcome::unknown, "The server sent an answer that nothing had asked for."};
  case errc::frame_too_large:
    return {outcome::unknown, "The frame is longer than the limit given."};
  }
  return {outcome::unknown, "An error that is not riemann's."};
}

} // namespace codec

const boost::system::error_category& error_category() noexcept
{
  static const category instance;
  return instance;
}

server_error::server_error(const std::string& text)
    : boost::system::system_error{make_error_code(errc::rejected), text}
{}

} // namespace riemann::inline v0
