#ifndef RIEMANN_CLI_TABLE_LAYOUT_HPP
#define RIEMANN_CLI_TABLE_LAYOUT_HPP

#include <array>
#include <cstddef>

namespace riemann::cli {

/// The columns of a table of events, from the left.
struct table_column {
  enum index : std::size_t {
    host,
    service,
    state,
    metric,
    ttl,
    tags,
    time,
    description,
    attributes,
    count
  };
};

/// Zero for a column that is not shown.
using column_widths = std::array<std::size_t, table_column::count>;

inline constexpr std::size_t column_gap = 2;

/// With the gaps between.
std::size_t total_width(const column_widths& widths);

/**
 * Widths that are no wider than `columns` together. Long texts give way first, then names,
 * but service and host are not clipped so that nobody knows them again while there are
 * columns of less use to leave out.
 */
column_widths fitted(const column_widths& natural, std::size_t columns);

} // namespace riemann::cli

#endif
