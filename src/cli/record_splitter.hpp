#ifndef RIEMANN_CLI_RECORD_SPLITTER_HPP
#define RIEMANN_CLI_RECORD_SPLITTER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace riemann::cli {

/// One record of the input, without its line's end; valid until the splitter is used
/// again.
struct record {
  std::string_view text{};
  /// Of its first line, from 1.
  std::uint64_t line = 0;
  /// How many it takes.
  std::uint64_t lines = 0;
  /// It was longer than is taken: the text is gone.
  bool too_long = false;
};

/// Cuts input that comes in pieces into records. In memory it keeps one piece and one
/// record, however long the input.
class record_splitter {
public:
  /// A longer record is refused.
  static constexpr std::size_t longest = std::size_t{1} << 20;

  /// From now on line ends between CSV's quotes do not end a record.
  void heed_quotes() noexcept { heeds_quotes_ = true; }
  /// The last record was not too long, and is the next again.
  void take_back() noexcept;
  void feed(std::string_view piece);
  /// The next whole record; nothing until more is fed.
  std::optional<record> next();
  /// What stands behind the last line's end.
  std::optional<record> finish();

private:
  /// Where we are within a record of CSV.
  enum class place { cell_start, plain, quoted, quote_in_quoted };

  [[nodiscard]] std::size_t find_end() noexcept;
  [[nodiscard]] std::size_t find_csv_end() noexcept;
  std::optional<record> take(std::size_t end);
  void forget_what_is_too_long();

  std::string buffer_{};
  /// The record's first byte, and the first not looked at yet.
  std::size_t begin_ = 0;
  std::size_t scanned_ = 0;
  std::uint64_t line_ = 1;
  std::size_t last_begin_ = 0; ///< of the record that was taken last
  std::uint64_t last_line_ = 1;
  std::uint64_t inner_lines_ = 0;
  place place_ = place::cell_start;
  bool heeds_quotes_ = false;
  bool skipping_ = false;
};

} // namespace riemann::cli

#endif
