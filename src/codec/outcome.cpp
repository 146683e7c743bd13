#include "codec/errc_traits.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/error.hpp>
#include <riemann/outcome.hpp>

#include <string>

namespace riemann::inline v0 {

namespace {

const char* explain(outcome o) noexcept
{
  switch (o) {
  case outcome::acked:
    return "The server acknowledged the message.";
  case outcome::sent:
    return "The datagram was handed to the kernel, and nothing more can be known of it.";
  case outcome::rejected:
    return "The server rejected the message, of which part may have been applied.";
  case outcome::not_sent:
    return "The message was not sent, and may be sent again.";
  case outcome::unknown:
    return "The message was written and not answered, and sending it again may double it.";
  }
  return "An outcome that is not riemann's.";
}

// Boost's base has a protected destructor that is not virtual, so that categories
// outlive `main`; gcc warns of it all the same.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

class category final : public boost::system::error_category {
public:
  [[nodiscard]] const char* name() const noexcept override { return "riemann.outcome"; }
  [[nodiscard]] std::string message(int o) const override { return text(o); }
  [[nodiscard]] const char* message(int o, char*, std::size_t) const noexcept override
  {
    return text(o);
  }
  using boost::system::error_category::equivalent;
  [[nodiscard]] bool equivalent(const boost::system::error_code& code,
                                int o) const noexcept override
  {
    return outcome_of(code) == static_cast<outcome>(o);
  }

private:
  static const char* text(int o) noexcept { return explain(static_cast<outcome>(o)); }
};

#pragma GCC diagnostic pop

} // namespace

std::string_view to_string(outcome o) noexcept
{
  switch (o) {
  case outcome::acked:
    return "acked";
  case outcome::sent:
    return "sent";
  case outcome::rejected:
    return "rejected";
  case outcome::not_sent:
    return "not_sent";
  case outcome::unknown:
    return "unknown";
  }
  return "not an outcome";
}

const char* to_string(connection_state s) noexcept
{
  switch (s) {
  case connection_state::connecting:
    return "connecting";
  case connection_state::open:
    return "open";
  case connection_state::failed:
    return "failed";
  case connection_state::lost:
    return "lost";
  case connection_state::closed:
    return "closed";
  case connection_state::backing_off:
    return "backing off";
  }
  return "not a state";
}

const boost::system::error_category& outcome_category() noexcept
{
  static const category instance;
  return instance;
}

outcome outcome_of(const boost::system::error_code& ec) noexcept
{
  if (!ec) {
    return outcome::acked;
  }
  if (ec.category() != error_category()) {
    return outcome::unknown;
  }
  return codec::traits_of(static_cast<errc>(ec.value())).result;
}

} // namespace riemann::inline v0
