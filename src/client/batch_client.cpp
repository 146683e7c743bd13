#include "client/batch_implementation.hpp"

#include <riemann/batch_client.hpp>

namespace riemann::inline v0 {

namespace {

std::shared_ptr<detail::batch_implementation>
make_implementation(std::shared_ptr<detail::implementation> transport, batch_options options)
{
  options.validate();
  auto clock = clients::make_alarm_clock(transport->executor());
  return std::make_shared<clients::batch_implementation>(std::move(transport), std::move(options),
                                                         std::move(clock));
}

} // namespace

batch_client::batch_client(basic_transport& transport, batch_options options)
    : implementation_{make_implementation(transport.implementation_, std::move(options))}
{}

batch_client::batch_client(any_transport&& transport, batch_options options)
    : implementation_{make_implementation(static_cast<basic_transport&>(transport).implementation_,
                                          std::move(options))}
{
  owned_.emplace(std::move(transport));
}

batch_client& batch_client::operator=(batch_client&& other) noexcept
{
  if (this != &other) {
    close();
    implementation_ = std::move(other.implementation_);
    owned_ = std::move(other.owned_);
  }
  return *this;
}

batch_client::~batch_client()
{
  close();
}

void batch_client::close() noexcept
{
  if (implementation_) {
    implementation_->close();
  }
}

} // namespace riemann::inline v0
