#include "client/routed_send.hpp"

#include "client/router.hpp"

#include <utility>

namespace riemann::inline v0::clients {

routed_send::~routed_send()
{
  owner->forget(*this);
}

void attempt_end::operator()(boost::system::error_code error, response answer)
{
  const auto what = std::move(what_);
  what->owner->attempted(what, by_, error, std::move(answer));
}

} // namespace riemann::inline v0::clients
