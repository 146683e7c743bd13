#ifndef RIEMANN_CLI_WORDS_HPP
#define RIEMANN_CLI_WORDS_HPP

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace riemann::cli {

/// The lines of a text, without their ends; views into it.
std::vector<std::string_view> lines_of(std::string_view text);
/// What stands between blanks and tabs.
std::vector<std::string_view> words_of(std::string_view line);

/// A number that is the whole word.
template <class T>
std::optional<T> number_in(std::string_view word)
{
  T value{};
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional<T>{value} : std::nullopt;
}

/// The numbers from word `first` on, up to the first word that is none.
template <class T>
std::vector<T> numbers_in(const std::vector<std::string_view>& words, std::size_t first)
{
  std::vector<T> numbers;
  for (std::size_t i = first; i < words.size(); ++i) {
    const auto number = number_in<T>(words[i]);
    if (!number) {
      break;
    }
    numbers.push_back(*number);
  }
  return numbers;
}

} // namespace riemann::cli

#endif
