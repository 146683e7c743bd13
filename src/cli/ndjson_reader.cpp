#include "cli/ndjson_reader.hpp"

#include "cli/ndjson_handler.hpp"
#include "cli/text.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace riemann::cli {

class ndjson_reader::parser {
public:
  explicit parser(metric_kind kind) : parser_{boost::json::parse_options{}, kind} {}

  /// Empty: the record is an event's object.
  std::string parse(std::string_view text, event& e)
  {
    parser_.reset();
    ndjson_handler& handler = parser_.handler();
    handler.start(e);
    boost::json::error_code error;
    const std::size_t used = parser_.write_some(false, text.data(), text.size(), error);
    if (!error && used < text.size()) {
      error = boost::json::make_error_code(boost::json::error::extra_data);
    }
    if (!error) {
      return {};
    }
    if (!handler.problem().empty()) {
      return handler.problem();
    }
    return is_valid_utf8(text) ? "no JSON from column " + std::to_string(used + 1) + " on (" +
                                     error.message() + "); give one object on a line"
                               : "not UTF-8; convert it";
  }

private:
  boost::json::basic_parser<ndjson_handler> parser_;
};

namespace {

std::string_view trimmed(std::string_view text)
{
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace

ndjson_reader::ndjson_reader(metric_kind kind) : parser_{std::make_unique<parser>(kind)} {}

ndjson_reader::~ndjson_reader() = default;

reading ndjson_reader::read(std::string_view record, event& e)
{
  const std::string_view text = trimmed(record);
  if (text == "[" && !in_array_) {
    in_array_ = true;
    return reading::nothing;
  }
  if (in_array_ && text == "]") {
    in_array_ = false;
    return reading::nothing;
  }
  if (text.empty() || text == "[]") {
    return reading::nothing;
  }
  std::string problem = parser_->parse(kept(text), e);
  return problem.empty() ? reading::event : refuse(std::move(problem));
}

std::string_view ndjson_reader::kept(std::string_view record) const
{
  const std::string_view text = trimmed(record);
  return in_array_ && text.ends_with(',') ? text.substr(0, text.size() - 1) : record;
}

} // namespace riemann::cli
