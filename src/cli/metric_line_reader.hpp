#ifndef RIEMANN_CLI_METRIC_LINE_READER_HPP
#define RIEMANN_CLI_METRIC_LINE_READER_HPP

#include "cli/event_reader.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

/// The lines that the C client's `riemann-client send --stdin` reads: a metric, a state,
/// or a metric, a blank and a state.
class metric_line_reader final : public event_reader {
public:
  explicit metric_line_reader(metric_kind kind) noexcept : kind_{kind} {}

  reading read(std::string_view record, event& e) override;

private:
  metric_kind kind_;
};

/// Whether it is a number as a whole, be it one that can be sent or not.
bool is_number(std::string_view text);

} // namespace riemann::cli

#endif
