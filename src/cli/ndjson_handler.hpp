#ifndef RIEMANN_CLI_NDJSON_HANDLER_HPP
#define RIEMANN_CLI_NDJSON_HANDLER_HPP

#include "cli/event_field.hpp"
#include "cli/values.hpp"

#include <riemann/event.hpp>

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::cli {

/// Puts what a JSON parser finds straight into an event: there is no tree between. Each
/// function that returns false has said why in `problem`.
class ndjson_handler {
public:
  explicit ndjson_handler(metric_kind kind) noexcept : kind_{kind} {}

  void start(event& e);
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  // What Boost.JSON asks of a handler; the limits are the record's.
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;
  using json_error = boost::json::error_code;
  using json_text = boost::json::string_view;

  static bool on_document_begin(json_error& /*ec*/) { return true; }
  bool on_document_end(json_error& /*ec*/) { return true; }
  bool on_object_begin(json_error& ec);
  bool on_object_end(std::size_t n, json_error& ec);
  bool on_array_begin(json_error& ec);
  bool on_array_end(std::size_t n, json_error& ec);
  bool on_key_part(json_text part, std::size_t n, json_error& ec);
  bool on_key(json_text part, std::size_t n, json_error& ec);
  bool on_string_part(json_text part, std::size_t n, json_error& ec);
  bool on_string(json_text part, std::size_t n, json_error& ec);
  bool on_number_part(json_text part, json_error& ec);
  bool on_int64(std::int64_t value, json_text part, json_error& ec);
  bool on_uint64(std::uint64_t value, json_text part, json_error& ec);
  bool on_double(double value, json_text part, json_error& ec);
  bool on_bool(bool value, json_error& ec);
  bool on_null(json_error& ec);
  static bool on_comment_part(json_text /*part*/, json_error& /*ec*/) { return true; }
  static bool on_comment(json_text /*part*/, json_error& /*ec*/) { return true; }

private:
  enum class place { outside, fields, tags, attributes };

  bool refuse(std::string problem, json_error& ec);
  bool refuse_kind(std::string_view found, json_error& ec);
  bool refuse_repeated(std::string_view key, json_error& ec);
  bool check_attributes(json_error& ec);
  bool take_text(std::string_view text, json_error& ec);
  bool take_number(json_text part, json_error& ec);
  bool take_number_text(std::string_view text, json_error& ec);
  /// The parts that came, and the last of them.
  std::string_view joined(json_text last);

  metric_kind kind_;
  event* event_ = nullptr;
  place place_ = place::outside;
  event_field field_ = event_field::host;
  std::bitset<event_field_names.size()> seen_{};
  std::string attribute_{};
  std::size_t first_attribute_ = 0; ///< of the line's own
  std::vector<std::string_view> keys_{};
  std::string parts_{};
  std::string number_{};
  bool seconds_given_ = false; ///< as `time`
  bool micros_given_ = false;
  std::string problem_{};
  std::string time_problem_{}; ///< of the seconds, unless the microseconds are there
};

} // namespace riemann::cli

#endif
