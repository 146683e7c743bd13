#ifndef RIEMANN_CLI_NDJSON_READER_HPP
#define RIEMANN_CLI_NDJSON_READER_HPP

#include "cli/event_reader.hpp"
#include "cli/values.hpp"

#include <memory>

namespace riemann::cli {

/**
 * One JSON object a line, with the keys that queries are printed with. `null` leaves a
 * field out, whatever the default; tags and attributes are added to the default's. A key
 * that is there twice is refused, an attribute's too. The array that `query` prints, one
 * event a line, is read: its brackets and commas are those of its lines.
 */
class ndjson_reader final : public event_reader {
public:
  explicit ndjson_reader(metric_kind kind);
  ~ndjson_reader() override;

  reading read(std::string_view record, event& e) override;
  /// Without an array's comma.
  [[nodiscard]] std::string_view kept(std::string_view record) const override;

private:
  class parser;

  std::unique_ptr<parser> parser_;
  bool in_array_ = false;
};

} // namespace riemann::cli

#endif
