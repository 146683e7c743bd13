#include "cli/words.hpp"

namespace riemann::cli {

namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separators)
{
  std::vector<std::string_view> parts;
  for (;;) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(begin);
    parts.push_back(text.substr(0, text.find_first_of(separators)));
    text.remove_prefix(parts.back().size());
  }
}

} // namespace

std::vector<std::string_view> lines_of(std::string_view text)
{
  return split(text, "\r\n");
}

std::vector<std::string_view> words_of(std::string_view line)
{
  return split(line, " \t");
}

} // namespace riemann::cli
