#ifndef RIEMANN_CLI_TERMINAL_HPP
#define RIEMANN_CLI_TERMINAL_HPP

#include <cstddef>

namespace riemann::cli {

bool is_terminal(int descriptor);

/// Whether it is a terminal on which the cursor can be moved: not where TERM is dumb.
bool is_screen(int descriptor);

/// Whether standard output is such a one and nobody has set NO_COLOR.
bool takes_colour();

struct terminal_size {
  std::size_t columns;
  std::size_t rows;
};

/// That of standard output's terminal, else what COLUMNS and LINES say, else 80 by 24.
terminal_size size_of_terminal();

/// How wide a table may be: as standard output's terminal, else what COLUMNS says; 0: as
/// wide as it comes.
std::size_t table_width();

} // namespace riemann::cli

#endif
