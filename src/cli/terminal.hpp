#ifndef RIEMANN_CLI_TERMINAL_HPP
#define RIEMANN_CLI_TERMINAL_HPP

#include <cstddef>

namespace riemann::cli {

bool is_terminal(int descriptor);

/// Whether standard output is a terminal and nobody has set NO_COLOR.
bool takes_colour();

struct terminal_size {
  std::size_t columns;
  std::size_t rows;
};

/// That of standard output's terminal, else what COLUMNS and LINES say, else 80 by 24.
terminal_size size_of_terminal();

} // namespace riemann::cli

#endif
