#include "net/make_shell.hpp"
#include "net/tls_kind.hpp"
#include "net/tls_setup.hpp"

#include <riemann/tls_transport.hpp>

#include <boost/asio/error.hpp>

#include <exception>
#include <string>
#include <utility>

namespace riemann::inline v0 {

namespace {

std::shared_ptr<net::tls_setup> make_setup(const tls_options& options)
{
  options.validate();
  return std::make_shared<net::tls_setup>(options);
}

net::tls_settings settings_of(const tls_options& options, std::shared_ptr<net::tls_setup> setup)
{
  return {options.host,     options.port,       options.fallbacks,         options.session,
          options.no_delay, options.keep_alive, options.handshake_timeout, std::move(setup)};
}

template <class Reload>
boost::system::result<void, failure> outcome_of_reload(const Reload& reload)
{
  try {
    reload();
    return {};
  } catch (const boost::system::system_error& error) {
    return failure{error.code(), response::failure(error.what())};
  } catch (const std::exception& error) {
    // Invalid options, or what the user's own callback has thrown.
    return failure{make_error_code(boost::system::errc::invalid_argument),
                   response::failure(error.what())};
  }
}

} // namespace

tls_transport::tls_transport(const executor_type& executor, tls_options options)
    : tls_transport{executor, options, make_setup(options)}
{}

tls_transport::tls_transport(const executor_type& executor, const tls_options& options,
                             std::shared_ptr<net::tls_setup> setup)
    : basic_transport{net::make_shell<net::tls_kind>(executor, settings_of(options, setup))},
      setup_{std::move(setup)}
{}

boost::system::result<tls_connection> tls_transport::connection() const
{
  if (auto open = setup_->connection()) {
    return std::move(*open);
  }
  return boost::system::error_code{boost::asio::error::not_connected};
}

boost::system::result<void, failure> tls_transport::reload()
{
  return outcome_of_reload([&] { setup_->renew(); });
}

boost::system::result<void, failure> tls_transport::reload(const tls_options& fresh)
{
  return outcome_of_reload([&] { setup_->replace(fresh); });
}

} // namespace riemann::inline v0
