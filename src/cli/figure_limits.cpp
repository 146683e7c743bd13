#include "cli/figure_limits.hpp"

#include "cli/failure.hpp"
#include "cli/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace riemann::cli {

namespace {

/// Families whose figures are all measured in the same, so that their name stands for all.
constexpr std::array<std::string_view, 2> whole_families{"disk", "temperature"};

/// All figures there are; a star for what is named by the machine.
constexpr std::array<std::string_view, 33> known_figures{"cpu",
                                                         "cpu user",
                                                         "cpu nice",
                                                         "cpu system",
                                                         "cpu idle",
                                                         "cpu iowait",
                                                         "cpu irq",
                                                         "cpu softirq",
                                                         "cpu steal",
                                                         "load",
                                                         "load 1",
                                                         "load 5",
                                                         "load 15",
                                                         "memory",
                                                         "memory available",
                                                         "swap",
                                                         "disk",
                                                         "disk *",
                                                         "io * reads",
                                                         "io * read bytes",
                                                         "io * writes",
                                                         "io * written bytes",
                                                         "io * busy",
                                                         "network * bytes",
                                                         "network * packets",
                                                         "network * errors",
                                                         "network * drops",
                                                         "uptime",
                                                         "processes",
                                                         "processes running",
                                                         "processes blocked",
                                                         "temperature",
                                                         "temperature *"};

/// Whether the pattern, in which a star stands for any text, matches the whole text.
bool matches(std::string_view pattern, std::string_view text)
{
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos; ///< the last one met
  std::size_t tried = 0;                     ///< where what follows it was last tried
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      tried = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++tried;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_family(std::string_view name)
{
  return std::ranges::find(whole_families, name) != whole_families.end();
}

bool applies(std::string_view pattern, std::string_view figure)
{
  return matches(pattern, figure) ||
         (is_family(pattern) && figure.starts_with(pattern) && figure.size() > pattern.size() &&
          figure[pattern.size()] == ' ');
}

std::string_view first_word(std::string_view text)
{
  return text.substr(0, text.find(' '));
}

/// A pattern of the user's is taken if there are figures in its family.
bool is_known(std::string_view figure)
{
  return std::ranges::any_of(known_figures, [&](std::string_view known) {
    return matches(known, figure) ||
           (figure.find('*') != std::string_view::npos && first_word(known) == first_word(figure));
  });
}

[[noreturn]] void complain(const given& value, const std::string& what)
{
  throw failure{exit_code::usage, value.source + " '" + value.text + "' " + what};
}

void check_figure(const given& value, std::string_view figure)
{
  if (is_known(figure)) {
    return;
  }
  const auto family = first_word(figure);
  if (figure == family && (family == "io" || family == "network")) {
    complain(value, "stands for figures of several kinds; name some, such as '" +
                        std::string{family == "io" ? "io * busy" : "network * errors"} + "'");
  }
  complain(value, "names no figure of the agent's; `riemann-cli -T none agent --count 1` shows "
                  "them all");
}

/// Nothing for an empty text.
std::optional<double> parse_limit(const given& value, std::string_view text)
{
  if (text.empty()) {
    return {};
  }
  const auto number = number_in<double>(text);
  if (!number || !std::isfinite(*number)) {
    complain(value, "has '" + std::string{text} + "' for a number; give one such as 0.9");
  }
  return number;
}

thresholds parse_limits(const given& value, std::string_view text)
{
  thresholds limits;
  const bool below = text.starts_with('<');
  text.remove_prefix(below ? 1 : 0);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    complain(value, "is not FIGURE=WARNING:CRITICAL; give a threshold such as cpu=0.9:0.95");
  }
  limits.warning = parse_limit(value, text.substr(0, colon));
  limits.critical = parse_limit(value, text.substr(colon + 1));
  if (!limits.any()) {
    complain(value, "has no number; to judge a figure no more give FIGURE=off");
  }
  const bool both = limits.warning && limits.critical;
  if (below && both && *limits.critical > *limits.warning) {
    complain(value, "has a critical above its warning, where below is bad; turn them round");
  }
  if (below || (both && *limits.warning > *limits.critical)) {
    limits.side = bad_side::below;
  }
  return limits;
}

} // namespace

figure_limits::figure_limits()
    : limits_{{"cpu", {.warning = 0.90, .critical = 0.95}},
              {"load", {.warning = 3, .critical = 8}},
              {"memory", {.warning = 0.85, .critical = 0.95}},
              {"disk", {.warning = 0.90, .critical = 0.95}},
              {"temperature", {.warning = 85, .critical = 95}}}
{}

severity figure_limits::judge(std::string_view figure, double value) const
{
  const auto found = std::find_if(limits_.rbegin(), limits_.rend(), [&](const figure_limit& one) {
    return applies(one.figure, figure);
  });
  return found == limits_.rend() ? severity::ok : found->limits.judge(value);
}

figure_limit parse_threshold(const given& value)
{
  // The last: a mount point may have one in its name.
  const auto equals = value.text.rfind('=');
  if (equals == std::string::npos || equals == 0) {
    complain(value, "is not FIGURE=WARNING:CRITICAL; give a threshold such as cpu=0.9:0.95");
  }
  const std::string_view text = value.text;
  const auto figure = text.substr(0, equals);
  check_figure(value, figure);
  const auto limits = text.substr(equals + 1);
  return {std::string{figure}, limits == "off" ? thresholds{} : parse_limits(value, limits)};
}

} // namespace riemann::cli
