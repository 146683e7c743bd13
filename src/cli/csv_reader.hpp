#ifndef RIEMANN_CLI_CSV_READER_HPP
#define RIEMANN_CLI_CSV_READER_HPP

#include "cli/csv_record.hpp"
#include "cli/event_field.hpp"
#include "cli/event_reader.hpp"
#include "cli/values.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace riemann::cli {

/// CSV with a header of the names that JSON has; an attribute `k` is a column
/// `attributes.k`. An empty cell leaves the default, but for the host, which it leaves out, as
/// `null` in JSON; `""` is an empty text.
class csv_reader final : public event_reader {
public:
  explicit csv_reader(metric_kind kind) noexcept : kind_{kind} {}

  reading read(std::string_view record, event& e) override;
  [[nodiscard]] bool is_hopeless() const override { return hopeless_; }
  [[nodiscard]] std::string_view header() const override { return header_; }

private:
  struct column {
    event_field field{};
    /// Of an attribute.
    std::string key{};
  };

  [[nodiscard]] bool is_another_header(std::string_view record) const;
  reading read_header(std::string_view record);
  std::string add_column(const std::string& name);
  void set(event& e, const column& where, const csv_cell& cell) const;

  metric_kind kind_;
  std::vector<column> columns_{};
  std::optional<std::size_t> micros_column_{};
  std::vector<csv_cell> cells_{};
  std::string header_{};
  bool hopeless_ = false;
};

/// What an attribute's column has before its key.
inline constexpr std::string_view attribute_column = "attributes.";

} // namespace riemann::cli

#endif
