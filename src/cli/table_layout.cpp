#include "cli/table_layout.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

namespace riemann::cli {

namespace {

using index = table_column::index;

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

/// What a column is not clipped below, to begin with.
constexpr column_widths comfortable{24, 24, 8, never, never, 12, never, 12, 12};

/// How a column gives way once all are as narrow as that; 0: it is left out.
struct step {
  index column;
  std::size_t least;
};

/// One after the other, until the rest fits.
constexpr std::array steps{
    step{index::ttl, 0},         step{index::time, 0},     step{index::host, 16},
    step{index::attributes, 0},  step{index::tags, 0},     step{index::host, 8},
    step{index::description, 0}, step{index::service, 12}, step{index::metric, 0},
    step{index::host, 0},        step{index::state, 0},    step{index::service, 0},
};

std::ptrdiff_t shown(const column_widths& widths)
{
  return std::ranges::count_if(widths, [](std::size_t width) { return width > 0; });
}

/// What each column has at least, where the least of all fit.
column_widths least_widths(const column_widths& natural, std::size_t columns)
{
  column_widths least{};
  std::ranges::transform(natural, comfortable, least.begin(),
                         [](std::size_t n, std::size_t c) { return std::min(n, c); });
  for (const step& next : steps) {
    if (total_width(least) <= columns) {
      break;
    }
    // Something is better than nothing.
    const bool is_last = shown(least) == 1;
    std::size_t& width = least[next.column];
    width = std::min(width, is_last ? std::max<std::size_t>(next.least, 1) : next.least);
  }
  return least;
}

/// The widest of the columns that may give way still; nothing if none may.
std::size_t* widest_of(column_widths& all, std::span<const index> columns,
                       const column_widths& least)
{
  std::size_t* widest = nullptr;
  for (const index c : columns) {
    if (all[c] > least[c] && (widest == nullptr || all[c] > *widest)) {
      widest = &all[c];
    }
  }
  return widest;
}

} // namespace

std::size_t total_width(const column_widths& widths)
{
  const auto columns = static_cast<std::size_t>(shown(widths));
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
         column_gap * (columns > 0 ? columns - 1 : 0);
}

column_widths fitted(const column_widths& natural, std::size_t columns)
{
  constexpr std::array texts{index::tags, index::description, index::attributes};
  constexpr std::array others{index::host,   index::service, index::state,
                              index::metric, index::ttl,     index::time};
  const column_widths least = least_widths(natural, columns);
  column_widths all{};
  for (std::size_t i = 0; i != all.size(); ++i) {
    all[i] = least[i] == 0 ? 0 : std::min(natural[i], std::max(least[i], columns));
  }
  while (total_width(all) > columns) {
    std::size_t* narrower = widest_of(all, texts, least);
    narrower = narrower != nullptr ? narrower : widest_of(all, others, least);
    if (narrower == nullptr) {
      break;
    }
    --*narrower;
  }
  return all;
}

} // namespace riemann::cli
