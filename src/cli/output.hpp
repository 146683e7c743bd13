#ifndef RIEMANN_CLI_OUTPUT_HPP
#define RIEMANN_CLI_OUTPUT_HPP

#include <string_view>

namespace riemann::cli {

/// Writes the text and a line's end to standard output, at once. Throws a
/// `failure` when that cannot be done: a quiet one when the reader has gone.
void print_line(std::string_view text);

/// One line to standard error, `riemann-cli: ` and the sentence.
void complain_line(std::string_view sentence);

/// A line on the terminal of standard error that the next one replaces, and what is
/// complained of, too; empty: none.
void show_status(std::string_view text);

/// Writes the text to standard output as it is; otherwise as `print_line`.
void print(std::string_view text);

/// Gives the standard streams that are closed something to be, lest a socket
/// take their place, and has a reader that has gone reported as an error.
void prepare_standard_streams();

} // namespace riemann::cli

#endif
