// What riemann-cli reads of text that users give: each value is what it says, or refused
// as a mistake of theirs.
#include "cli/command_line.hpp"

#include "../unit/codec/reference.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/text.hpp"
#include "cli/values.hpp"
#include "cli/words.hpp"
#include "event_lines.hpp"
#include "input.hpp"
#include "make_event.hpp"
#include "require.hpp"
#include "testkit/utf8.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace riemann;
using fuzz::input;
using fuzz::require;

/// The value; nothing if it is refused as it ought to be.
template <class Parse>
auto read(Parse parse, const std::string& text) -> std::optional<decltype(parse(cli::given{}))>
{
  try {
    return parse(cli::given{"--option", text});
  } catch (const cli::failure& f) {
    const std::string_view said = f.what();
    require(f.code() == cli::exit_code::usage, "a mistake of the user's is called another");
    require(said.starts_with("--option '" + cli::shortened(text, 100) + "' "),
            "a refusal does not say of what");
  }
  return std::nullopt;
}

/// No argument of a program's has one in it.
std::string without_nul(std::string text)
{
  std::erase(text, '\0');
  return text;
}

bool is_digits(std::string_view text)
{
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view without_sign(std::string_view text)
{
  return text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
}

/// Digits with a point among them or none, and an exponent or none: what C reads the same.
bool is_decimal(const std::string& text)
{
  const auto digits = without_sign(text);
  return !digits.empty() && (digits[0] == '.' || (digits[0] >= '0' && digits[0] <= '9')) &&
         digits.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

void check_metric(const std::string& text)
{
  const auto m = read([](const cli::given& value) { return cli::parse_metric(value); }, text);
  if (!m) {
    require(!is_digits(without_sign(text)) || without_sign(text).size() > 18,
            "an integer is refused");
    return;
  }
  if (m->is_integer()) {
    require(is_digits(without_sign(text)), "something else is read as an integer");
    require(*m == metric{std::strtoll(text.c_str(), nullptr, 10)}, "another integer is read");
  } else if (is_decimal(text)) {
    require(test::bits_of(*m) == test::bits_of(metric{std::strtod(text.c_str(), nullptr)}),
            "another number is read");
  } else {
    require(text == "NaN" || text == "Infinity" || text == "-Infinity", "no number is read as one");
    require(!std::isfinite(m->as_double()), "a word is read as a number");
  }
}

/// In decimal, digit by digit: the seconds, and their millionths rounded down.
timestamp slow_time(const std::string& text)
{
  const bool negative = text.starts_with('-');
  const std::string_view digits = without_sign(text);
  const auto point = digits.find('.');
  const std::int64_t sign = negative ? -1 : 1;
  const std::int64_t whole =
      std::strtoll(std::string{digits.substr(0, point)}.c_str(), nullptr, 10);
  if (point == std::string_view::npos) {
    return timestamp::from_seconds(sign * whole);
  }
  std::int64_t micros = whole;
  bool finer = false;
  for (std::size_t i = 1; i <= std::max<std::size_t>(6, digits.size() - point - 1); ++i) {
    const char digit = point + i < digits.size() ? digits[point + i] : '0';
    if (i <= 6) {
      micros = micros * 10 + (digit - '0');
    } else {
      finer = finer || digit != '0';
    }
  }
  return timestamp::from_micros(sign * micros - (negative && finer ? 1 : 0));
}

void check_time(const std::string& text)
{
  const auto t = read(cli::parse_time, text);
  if (t) {
    require(*t == slow_time(text), "another time is read");
  } else {
    require(!is_digits(without_sign(text)) || without_sign(text).size() > 12, "a time is refused");
  }
}

void check_durations(const std::string& text)
{
  if (const auto ttl = read(cli::parse_ttl, text)) {
    require(is_decimal(text) && ttl->count() == std::strtof(text.c_str(), nullptr) &&
                !std::signbit(ttl->count()),
            "another time to live is read");
  }
  const auto d = read(cli::parse_duration, text);
  if (d) {
    const double seconds = std::strtod(text.c_str(), nullptr);
    const auto milliseconds = static_cast<double>(d->count());
    require(d->count() >= 1 && *d <= session_options::max_duration, "a duration out of range");
    require(milliseconds >= seconds * 1'000 * (1 - 1e-12) &&
                milliseconds <= seconds * 1'000 * (1 + 1e-12) + 1,
            "another duration is read");
  }
  const auto interval = read(cli::parse_interval, text);
  require(interval.has_value() == (d && *d >= cli::least_interval), "another idea of an interval");
  require(!interval || *interval == *d, "another interval is read");
}

void check_counts(const std::string& text)
{
  const auto n = read(cli::parse_count, text);
  const bool fits = is_digits(text) && text.size() < 20;
  require(n || !fits, "a count is refused");
  require(!n || (is_digits(text) && *n == std::strtoull(text.c_str(), nullptr, 10)),
          "another count is read");
  for (const std::uint16_t lowest : {std::uint16_t{0}, std::uint16_t{1}}) {
    const auto port = read([lowest](const auto& v) { return cli::parse_port(v, lowest); }, text);
    require(port.has_value() == (n && *n >= lowest && *n <= 65'535), "another idea of a port");
    require(!port || *port == *n, "another port is read");
  }
}

void check_host(const std::string& text)
{
  const auto host = read(cli::parse_host, text);
  const auto address = read(cli::parse_address, text);
  boost::system::error_code error;
  if (host) {
    require(!host->empty() && cli::one_line(*host) == *host, "a host that cannot be shown");
    require(*host == text || "[" + *host + "]" == text, "another host is read");
    require(read(cli::parse_host, *host) == host, "a host that was read is refused");
    boost::asio::ip::make_address(*host, error);
  }
  require(address.has_value() == (host && !error), "another idea of an address");
  require(!address || address == host, "another address is read");
}

/// Of those that a Riemann drops as attributes, or that they would stand in for.
bool is_field(std::string_view key)
{
  constexpr std::array<std::string_view, 8> fields{"host",   "service", "state", "description",
                                                   "metric", "tags",    "ttl",   "time"};
  return std::ranges::find(fields, key) != fields.end();
}

void check_attribute(const std::string& text)
{
  const auto a = read(cli::parse_attribute, text);
  require(a.has_value() ==
              (text.find('=') != std::string::npos && text[0] != '=' &&
               testkit::detail::is_valid_utf8(text) && !is_field(text.substr(0, text.find('=')))),
          "another idea of an attribute");
  require(!a || (a->key + "=" + a->value.value() == text && a->key.find('=') == std::string::npos),
          "another attribute is read");
}

auto characters_in(std::string_view text)
{
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U; });
}

void check_text(const std::string& text)
{
  const std::string valid = cli::valid_utf8(text);
  require(valid == testkit::detail::to_valid_utf8(text), "the server repairs text otherwise");
  require(testkit::detail::is_valid_utf8(valid) && cli::valid_utf8(valid) == valid,
          "text is repaired, and is not valid");
  const std::string line = cli::one_line(text);
  require(std::ranges::none_of(line, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }),
          "a control character is shown");
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    require(line[i] != '\xC2' || static_cast<std::uint8_t>(line[i + 1]) >= 0xA0,
            "a control character of eight bits is shown");
  }
  require(characters_in(line) == characters_in(valid), "a character is lost in showing it");
}

/// Everything but the separators, in its order, in parts that have none.
void check_split(const std::string& text, const std::vector<std::string_view>& parts,
                 std::string_view separators)
{
  std::string expected = text;
  std::erase_if(expected, [&](char c) { return separators.find(c) != std::string_view::npos; });
  std::string joined;
  for (const std::string_view part : parts) {
    require(!part.empty() && part.data() >= text.data() &&
                part.data() + part.size() <= text.data() + text.size(),
            "a part lies elsewhere");
    const char* const behind = part.data() + part.size();
    require(behind == text.data() + text.size() ||
                separators.find(*behind) != std::string_view::npos,
            "a part is cut short");
    joined += part;
  }
  require(joined == expected, "a part is lost");
}

void check_words(const std::string& text)
{
  check_split(text, cli::lines_of(text), "\r\n");
  check_split(text, cli::words_of(text), " \t");
  for (const std::string_view word : cli::words_of(text)) {
    const auto n = cli::number_in<std::uint64_t>(word);
    require(!n || (is_digits(word) && *n == std::strtoull(std::string{word}.c_str(), nullptr, 10)),
            "another number is read in a word");
  }
}

std::string string_of(const boost::json::value& v)
{
  return std::string{v.as_string()};
}

void check_texts(const boost::json::object& json, const event& e)
{
  const auto same = [&](const char* key, const std::optional<std::string>& text) {
    const auto* const found = json.if_contains(key);
    const bool shown = found != nullptr && !found->is_null();
    return shown == text.has_value() && (!text || string_of(*found) == cli::valid_utf8(*text));
  };
  require(json.contains("host"), "it is not said that there is no host");
  require(same("host", e.host) && same("service", e.service) && same("state", e.state) &&
              same("description", e.description),
          "another text is shown");
}

/// What is shown of an event, read by another's reader.
void check_json(input& in)
{
  const event e = fuzz::make_event(in);
  const std::string shown = cli::to_json(e);
  require(shown.find('\n') == std::string::npos, "an event is shown in several lines");
  boost::json::error_code error;
  const auto value = boost::json::parse(shown, error);
  require(!error, "an event is shown as no JSON: " + shown);
  const auto& json = value.as_object();
  check_texts(json, e);
  require(json.contains("metric") == e.metric.has_value() &&
              json.contains("tags") == !e.tags.empty() && json.contains("ttl") == e.ttl.has_value(),
          "a field is shown that is none, or is not shown");
  if (e.metric && e.metric->is_integer()) {
    require(metric{json.at("metric").to_number<std::int64_t>()} == *e.metric,
            "another integer is shown");
  } else if (e.metric && std::isfinite(e.metric->as_double())) {
    require(json.at("metric").is_double(), "a number is shown as an integer");
  }
  for (std::size_t i = 0; i != e.tags.size(); ++i) {
    require(string_of(json.at("tags").at(i)) == cli::valid_utf8(e.tags[i]), "another tag is shown");
  }
  const std::string several = cli::to_json(std::vector<event>{e, e, event{}});
  require(boost::json::parse(several, error).as_array().size() == 3 && !error,
          "events are shown as no array");
}

void check_server(const cli::server_settings& server)
{
  require(server.port != 0 && !server.host.empty(), "a server that cannot be");
  require(server.timeout.count() > 0 && server.message_deadline() <= session_options::max_duration,
          "a timeout that cannot be");
  const cli::tls_settings& tls = server.tls;
  require(server.transport == cli::transport_kind::tls || (tls.ca_certs.empty() && !tls.insecure),
          "what is said of TLS goes unheeded");
  require(tls.keyfile.empty() || !tls.certfile.empty(), "a key without its certificate");
}

bool brings_answers(const cli::server_settings& server)
{
  return server.transport == cli::transport_kind::tcp ||
         server.transport == cli::transport_kind::tls;
}

void check_settings(const cli::send_settings& send)
{
  require(message{send.event}.event_count() == 1, "an event that cannot be sent");
  check_server(send.server);
}

void check_settings(const cli::stream_settings& stream)
{
  require(message{stream.defaults}.event_count() == 1, "an event that cannot be sent");
  check_server(stream.server);
}

void check_settings(const cli::query_settings& query)
{
  check_server(query.server);
  require(brings_answers(query.server), "a query that nobody answers");
  require(!query.watch || query.watch->count() > 0, "a watch without a rest");
}

void check_settings(const cli::ping_settings& ping)
{
  check_server(ping.server);
  require(brings_answers(ping.server), "a ping that nobody answers");
  require(ping.interval.count() > 0, "pings without a rest");
}

void check_settings(const cli::serve_settings& serve)
{
  boost::system::error_code error;
  boost::asio::ip::make_address(serve.address, error);
  require(!error, "an address that is none");
  if (!serve.tls) {
    return;
  }
  const cli::serve_tls_settings& tls = *serve.tls;
  require(tls.certfile.empty() ? tls.keyfile.empty() : !tls.mutual && tls.directory.empty(),
          "certificates of one's own, and throw-away ones");
  require(!tls.mutual || tls.client_ca_certs.empty(), "two ways to judge clients");
}

void check_settings(const cli::agent_settings& agent)
{
  check_server(agent.server);
  require(agent.interval >= cli::least_interval, "an interval that is too short");
  for (const double value : {0.0, 0.92, 1e9}) {
    const severity judged = agent.limits.judge("cpu user", value);
    require(judged >= severity::ok && judged <= severity::critical, "a judgement that is none");
  }
}

void check_settings(const cli::bench_settings& bench)
{
  check_server(bench.server);
  require(bench.events > 0 || bench.time.count() > 0, "a bench without an end");
  require(bench.batch > 0 && bench.server.window > 0 && bench.connections > 0 &&
              bench.batch * bench.server.window * bench.connections <= 10'000'000,
          "a bench that does not fit in memory");
  require(bench.threads > 0 && bench.threads <= bench.connections, "threads with nothing to do");
}

void check_settings(const cli::text_to_print& print)
{
  require(!print.text.empty(), "help without a word");
}

/// What settings say can be done.
void check_command(const cli::command& c)
{
  std::visit([](const auto& settings) { check_settings(settings); }, c);
}

/// One argument a line.
void check_command_line(input& in)
{
  constexpr std::array commands{"send", "query", "serve", "agent"}; // others come as text
  std::vector<std::string> arguments;
  if (const std::size_t which = in.below(5); which < commands.size()) {
    arguments.emplace_back(commands[which]);
  }
  cli::surroundings around{.hostname = "here", .now = timestamp::from_seconds(1)};
  if (in.flag()) {
    around.host = without_nul(in.text());
    around.port = without_nul(in.text());
    around.transport = without_nul(in.text());
  }
  const std::string text = without_nul(in.rest());
  for (std::size_t at = 0; at <= text.size() && arguments.size() < 40;) {
    const auto end = std::min(text.find('\n', at), text.size());
    arguments.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  try {
    check_command(cli::parse_command_line(arguments, around));
  } catch (const cli::failure& f) {
    require(f.code() == cli::exit_code::usage, "a mistake of the user's is called another");
    require(!std::string_view{f.what()}.empty(), "a refusal says nothing");
  }
}

/// Whatever a config file has in it, the user is told what is wrong with it.
void check_config(input& in, const std::vector<std::string>& arguments)
{
  cli::surroundings around{.usual_config = "file", .hostname = "here"};
  around.read_file = [text = in.rest()](const std::string&) { return std::optional{text}; };
  try {
    check_command(cli::parse_command_line(arguments, around));
  } catch (const cli::failure& f) {
    require(f.code() == cli::exit_code::usage, "a mistake of the user's is called another");
  }
}

void check_any_config(input& in)
{
  const auto command = in.one_of<const char*>({"send", "query", "ping", "serve", "agent", "bench"});
  std::vector<std::string> arguments{command};
  if (arguments.front() == "query") {
    arguments.emplace_back("true");
  }
  check_config(in, arguments);
}

void check_values(const std::string& text)
{
  check_metric(text);
  check_time(text);
  check_durations(text);
  check_counts(text);
  check_host(text);
  check_attribute(text);
  check_text(text);
  check_words(text);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  input in{data, size};
  // The first four as they always were: what was found then stays tried.
  switch (in.below(9)) {
  case 0:
    check_command_line(in);
    break;
  case 1:
    check_json(in);
    break;
  case 4:
    fuzz::check_ndjson(in);
    break;
  case 5:
    fuzz::check_csv(in);
    break;
  case 6:
    fuzz::check_round_trip(in);
    break;
  case 7:
    check_config(in, {"send", "-s", "x"});
    break;
  case 8:
    check_any_config(in);
    break;
  default:
    check_values(without_nul(in.rest()));
    break;
  }
  return 0;
}
