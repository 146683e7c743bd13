#ifndef RIEMANN_TEST_INTEGRATION_TLS_ALERTS_HPP
#define RIEMANN_TEST_INTEGRATION_TLS_ALERTS_HPP

#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_code.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <optional>

namespace riemann::test {

/// The alert that the peer has sent, by its number (RFC 8446, section 6; OpenSSL's
/// `SSL_AD_...`), of which OpenSSL makes a reason; none: it is another error.
inline std::optional<int> alert_of(const boost::system::error_code& ec)
{
  if (ec.category() != boost::asio::error::get_ssl_category()) {
    return {};
  }
  const int reason = ERR_GET_REASON(static_cast<unsigned int>(ec.value()));
  return reason > SSL_AD_REASON_OFFSET ? std::optional{reason - SSL_AD_REASON_OFFSET}
                                       : std::nullopt;
}

} // namespace riemann::test

#endif
