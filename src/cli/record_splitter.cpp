#include "cli/record_splitter.hpp"

#include <algorithm>

namespace riemann::cli {

void record_splitter::take_back() noexcept
{
  begin_ = scanned_ = last_begin_;
  line_ = last_line_;
}

void record_splitter::feed(std::string_view piece)
{
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  buffer_.append(piece);
}

std::optional<record> record_splitter::next()
{
  const std::size_t end = find_end();
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    forget_what_is_too_long();
    return buffer_.empty() || !skipping_ ? std::nullopt : next();
  }
  auto taken = take(end);
  begin_ = scanned_ = end + 1;
  return taken;
}

std::optional<record> record_splitter::finish()
{
  if (begin_ == buffer_.size() && !skipping_) {
    return {};
  }
  auto taken = take(buffer_.size());
  begin_ = scanned_ = buffer_.size();
  // Behind a line's end within an open quote there is no line more.
  taken->lines -= taken->text.ends_with('\n') ? 1 : 0;
  return taken;
}

std::size_t record_splitter::find_end() noexcept
{
  // Of a record that is skipped, quotes may have been what made it too long.
  return heeds_quotes_ && !skipping_ ? find_csv_end() : buffer_.find('\n', scanned_);
}

std::size_t record_splitter::find_csv_end() noexcept
{
  for (std::size_t i = scanned_; i < buffer_.size(); ++i) {
    const char c = buffer_[i];
    if (place_ == place::quoted) {
      place_ = c == '"' ? place::quote_in_quoted : place::quoted;
      inner_lines_ += c == '\n' ? 1 : 0;
    } else if (c == '\n') {
      return i;
    } else if (c == '"' && place_ != place::plain) {
      place_ = place::quoted;
    } else {
      place_ = c == ',' ? place::cell_start : place::plain;
    }
  }
  return std::string::npos;
}

std::optional<record> record_splitter::take(std::size_t end)
{
  record taken{.text = std::string_view{buffer_}.substr(begin_, end - begin_),
               .line = line_,
               .lines = 1 + inner_lines_};
  taken.too_long = skipping_ || taken.text.size() > longest;
  if (taken.too_long) {
    taken.text = {};
  } else if (taken.text.ends_with('\r')) {
    taken.text.remove_suffix(1);
  }
  last_begin_ = begin_;
  last_line_ = line_;
  line_ += taken.lines;
  inner_lines_ = 0;
  place_ = place::cell_start;
  skipping_ = false;
  return taken;
}

/// Goes on at the first line's end behind the limit, be it between quotes: of an open
/// quote nobody knows where it was to end.
void record_splitter::forget_what_is_too_long()
{
  std::size_t end = buffer_.size();
  if (!skipping_) {
    if (buffer_.size() - begin_ <= longest) {
      return;
    }
    end = std::min(buffer_.find('\n', begin_ + longest), end);
    const std::string_view dropped = std::string_view{buffer_}.substr(begin_, end - begin_);
    inner_lines_ = static_cast<std::uint64_t>(std::ranges::count(dropped, '\n'));
  }
  skipping_ = true;
  buffer_.erase(0, end);
  begin_ = scanned_ = 0;
}

} // namespace riemann::cli
