#include "cli/csv.hpp"
#include "cli/csv_reader.hpp"
#include "cli/input_format.hpp"
#include "cli/json.hpp"
#include "cli/metric_line_reader.hpp"
#include "cli/ndjson_reader.hpp"
#include "cli/record_splitter.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace riemann::cli;
using riemann::event;

namespace {

event full_event()
{
  event e{
      .host = "h", .service = "a,\"b\"\n", .state = "", .metric = 0.1, .tags = {"x;y", "\\", ""}};
  e.ttl = riemann::ttl_duration{1.5F};
  e.time = riemann::timestamp::from_micros(-1);
  e.description = "\xE6\x97\xA5\xE6\x9C\xAC, \r\n";
  e.attributes = {{"k", "v"}, {"k,2", ""}};
  return e;
}

event read_json(const std::string& text, const event& defaults = {})
{
  ndjson_reader reader{metric_kind::as_written};
  event e = defaults;
  const reading result = reader.read(text, e);
  BOOST_TEST((result == reading::event), text << ": " << reader.problem());
  return e;
}

std::string refusal_of(event_reader& reader, const std::string& text)
{
  event e;
  return reader.read(text, e) == reading::bad ? reader.problem() : "no refusal";
}

std::vector<event> read_csv(const std::string& text)
{
  csv_reader reader{metric_kind::as_written};
  record_splitter splitter;
  splitter.heed_quotes();
  splitter.feed(text + "\n");
  std::vector<event> events;
  while (const auto record = splitter.next()) {
    event e;
    const reading result = reader.read(record->text, e);
    BOOST_TEST((result != reading::bad), record->text << ": " << reader.problem());
    if (result == reading::event) {
      events.push_back(e);
    }
  }
  return events;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_event_reader)

BOOST_AUTO_TEST_CASE(ndjson_when_an_event_is_shown_then_it_is_read_back)
{
  BOOST_TEST((read_json(to_json(full_event())) == full_event()));
  BOOST_TEST((read_json("{}") == event{}));
  event e{.metric = std::numeric_limits<std::int64_t>::min()};
  e.attributes = {{"none", std::nullopt}};
  BOOST_TEST((read_json(to_json(e)) == e));
  for (const double metric : {1e-310, 0.1 + 0.2, 1.7976931348623157e308, -0.0, 5e-324 * 3}) {
    const event number{.metric = metric};
    BOOST_TEST((read_json(to_json(number)) == number), metric);
  }
  const event infinite{.metric = -std::numeric_limits<double>::infinity()};
  BOOST_TEST((read_json(to_json(infinite)) == infinite));
  BOOST_TEST(std::isnan(read_json(to_json(event{.metric = std::nan("")})).metric->as_double()));
  for (const float seconds : {-1.0F, std::numeric_limits<float>::infinity(), -HUGE_VALF, 0.1F}) {
    const event lives{.ttl = riemann::ttl_duration{seconds}};
    BOOST_TEST((read_json(to_json(lives)) == lives), seconds);
  }
  BOOST_TEST(std::isnan(
      read_json(to_json(event{.ttl = riemann::ttl_duration{std::nanf("")}})).ttl->count()));
  // What has no host does not get one.
  const event defaults{.host = "default"};
  BOOST_TEST((read_json(to_json(event{.service = "s"}), defaults) == event{.service = "s"}));
  // Seconds that are beyond all microseconds, as they are shown of the last of those.
  const event last{.time =
                       riemann::timestamp::from_micros(std::numeric_limits<std::int64_t>::max())};
  BOOST_TEST((read_json(to_json(last)) == last));
}

BOOST_AUTO_TEST_CASE(time_when_it_is_bad_then_refused_unless_the_microseconds_are_there)
{
  ndjson_reader json{metric_kind::as_written};
  BOOST_TEST(refusal_of(json, R"({"time": 1e30})").find("time '1e30'") != std::string::npos);
  BOOST_TEST(refusal_of(json, R"({"time": 1e30, "time_micros": null})").find("time '1e30'") !=
             std::string::npos);
  const event e = read_json(R"({"time": 1e30, "time_micros": 7})");
  BOOST_TEST((e.time == riemann::timestamp::from_micros(7)));
  csv_reader csv{metric_kind::as_written};
  event record;
  BOOST_TEST((csv.read("time,time_micros", record) == reading::nothing));
  BOOST_TEST((csv.read("9223372036854775807,7", record) == reading::event));
  BOOST_TEST((record.time == riemann::timestamp::from_micros(7)));
  BOOST_TEST((csv.read("9223372036854775807,", record) == reading::bad));
}

BOOST_AUTO_TEST_CASE(ndjson_when_fields_are_null_then_left_out)
{
  const event defaults{.host = "default", .state = "s", .tags = {"t"}};
  const event e = read_json(R"({"host": "b", "state": null, "tags": ["u"], "time": 1})", defaults);
  BOOST_TEST(*e.host == "b");
  BOOST_TEST(!e.state.has_value());
  BOOST_TEST((e.tags == riemann::tag_list{"t", "u"}));
  BOOST_TEST((e.time == riemann::timestamp::from_seconds(1)));
  const event no_tags = read_json(R"({"tags": null})", defaults);
  BOOST_TEST(no_tags.tags.empty());
  const event micros = read_json(R"({"time_micros": 7, "time": 1})", defaults);
  BOOST_TEST((micros.time == riemann::timestamp::from_micros(7)));
}

BOOST_AUTO_TEST_CASE(ndjson_when_a_key_is_repeated_then_refused_by_its_name)
{
  ndjson_reader reader{metric_kind::as_written};
  const auto refuses = [&](const std::string& text, const std::string& key) {
    BOOST_TEST(refusal_of(reader, text) == "key '" + key + "' is there twice; leave one out", text);
  };
  refuses(R"({"host": "a", "host": "b"})", "host");
  refuses(R"({"host": "a", "metric": 1, "h\u006fst": "a"})", "host");
  refuses(R"({"metric": 1, "metric": null})", "metric");
  refuses(R"({"tags": [], "tags": ["a"]})", "tags");
  refuses(R"({"attributes": {}, "attributes": {"k": "v"}})", "attributes");
  refuses(R"({"attributes": {"k": "v", "l": "", "k": "v"}})", "attributes.k");
  refuses(R"({"attributes": {"": null, "": "x"}})", "attributes.");
  // What the options gave is another's, and of a bad line nothing is left.
  event defaults{.service = "default"};
  defaults.attributes = {{"k", "v"}};
  defaults.tags = {"t"};
  const event e = read_json(R"({"service": "s", "attributes": {"k": "w"}})", defaults);
  BOOST_TEST((e.attributes == riemann::attribute_list{{"k", "v"}, {"k", "w"}}));
  BOOST_TEST(
      (read_json(R"({"time": 1, "time_micros": 2})").time == riemann::timestamp::from_micros(2)));
  BOOST_TEST((read_json(R"({"time": 1, "time_micros": null})").time ==
              riemann::timestamp::from_seconds(1)));
  BOOST_TEST((read_json(R"({"time": null, "time_micros": 2})").time ==
              riemann::timestamp::from_micros(2)));
  BOOST_TEST((read_json(R"({"time_micros": 2, "time": null})").time ==
              riemann::timestamp::from_micros(2)));
  event after;
  BOOST_TEST((reader.read(R"({"host": "a"})", after) == reading::event));
}

BOOST_AUTO_TEST_CASE(ndjson_when_a_line_has_very_many_attributes_then_read_in_no_time)
{
  std::string text = R"({"attributes": {)";
  for (int i = 0; i != 100'000; ++i) {
    text += '"' + std::to_string(i) + R"(":"",)";
  }
  BOOST_TEST(read_json(text + R"("x":""}})").attributes.size() == 100'001U);
  ndjson_reader reader{metric_kind::as_written};
  BOOST_TEST(refusal_of(reader, text + R"("0":""}})") ==
             "key 'attributes.0' is there twice; leave one out");
}

BOOST_AUTO_TEST_CASE(lines_when_an_attribute_is_called_like_a_field_then_refused)
{
  ndjson_reader json{metric_kind::as_written};
  for (const char* bad :
       {R"({"attributes": {"k": "v", "metric": "5"}})", R"({"attributes": {"state": null}})"}) {
    BOOST_TEST(refusal_of(json, bad).find("is called like a field of events") != std::string::npos,
               bad);
  }
  BOOST_TEST(read_json(R"({"attributes": {"states": "5"}})").attributes.size() == 1U);
  csv_reader csv{metric_kind::as_written};
  BOOST_TEST(
      refusal_of(csv, "service,attributes.host").starts_with("attribute 'host' is called like"));
  BOOST_TEST(csv.is_hopeless());
}

BOOST_AUTO_TEST_CASE(lines_when_not_utf8_then_refused_in_every_format)
{
  ndjson_reader json{metric_kind::as_written};
  BOOST_TEST(refusal_of(json, "{\"service\": \"\xFF\"}") == "not UTF-8; convert it");
  BOOST_TEST(refusal_of(json, "{\"attributes\": {\"\xC3\": \"\"}}") == "not UTF-8; convert it");
  BOOST_TEST(refusal_of(json, R"({"service": "\ud800"})").starts_with("no JSON from column"));
  csv_reader header{metric_kind::as_written};
  BOOST_TEST(refusal_of(header, "service,attributes.\xFF") == "not UTF-8; convert the file");
  BOOST_TEST(header.is_hopeless());
  csv_reader csv{metric_kind::as_written};
  event ignored;
  BOOST_TEST((csv.read("service", ignored) == reading::nothing));
  BOOST_TEST(refusal_of(csv, "\xFF") == "not UTF-8; convert the file");
  metric_line_reader lines{metric_kind::as_written};
  BOOST_TEST(refusal_of(lines, "1 \xFF") == "not UTF-8; convert it");
}

BOOST_AUTO_TEST_CASE(ndjson_when_read_after_a_bad_line_then_nothing_of_that_is_left)
{
  ndjson_reader reader{metric_kind::as_written};
  event e;
  for (const char* bad : {R"({"attributes": {"k": "v\n", "l)", R"({"ser\u0076)", R"({"tags": ["a)",
                          "{\"a", R"({"time_micros": 5, "x)", "[", "12"}) {
    event ignored;
    reader.read(bad, ignored);
    e = {};
    BOOST_TEST((reader.read(R"({"service": "s", "time": 1})", e) == reading::event), bad);
    BOOST_TEST((e == event{.service = "s", .time = riemann::timestamp::from_seconds(1)}), bad);
  }
}

BOOST_AUTO_TEST_CASE(ndjson_when_the_array_of_query_then_its_lines)
{
  ndjson_reader reader{metric_kind::as_written};
  event e;
  BOOST_TEST((reader.read("[]", e) == reading::nothing));
  BOOST_TEST((reader.read("{},", e) == reading::bad));
  BOOST_TEST((reader.read("[", e) == reading::nothing));
  BOOST_TEST((reader.read("  {\"service\": \"x\"},", e) == reading::event));
  BOOST_TEST((reader.read("  {}", e) == reading::event));
  BOOST_TEST((reader.read("]", e) == reading::nothing));
  BOOST_TEST((reader.read("]", e) == reading::bad));
}

BOOST_AUTO_TEST_CASE(csv_when_events_are_shown_then_they_are_read_back)
{
  event other{.service = "", .metric = 42};
  other.tags = {""};
  other.time = riemann::timestamp::from_seconds(5);
  other.attributes = {{"k", "w"}};
  const std::vector<event> events{full_event(), event{}, other};
  BOOST_TEST((read_csv(to_csv(events)) == events));
}

BOOST_AUTO_TEST_CASE(csv_when_the_host_is_empty_then_there_is_none)
{
  csv_reader reader{metric_kind::as_written};
  event e{.host = "this machine", .state = "as the options say"};
  BOOST_TEST((reader.read("host,service,state", e) == reading::nothing));
  BOOST_TEST((reader.read(",s,", e) == reading::event));
  BOOST_TEST((e == event{.service = "s", .state = "as the options say"}));
}

/// `query --watch` prints one before each answer.
BOOST_AUTO_TEST_CASE(csv_when_the_header_comes_again_then_what_follows_is_read_by_it)
{
  const event plain{.service = "a"};
  const event with_attribute{.service = "b", .attributes = {{.key = "k", .value = "v"}}};
  const std::string all = to_csv({plain}) + "\n\n" + to_csv({plain}) + "\n\n" +
                          to_csv({plain, with_attribute}) + "\n\n" + to_csv({plain});
  BOOST_TEST((read_csv(all) == std::vector<event>{plain, plain, plain, with_attribute, plain}));
}

BOOST_AUTO_TEST_CASE(csv_when_for_a_terminal_then_it_obeys_nothing_in_it)
{
  const std::string text = to_csv({{.host = "h\x1B]0;x\x07\u009B31m\u202E",
                                    .tags = {"\x1B"},
                                    .attributes = {{.key = "\x1B", .value = "\x1B"}}}},
                                  csv_for::terminal);
  BOOST_TEST(text.find_first_of("\x1B\x07") == std::string::npos);
  BOOST_TEST(text.find("\u009B") == std::string::npos);
  BOOST_TEST(text.find("\u202E") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(csv_when_an_event_has_many_attributes_then_in_a_moment)
{
  event e;
  for (int i = 0; i != 100'000; ++i) {
    e.attributes.push_back({.key = std::to_string(i), .value = "v"});
  }
  e.attributes.push_back({.key = "0", .value = "the last counts"});
  const std::string text = to_csv({e});
  BOOST_TEST(text.find("\n,,,,,,,,,the last counts,v") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(csv_when_cells_are_quoted_then_as_rfc_4180)
{
  std::vector<csv_cell> cells;
  BOOST_TEST(split_csv(R"(a,"b,""c",,"")", cells).empty());
  BOOST_TEST(
      (cells == std::vector<csv_cell>{{"a", false}, {"b,\"c", true}, {"", false}, {"", true}}));
  for (const char* bad : {"\"a", "\"a\"b", "a\"b", "\"a\"\"", "x,\""}) {
    BOOST_TEST(!split_csv(bad, cells).empty(), bad);
  }
}

BOOST_AUTO_TEST_CASE(csv_when_wrong_then_refused_with_the_reason)
{
  csv_reader reader{metric_kind::as_written};
  event e;
  BOOST_TEST((reader.read("service,metric", e) == reading::nothing));
  BOOST_TEST(refusal_of(reader, "a").find("1 values for the header's 2 columns") !=
             std::string::npos);
  BOOST_TEST(refusal_of(reader, "a,b").find("metric 'b' is not a number") != std::string::npos);
  BOOST_TEST(refusal_of(reader, "\xFF,1").find("UTF-8") != std::string::npos);
  BOOST_TEST(!reader.is_hopeless());
  csv_reader wrong{metric_kind::as_written};
  BOOST_TEST(refusal_of(wrong, "service,metrc").find("(did you mean metric?)") !=
             std::string::npos);
  BOOST_TEST(wrong.is_hopeless());
}

BOOST_AUTO_TEST_CASE(tags_when_joined_in_a_cell_then_split_again)
{
  for (const auto& tags : std::vector<std::vector<std::string>>{
           {"a"}, {""}, {"", ""}, {"a;b", "c\\"}, {"\\;", ";\\"}}) {
    BOOST_TEST((split_tags(join_tags(tags)) == tags));
  }
}

BOOST_AUTO_TEST_CASE(metric_line_when_number_state_or_both_then_each_in_its_field)
{
  const auto read = [](const std::string& line) {
    metric_line_reader reader{metric_kind::as_written};
    event e;
    BOOST_TEST((reader.read(line, e) == reading::event), line);
    return e;
  };
  BOOST_TEST((read("1.5 ok") == event{.state = "ok", .metric = 1.5}));
  BOOST_TEST((read(" -3 ") == event{.metric = -3}));
  BOOST_TEST((read("12abc x") == event{.state = "12abc x"}));
  BOOST_TEST((read("e5") == event{.state = "e5"}));
  BOOST_TEST((read("1 2 3") == event{.state = "2 3", .metric = 1}));
  metric_line_reader reader{metric_kind::as_written};
  BOOST_TEST(refusal_of(reader, "99999999999999999999").find("64-bit") != std::string::npos);
  BOOST_TEST(refusal_of(reader, "\xFF").find("UTF-8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(format_when_guessed_by_the_first_line_then_only_when_sure)
{
  BOOST_TEST((guess_format(R"( {"service": 1})") == input_format::ndjson));
  BOOST_TEST((guess_format("[") == input_format::ndjson));
  BOOST_TEST((guess_format("service,metric") == input_format::csv));
  BOOST_TEST((guess_format("servce,metrc") == input_format::csv));
  BOOST_TEST((guess_format("service") == input_format::csv));
  BOOST_TEST((guess_format("1.5 ok, really") == input_format::metrics));
  BOOST_TEST((guess_format("1e999") == input_format::metrics));
  BOOST_TEST((guess_format("ok") == input_format::guessed));
}

BOOST_AUTO_TEST_SUITE_END()
