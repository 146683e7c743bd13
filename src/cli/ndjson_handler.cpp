#include "cli/ndjson_handler.hpp"

#include "cli/event_values.hpp"
#include "cli/failure.hpp"

#include <algorithm>
#include <utility>

namespace riemann::cli {

namespace {

std::string_view view(boost::json::string_view text)
{
  return {text.data(), text.size()};
}

std::string_view expected(event_field field)
{
  switch (field) {
  case event_field::host:
  case event_field::service:
  case event_field::state:
  case event_field::description:
    return "a text in quotes";
  case event_field::metric:
  case event_field::ttl:
    return R"(a number, or "NaN", "Infinity" or "-Infinity")";
  case event_field::tags:
    return R"(an array of texts, such as ["a", "b"])";
  case event_field::time:
  case event_field::time_micros:
    return "a number";
  case event_field::attributes:
    break;
  }
  return R"(an object of texts, such as {"key": "value"})";
}

} // namespace

void ndjson_handler::start(event& e)
{
  event_ = &e;
  place_ = place::outside;
  parts_.clear();
  number_.clear();
  seen_.reset();
  seconds_given_ = false;
  micros_given_ = false;
  problem_.clear();
  time_problem_.clear();
}

bool ndjson_handler::refuse(std::string problem, json_error& ec)
{
  problem_ = std::move(problem);
  ec = boost::json::make_error_code(boost::json::error::syntax);
  return false;
}

bool ndjson_handler::refuse_kind(std::string_view found, json_error& ec)
{
  const std::string is = " is " + std::string{found} + "; give ";
  switch (place_) {
  case place::outside:
    return refuse("the line" + is + "one JSON object", ec);
  case place::fields:
    break;
  case place::tags:
    return refuse("a tag" + is + "a text in quotes", ec);
  case place::attributes:
    return refuse("attribute '" + attribute_.substr(0, 64) + "'" + is + "a text in quotes", ec);
  }
  const auto name = event_field_names.at(static_cast<std::size_t>(field_));
  return refuse(std::string{name} + is + std::string{expected(field_)}, ec);
}

bool ndjson_handler::on_object_begin(json_error& ec)
{
  if (place_ == place::outside) {
    place_ = place::fields;
    return true;
  }
  if (place_ == place::fields && field_ == event_field::attributes) {
    place_ = place::attributes;
    first_attribute_ = event_->attributes.size();
    return true;
  }
  return refuse_kind("an object", ec);
}

bool ndjson_handler::on_object_end(std::size_t /*n*/, json_error& ec)
{
  if (place_ == place::attributes) {
    place_ = place::fields;
    return check_attributes(ec);
  }
  place_ = place::outside;
  return time_problem_.empty() || micros_given_ || refuse(time_problem_, ec);
}

/// Which of the two is meant, nobody knows.
bool ndjson_handler::refuse_repeated(std::string_view key, json_error& ec)
{
  return refuse("key '" + std::string{key.substr(0, 64)} + "' is there twice; leave one out", ec);
}

/// All at once, and sorted: a line has room for very many.
bool ndjson_handler::check_attributes(json_error& ec)
{
  keys_.clear();
  for (std::size_t i = first_attribute_; i != event_->attributes.size(); ++i) {
    keys_.emplace_back(event_->attributes[i].key);
    if (is_taken_by_a_field(keys_.back())) {
      return refuse(describe_taken_key(keys_.back()), ec);
    }
  }
  std::ranges::sort(keys_);
  const auto repeated = std::ranges::adjacent_find(keys_);
  return repeated == keys_.end() || refuse_repeated("attributes." + std::string{*repeated}, ec);
}

bool ndjson_handler::on_array_begin(json_error& ec)
{
  if (place_ == place::fields && field_ == event_field::tags) {
    place_ = place::tags;
    return true;
  }
  return refuse_kind("an array", ec);
}

bool ndjson_handler::on_array_end(std::size_t /*n*/, json_error& /*ec*/)
{
  place_ = place::fields;
  return true;
}

bool ndjson_handler::on_key_part(json_text part, std::size_t /*n*/, json_error& /*ec*/)
{
  parts_.append(view(part));
  return true;
}

bool ndjson_handler::on_key(json_text part, std::size_t /*n*/, json_error& ec)
{
  const std::string_view key = joined(part);
  if (place_ == place::attributes) {
    attribute_ = key;
    parts_.clear();
    return true;
  }
  const auto field = find_event_field(key);
  if (!field) {
    return refuse(describe_unknown_field("key", key), ec);
  }
  const auto number = static_cast<std::size_t>(*field);
  if (seen_.test(number)) {
    return refuse_repeated(key, ec);
  }
  seen_.set(number);
  parts_.clear();
  field_ = *field;
  return true;
}

bool ndjson_handler::on_string_part(json_text part, std::size_t /*n*/, json_error& /*ec*/)
{
  parts_.append(view(part));
  return true;
}

bool ndjson_handler::on_string(json_text part, std::size_t /*n*/, json_error& ec)
{
  const bool good = take_text(joined(part), ec);
  parts_.clear();
  return good;
}

bool ndjson_handler::take_text(std::string_view text, json_error& ec)
{
  if (place_ == place::tags) {
    event_->tags.emplace_back(text);
    return true;
  }
  if (place_ == place::attributes) {
    event_->attributes.push_back({.key = attribute_, .value = std::string{text}});
    return true;
  }
  if (place_ == place::fields && set_text(*event_, field_, text)) {
    return true;
  }
  const bool may_be_named = field_ == event_field::metric || field_ == event_field::ttl;
  if (place_ == place::fields && may_be_named && is_named_number(text)) {
    return take_number_text(text, ec);
  }
  return refuse_kind("a text", ec);
}

bool ndjson_handler::on_number_part(json_text part, json_error& /*ec*/)
{
  number_.append(view(part));
  return true;
}

bool ndjson_handler::on_int64(std::int64_t /*value*/, json_text part, json_error& ec)
{
  return take_number(part, ec);
}

bool ndjson_handler::on_uint64(std::uint64_t /*value*/, json_text part, json_error& ec)
{
  return take_number(part, ec);
}

/// Its value may be off in the last place: it is the text that counts.
bool ndjson_handler::on_double(double /*value*/, json_text part, json_error& ec)
{
  return take_number(part, ec);
}

bool ndjson_handler::take_number(json_text part, json_error& ec)
{
  if (number_.empty()) {
    return take_number_text(view(part), ec);
  }
  number_.append(view(part));
  const std::string text = std::exchange(number_, {});
  return take_number_text(text, ec);
}

bool ndjson_handler::take_number_text(std::string_view text, json_error& ec)
{
  if (place_ != place::fields || !is_number_field(field_)) {
    return refuse_kind("a number", ec);
  }
  seconds_given_ = seconds_given_ || field_ == event_field::time;
  if (field_ == event_field::time && micros_given_) {
    return true; // those say more
  }
  micros_given_ = micros_given_ || field_ == event_field::time_micros;
  try {
    set_number(*event_, field_, text, kind_);
  } catch (const failure& wrong) {
    if (field_ != event_field::time) {
      return refuse(wrong.what(), ec);
    }
    time_problem_ = wrong.what(); // unless the microseconds are there
  }
  return true;
}

bool ndjson_handler::on_bool(bool value, json_error& ec)
{
  return refuse_kind(value ? "true" : "false", ec);
}

bool ndjson_handler::on_null(json_error& ec)
{
  if (place_ == place::attributes) {
    event_->attributes.push_back({.key = attribute_, .value = {}});
    return true;
  }
  if (place_ != place::fields) {
    return refuse_kind("null", ec);
  }
  const bool other_time_given = (field_ == event_field::time && micros_given_) ||
                                (field_ == event_field::time_micros && seconds_given_);
  if (!other_time_given) {
    clear(*event_, field_);
  }
  return true;
}

std::string_view ndjson_handler::joined(json_text last)
{
  return parts_.empty() ? view(last) : std::string_view{parts_.append(view(last))};
}

} // namespace riemann::cli
