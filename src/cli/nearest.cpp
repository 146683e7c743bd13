#include "cli/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace riemann::cli {

std::size_t edit_distance(std::string_view a, std::string_view b)
{
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width);
  std::vector<std::size_t> last(width);
  std::vector<std::size_t> row(width);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last.back();
}

std::string nearest(std::string_view text, const std::vector<std::string>& candidates)
{
  // A third of the letters wrong, and it is another word. What is absurdly long is none.
  constexpr std::size_t longest = 64;
  std::string best;
  std::size_t least = std::max<std::size_t>(text.size() / 3, 1) + 1;
  if (text.size() > longest) {
    return best;
  }
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(text, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string suggestion(std::string_view text, const std::vector<std::string>& candidates)
{
  const std::string meant = nearest(text, candidates);
  return meant.empty() ? meant : " (did you mean " + meant + "?)";
}

} // namespace riemann::cli
