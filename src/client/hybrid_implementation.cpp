#include "client/hybrid_implementation.hpp"

#include <riemann/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <string>
#include <utility>

namespace riemann::inline v0::clients {

using boost::system::error_code;

namespace {

bool is_name(const std::string& host)
{
  error_code not_literal;
  boost::asio::ip::make_address(host, not_literal);
  return not_literal.failed();
}

} // namespace

hybrid_implementation::hybrid_implementation(const boost::asio::any_io_executor& executor,
                                             const hybrid_options& options, parts inside)
    : router{executor},
      options_{options},
      inside_{std::move(inside)},
      datagrams_{inside_.make_datagrams(executor)},
      look_up_due_{clock::now() + options.resolve_interval}
{
  if (is_name(options_.udp.host)) {
    resolver_.emplace(executor);
  }
}

router::route hybrid_implementation::first_route(const routed_send& what, clock::time_point now)
{
  const message& m = what.payload;
  if (m.has_query() || m.size() > options_.udp.max_datagram_size) {
    return {inside_.stream, stream, true};
  }
  look_up_if_due(now);
  return by_datagram();
}

router::route hybrid_implementation::by_datagram() const
{
  return {.to = datagrams_, .by = datagrams_at_, .last = false, .locked = true};
}

/// The path takes less than was thought, or where it was given to was retired before it
/// could send it.
bool hybrid_implementation::goes_on(const routed_send&, place by, error_code error) const
{
  const bool was_retired = by != datagrams_at_;
  return by != stream &&
         (error == errc::message_too_large || (was_retired && error == errc::disconnected));
}

router::route hybrid_implementation::next_route(routed_send&, error_code error)
{
  return error == errc::disconnected ? by_datagram() : route{inside_.stream, stream, true};
}

outcome hybrid_implementation::good_at(place by) const noexcept
{
  return by == stream ? outcome::acked : outcome::sent;
}

joint_wait::need hybrid_implementation::connect_needs() const noexcept
{
  return joint_wait::need::all;
}

void hybrid_implementation::visit(const visitor& each) const
{
  each(*inside_.stream);
  each(*datagrams_);
  for (const auto& old : retired_) {
    each(*old);
  }
}

hybrid_implementation::address hybrid_implementation::datagram_address() const
{
  const std::scoped_lock lock{mutex_};
  return inside_.address_of(*datagrams_);
}

} // namespace riemann::inline v0::clients
