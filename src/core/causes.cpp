#include "core/causes.hpp"

#include <riemann/tls_error.hpp>

#include <boost/asio/error.hpp>

namespace riemann::inline v0::core {

boost::system::error_code aborted() noexcept
{
  return boost::asio::error::operation_aborted;
}

bool peer_has_gone(boost::system::error_code write) noexcept
{
  return write == boost::asio::error::broken_pipe || write == boost::asio::error::connection_reset;
}

bool is_refusal(boost::system::error_code read) noexcept
{
  return read == tls_error::client_certificate_required ||
         read == tls_error::client_certificate_refused || read == tls_error::refused;
}

std::string ending_of(boost::system::error_code read)
{
  if (read == boost::asio::error::eof) {
    return "the server closed the connection";
  }
  if (read == tls_error::truncated) {
    return "the connection was cut off, without TLS's close_notify";
  }
  if (read == tls_error::client_certificate_refused) {
    // A Riemann says it of a missing one, too.
    return "TLS: " + read.message() + ", of our certificate or for want of one";
  }
  return (is_tls_error(read) ? "TLS: " : "read: ") + read.message();
}

} // namespace riemann::inline v0::core
