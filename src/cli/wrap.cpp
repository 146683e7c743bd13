#include "cli/wrap.hpp"

#include "cli/words.hpp"

namespace riemann::cli {

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent)
{
  std::string result;
  std::size_t column = indent;
  for (const std::string_view word : words_of(text)) {
    if (column > indent && column + 1 + word.size() > columns) {
      result.append("\n").append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result.append(word);
    column += word.size();
  }
  return result;
}

} // namespace riemann::cli
