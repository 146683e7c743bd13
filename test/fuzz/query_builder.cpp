// riemann::query, built of whatever strings: a server finds by it just what the same
// condition in C++ holds of.
#include "../unit/testkit/slow_query.hpp"
#include "input.hpp"
#include "make_event.hpp"
#include "require.hpp"
#include "testkit/request_handler.hpp"
#include "testkit/utf8.hpp"

#include <riemann/message.hpp>
#include <riemann/query.hpp>
#include <riemann/response.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using fuzz::input;
using fuzz::require;
using testkit::detail::to_valid_utf8;
using testkit::test::slow_value;
namespace slow = testkit::test;

const timestamp now = timestamp::from_seconds(1'700'000'000);
constexpr unsigned deepest = 12;
constexpr std::size_t most_events = 8;

using condition = std::function<bool(const event&)>;

/// A query, and what it means.
struct meant {
  query text;
  condition holds;
};

/// Strings that mean something to the language, so that events and queries share some.
std::string make_text(input& in)
{
  constexpr std::array<std::string_view, 12> known{"",   "a",  "ab", "\"",          "\\",   "%",
                                                   "a%", ".*", "\n", "caf\xC3\xA9", "\xC3", "nil"};
  const std::size_t choice = in.below(known.size() + 4);
  return choice < known.size() ? std::string{known[choice]} : in.text();
}

/// The field's name, or another's where there is no such name.
field make_field(input& in)
{
  constexpr std::array<const char*, 9> known{"host", "service", "state",   "description", "metric",
                                             "time", "ttl",     "another", "x-y"};
  const std::size_t choice = in.below(known.size() + 1);
  if (choice < known.size()) {
    return field{known[choice]};
  }
  const std::string name = in.text();
  try {
    return field{name};
  } catch (const std::invalid_argument&) {
    return field{"k"};
  }
}

slow_value value_of(const event& e, const field& f)
{
  return slow::slow_field(e, to_valid_utf8(f.name()));
}

/// Of the text there is; false of anything else.
template <class Predicate>
condition of_text(const field& f, Predicate holds)
{
  return [f, holds](const event& e) {
    const slow_value v = value_of(e, f);
    const auto* const text = std::get_if<std::string>(&v);
    return text != nullptr && holds(*text);
  };
}

meant part_of_text(const field& f, unsigned which, const std::string& text)
{
  // A server repairs what it is asked, as it does what it is told.
  const std::string s = to_valid_utf8(text);
  switch (which) {
  case 0:
    return {f.starts_with(text), of_text(f, [s](const auto& t) { return t.starts_with(s); })};
  case 1:
    return {f.ends_with(text), of_text(f, [s](const auto& t) { return t.ends_with(s); })};
  case 2:
    return {f.contains(text),
            of_text(f, [s](const auto& t) { return t.find(s) != std::string::npos; })};
  default:
    return {f.like(text), of_text(f, [s](const auto& t) { return slow::slow_like(s, t); })};
  }
}

std::pair<query_value, slow_value> make_value(input& in)
{
  switch (in.below(7)) {
  case 0:
    return {nullptr, slow_value{}};
  case 1: {
    const bool b = in.flag();
    return {b, slow_value{b}};
  }
  case 2: {
    const auto n = in.number<std::int64_t>();
    return {n, slow_value{n}};
  }
  case 3: {
    const auto n = in.number<std::uint64_t>();
    const bool fits = n <= static_cast<std::uint64_t>(INT64_MAX);
    return {n, fits ? slow_value{static_cast<std::int64_t>(n)}
                    : slow_value{testkit::detail::big_integer{false, std::to_string(n)}}};
  }
  case 4: {
    const auto n = static_cast<std::int8_t>(in.byte());
    return {n, slow_value{std::int64_t{n}}};
  }
  case 5: {
    const auto x = in.number<double>();
    return {x, slow_value{x}};
  }
  default: {
    const std::string s = make_text(in);
    return {s, slow_value{to_valid_utf8(s)}};
  }
  }
}

template <class Number>
meant comparison(const field& f, unsigned which, Number n, const slow_value& right)
{
  using enum testkit::detail::ordering;
  const auto holds = [f, right](testkit::detail::ordering o) {
    return [f, right, o](const event& e) { return slow::slow_ordered(value_of(e, f), o, right); };
  };
  switch (which) {
  case 0:
    return {f < n, holds(less)};
  case 1:
    return {f > n, holds(greater)};
  case 2:
    return {f <= n, holds(less_equal)};
  default:
    return {f >= n, holds(greater_equal)};
  }
}

meant make_comparison(const field& f, input& in)
{
  const auto which = static_cast<unsigned>(in.below(4));
  switch (in.below(3)) {
  case 0: {
    const auto n = in.number<std::int64_t>();
    return comparison(f, which, n, slow_value{n});
  }
  case 1: {
    const auto n = static_cast<std::int8_t>(in.byte());
    return comparison(f, which, n, slow_value{std::int64_t{n}});
  }
  default: {
    const auto x = in.number<double>();
    return comparison(f, which, x, slow_value{x});
  }
  }
}

meant make_equality(const field& f, input& in)
{
  const bool negated = in.flag();
  const auto [written, meaning] = make_value(in);
  const condition holds = [f, negated, right = meaning](const event& e) {
    return (value_of(e, f) == right) != negated;
  };
  return {negated ? f != written : f == written, holds};
}

meant make_leaf(input& in)
{
  const std::size_t kind = in.below(8);
  if (kind == 0) {
    return {query::all(), [](const event&) { return true; }};
  }
  if (kind == 1) {
    const std::string tag = make_text(in);
    return {tagged(tag), [t = to_valid_utf8(tag)](const event& e) {
              return std::ranges::count(e.tags, t) != 0;
            }};
  }
  const field f = make_field(in);
  switch (kind) {
  case 2:
    return {f.is_set(), [f](const event& e) { return value_of(e, f) != slow_value{}; }};
  case 3:
    return make_comparison(f, in);
  case 4:
    return make_equality(f, in);
  default: {
    const auto which = static_cast<unsigned>(in.below(4));
    return part_of_text(f, which, make_text(in));
  }
  }
}

meant make_query(input& in, unsigned depth)
{
  const std::size_t kind = depth == 0 || in.empty() ? 3 : in.below(6);
  if (kind > 2) {
    return make_leaf(in);
  }
  const meant a = make_query(in, depth - 1);
  if (kind == 0) {
    return {!a.text, [h = a.holds](const event& e) { return !h(e); }};
  }
  const meant b = make_query(in, depth - 1);
  if (kind == 1) {
    return {a.text && b.text, [h = a.holds, i = b.holds](const event& e) { return h(e) && i(e); }};
  }
  return {a.text || b.text, [h = a.holds, i = b.holds](const event& e) { return h(e) || i(e); }};
}

/// Of few fields: those that queries ask for.
event make_candidate(input& in)
{
  event e;
  const std::uint8_t fields = in.byte();
  const auto text_if = [&](unsigned bit) {
    return (fields >> bit & 1U) != 0 ? std::optional{make_text(in)} : std::nullopt;
  };
  e.host = text_if(0);
  e.service = text_if(1);
  e.description = text_if(2);
  if ((fields & 8U) != 0) {
    e.metric =
        (fields & 16U) != 0 ? metric{static_cast<std::int8_t>(in.byte())} : fuzz::make_metric(in);
  }
  if ((fields & 32U) != 0) {
    e.tags.push_back(make_text(in));
  }
  if ((fields & 64U) != 0) {
    e.attributes.push_back({in.flag() ? "another" : in.text(), make_text(in)});
  }
  if ((fields & 128U) != 0) {
    e.ttl = ttl_duration{static_cast<float>(in.byte())};
  }
  return e;
}

class asked_server {
public:
  void add(const event& e)
  {
    std::vector<std::byte> out;
    handler_.handle(message{e}.body(), now, out);
  }
  void check(const meant& q)
  {
    std::vector<std::string> expected;
    handler_.index().visit([&](const auto& stored) {
      if (q.holds(stored.value())) {
        expected.push_back(name_of(stored.value()));
      }
      return true;
    });
    std::vector<std::byte> out;
    handler_.handle(message::query(q.text).body(), now, out);
    const auto answer = response::parse({out.begin() + 4, out.end()});
    require(answer.has_value() && answer->ok(), "a query is refused: " + q.text.text());
    std::vector<std::string> found;
    for (const event& e : answer->to_events()) {
      found.push_back(name_of(e));
    }
    std::ranges::sort(expected);
    std::ranges::sort(found);
    require(found == expected, "a query finds other events: " + q.text.text());
  }

private:
  static std::string name_of(const event& e)
  {
    return e.host.value_or("\x01") + '\0' + e.service.value_or("\x01");
  }

  /// As many regular expressions as come.
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  testkit::detail::request_handler handler_{
      ttl_duration{60}, {.max_expressions = unlimited, .max_expressions_size = unlimited}};
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  input in{data, size};
  const meant q = make_query(in, deepest);
  asked_server server;
  server.add({});
  for (std::size_t n = 0; n != most_events && !in.empty(); ++n) {
    server.add(make_candidate(in));
  }
  server.check(q);
  return 0;
}
