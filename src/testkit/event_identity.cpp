#include "testkit/event_identity.hpp"

namespace riemann::inline v0::testkit::detail {

attribute_role role_of(std::string_view key) noexcept
{
  if (key == "time" || key == "ttl" || key == "tags" || key == "metric") {
    return attribute_role::ignored;
  }
  if (key == "host") {
    return attribute_role::host;
  }
  if (key == "service") {
    return attribute_role::service;
  }
  if (key == "state") {
    return attribute_role::state;
  }
  return key == "description" ? attribute_role::description : attribute_role::own;
}

event_identity::event_identity(const event_view& received) noexcept
    : host{received.host()}, service{received.service()}, state{received.state()}
{
  for (const auto& a : received.attributes()) {
    const auto text = a.value.value_or(std::string_view{});
    switch (role_of(a.key)) {
    case attribute_role::host:
      host = text;
      break;
    case attribute_role::service:
      service = text;
      break;
    case attribute_role::state:
      state = text;
      break;
    case attribute_role::own:
    case attribute_role::ignored:
    case attribute_role::description:
      break;
    }
  }
}

} // namespace riemann::inline v0::testkit::detail
