#include "testkit/query.hpp"

#include "testkit/query_parser.hpp"

#include <algorithm>
#include <type_traits>

namespace riemann::inline v0::testkit::detail {

namespace {

query_value text_value(const std::optional<std::string>& text) noexcept
{
  return text ? query_value{std::string_view{*text}} : query_value{};
}

query_value metric_value(const event& e) noexcept
{
  if (!e.metric) {
    return {};
  }
  return e.metric->visit([](auto v) -> query_value {
    if constexpr (std::is_integral_v<decltype(v)>) {
      return v;
    } else {
      return static_cast<double>(v);
    }
  });
}

/// Whole seconds as they were sent, finer times as floating seconds.
query_value time_value(const timestamp& t) noexcept
{
  if (t.has_micros()) {
    return static_cast<double>(t.micros()) / 1e6;
  }
  return t.seconds();
}

query_value field_value(const field& f, const stored_event& stored) noexcept
{
  const event& e = stored.value();
  switch (f.kind) {
  case field_kind::host:
    return text_value(e.host);
  case field_kind::service:
    return text_value(e.service);
  case field_kind::state:
    return text_value(e.state);
  case field_kind::description:
    return text_value(e.description);
  case field_kind::metric:
    return metric_value(e);
  case field_kind::tags:
    return e.tags.empty() ? query_value{} : query_value{&e.tags};
  case field_kind::time:
    return time_value(*e.time);
  case field_kind::ttl:
    return e.ttl ? query_value{static_cast<double>(e.ttl->count())} : query_value{};
  case field_kind::attribute:
    break;
  }
  const auto* const text = stored.attribute_value(f.name);
  return text ? query_value{std::string_view{*text}} : query_value{};
}

query_value literal_value(const literal& l) noexcept
{
  return std::visit(
      [](const auto& v) -> query_value {
        using kind = std::remove_cvref_t<decltype(v)>;
        if constexpr (std::is_same_v<kind, std::string>) {
          return std::string_view{v};
        } else if constexpr (std::is_same_v<kind, big_integer>) {
          return &v;
        } else {
          return v;
        }
      },
      l);
}

/// Applies a node to one event.
class evaluator {
public:
  explicit evaluator(const stored_event& e) noexcept : event_{e} {}

  bool operator()(const query_node& node) const { return std::visit(*this, node.term); }
  bool operator()(const is_true& n) const noexcept { return is_truthy(value_of(n.value)); }
  bool operator()(const is_tagged& n) const noexcept
  {
    const auto& tags = event_.value().tags;
    return std::ranges::find(tags, n.tag) != tags.end();
  }
  bool operator()(const equals& n) const noexcept
  {
    return is_equal(value_of(n.left), value_of(n.right)) != n.negated;
  }
  bool operator()(const compares& n) const noexcept
  {
    return is_ordered(value_of(n.left), n.order, literal_value(n.right));
  }
  bool operator()(const is_like& n) const noexcept
  {
    const auto v = value_of(n.value);
    const auto* const text = std::get_if<std::string_view>(&v);
    return text && n.pattern.matches(*text);
  }
  bool operator()(const matches& n) const noexcept
  {
    const auto v = value_of(n.value);
    const auto* const text = std::get_if<std::string_view>(&v);
    return text && n.pattern.found_in(*text);
  }
  bool operator()(const negation& n) const { return !(*this)(*n.term); }
  bool operator()(const conjunction& n) const { return std::ranges::all_of(n.terms, *this); }
  bool operator()(const disjunction& n) const { return std::ranges::any_of(n.terms, *this); }

private:
  [[nodiscard]] query_value value_of(const operand& o) const noexcept
  {
    if (const auto* f = std::get_if<field>(&o)) {
      return field_value(*f, event_);
    }
    return literal_value(*std::get_if<literal>(&o));
  }

  const stored_event& event_;
};

} // namespace

std::variant<query, query_error> query::parse(std::string_view text, query_options options)
{
  query_parser parser{text, options};
  auto root = parser.parse();
  if (!root) {
    return std::move(parser.error());
  }
  return query{*std::move(root)};
}

bool query::matches(const stored_event& e) const
{
  return evaluator{e}(root_);
}

} // namespace riemann::inline v0::testkit::detail
