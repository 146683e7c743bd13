#include "codec/option_checks.hpp"

#include <riemann/thresholds.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

namespace riemann::inline v0 {

namespace {

std::string shown(double number)
{
  std::ostringstream text;
  text << number;
  return text.str();
}

void check_limit(const char* name, const std::optional<double>& limit)
{
  if (limit && std::isnan(*limit)) {
    codec::refuse_option(name, "NaN", "a number");
  }
}

/// `slack`: so far before the limit is bad, too.
severity grade(const thresholds& t, double value, double slack) noexcept
{
  const auto reaches = [&](const std::optional<double>& limit) {
    return limit && (t.side == bad_side::above ? value >= *limit - slack : value <= *limit + slack);
  };
  return reaches(t.critical)  ? severity::critical
         : reaches(t.warning) ? severity::warning
                              : severity::ok;
}

} // namespace

const char* to_string(severity s) noexcept
{
  switch (s) {
  case severity::ok:
    return "ok";
  case severity::warning:
    return "warning";
  case severity::critical:
    break;
  }
  return "critical";
}

severity thresholds::judge(double value, severity before) const noexcept
{
  const severity now = grade(*this, value, 0);
  return now >= before ? now : std::min(before, grade(*this, value, hysteresis));
}

void thresholds::validate() const
{
  check_limit("warning", warning);
  check_limit("critical", critical);
  if (side != bad_side::above && side != bad_side::below) {
    codec::refuse_option("side", std::to_string(static_cast<int>(side)), "one of bad_side's");
  }
  if (warning && critical) {
    if (side == bad_side::above && *critical < *warning) {
      codec::refuse_option("critical", shown(*critical),
                           "at least warning, " + shown(*warning) + ", where above is bad");
    }
    if (side == bad_side::below && *critical > *warning) {
      codec::refuse_option("critical", shown(*critical),
                           "at most warning, " + shown(*warning) + ", where below is bad");
    }
  }
  if (!(hysteresis >= 0)) {
    codec::refuse_option("hysteresis", shown(hysteresis), "at least 0");
  }
}

} // namespace riemann::inline v0
