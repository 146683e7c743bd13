#include "client/reporter_implementation.hpp"

#include <riemann/reporter.hpp>

namespace riemann::inline v0 {

namespace {

std::shared_ptr<detail::reporter_implementation>
make_implementation(std::shared_ptr<detail::implementation> transport, reporter_options options)
{
  options.validate();
  auto clock = clients::make_alarm_clock(transport->executor());
  return std::make_shared<clients::reporter_implementation>(std::move(transport),
                                                            std::move(options), std::move(clock));
}

} // namespace

reporter::reporter(basic_transport& transport, reporter_options options)
    : implementation_{make_implementation(transport.implementation_, std::move(options))}
{}

reporter::reporter(any_transport&& transport, reporter_options options)
    : implementation_{make_implementation(static_cast<basic_transport&>(transport).implementation_,
                                          std::move(options))}
{
  owned_.emplace(std::move(transport));
}

reporter& reporter::operator=(reporter&& other) noexcept
{
  if (this != &other) {
    close();
    implementation_ = std::move(other.implementation_);
    owned_ = std::move(other.owned_);
  }
  return *this;
}

reporter::~reporter()
{
  close();
}

void reporter::close() noexcept
{
  if (implementation_) {
    implementation_->close();
  }
}

} // namespace riemann::inline v0
