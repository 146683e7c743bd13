#include "cli/display_width.hpp"

#include <clocale>
#include <cwchar>

namespace riemann::cli {

namespace {

/// Made once, of a file; never freed.
::locale_t unicode()
{
  static const ::locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return made;
}

/// What the C library knows of characters, whatever the user's locale is.
class unicode_locale {
public:
  unicode_locale() : before_{unicode() == nullptr ? nullptr : ::uselocale(unicode())} {}
  unicode_locale(const unicode_locale&) = delete;
  unicode_locale& operator=(const unicode_locale&) = delete;
  ~unicode_locale()
  {
    if (before_ != nullptr) {
      ::uselocale(before_);
    }
  }

private:
  ::locale_t before_;
};

struct character {
  std::size_t bytes;
  std::size_t columns;
};

/// The first of a text that is valid and not empty.
character first_of(std::string_view text)
{
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  bytes = bytes < text.size() ? bytes : text.size();
  auto code = static_cast<wchar_t>(bytes == 1 ? lead : lead & (0xFFU >> (bytes + 1)));
  for (std::size_t i = 1; i < bytes; ++i) {
    code = static_cast<wchar_t>((code << 6) | (static_cast<unsigned char>(text[i]) & 0x3F));
  }
  const int columns = ::wcwidth(code);
  return {bytes, static_cast<std::size_t>(columns < 0 ? 1 : columns)};
}

} // namespace

std::size_t display_width(std::string_view text)
{
  const unicode_locale here;
  std::size_t columns = 0;
  while (!text.empty()) {
    const character next = first_of(text);
    columns += next.columns;
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string clipped(std::string_view text, std::size_t columns)
{
  if (display_width(text) <= columns) {
    return std::string{text};
  }
  const unicode_locale here;
  std::size_t taken = 0;
  std::size_t used = 0;
  while (taken < text.size()) {
    const character next = first_of(text.substr(taken));
    if (used + next.columns + 1 > columns) {
      break;
    }
    used += next.columns;
    taken += next.bytes;
  }
  return std::string{text.substr(0, taken)} + (columns > 0 ? "\u2026" : "");
}

} // namespace riemann::cli
