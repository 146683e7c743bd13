#include "codec/option_checks.hpp"

#include <riemann/batch_options.hpp>
#include <riemann/message.hpp>

#include <limits>
#include <string>

namespace riemann::inline v0 {

namespace {

void check_linger(const batch_options& options)
{
  const auto linger = std::to_string(options.linger.count()) + " us";
  if (options.linger.count() < 1) {
    codec::refuse_option("linger", linger, "at least 1 us");
  }
  if (options.linger >= options.max_age) {
    codec::refuse_option("linger", linger,
                         "below max_age, " + std::to_string(options.max_age.count()) + " ms");
  }
}

/// What is queued must have room for a whole batch.
void check_room(std::string_view option, std::size_t given, std::string_view batch_option,
                std::size_t batch)
{
  codec::check_size(option, given);
  if (given < batch) {
    codec::refuse_option(option, std::to_string(given),
                         "at least " + std::string{batch_option} + ", " + std::to_string(batch));
  }
}

void check_policy(overload_policy policy)
{
  if (policy == overload_policy::wait) {
    codec::refuse_option("when_full", "overload_policy::wait", "another: a post never blocks");
  }
  if (policy < overload_policy::reject || policy > overload_policy::drop_newest) {
    codec::refuse_option("when_full", std::to_string(static_cast<int>(policy)),
                         "one of overload_policy's");
  }
}

} // namespace

void batch_options::validate() const
{
  codec::check_size("max_events", max_events, std::numeric_limits<std::uint32_t>::max());
  codec::check_size("max_bytes", max_bytes, message::max_size);
  codec::check_size("max_outstanding", max_outstanding);
  codec::check_duration("max_age", max_age);
  check_linger(*this);
  check_room("max_queued_events", max_queued_events, "max_events", max_events);
  check_room("max_queued_bytes", max_queued_bytes, "max_bytes", max_bytes);
  check_policy(when_full);
}

} // namespace riemann::inline v0
