#include <riemann/proto.hpp>

#include <concepts>
#include <span>
#include <stdexcept>

namespace riemann::inline v0 {

namespace {

/// From bytes that were checked when they came, or written here: protobuf takes
/// whatever `check_msg` took.
template <class Message>
Message parse_checked(std::span<const std::byte> bytes)
{
  Message result;
  static_cast<void>(result.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return result;
}

void set_metric(proto::Event& to, const metric& from)
{
  from.visit([&to](auto v) {
    if constexpr (std::same_as<decltype(v), std::int64_t>) {
      to.set_metric_sint64(v);
    } else if constexpr (std::same_as<decltype(v), double>) {
      to.set_metric_d(v);
    } else {
      to.set_metric_f(v);
    }
  });
}

std::optional<metric> metric_of(const proto::Event& e)
{
  if (e.has_metric_sint64()) {
    return metric{e.metric_sint64()};
  }
  if (e.has_metric_d()) {
    return metric{e.metric_d()};
  }
  return e.has_metric_f() ? std::optional{metric{e.metric_f()}} : std::nullopt;
}

std::optional<timestamp> time_of(const proto::Event& e)
{
  if (e.has_time_micros()) {
    return timestamp::from_micros(e.time_micros());
  }
  return e.has_time() ? std::optional{timestamp::from_seconds(e.time())} : std::nullopt;
}

std::optional<std::string> text_if(bool present, const std::string& text)
{
  return present ? std::optional{text} : std::nullopt;
}

void set_texts(proto::Event& to, const event& from)
{
  if (from.host) {
    to.set_host(*from.host);
  }
  if (from.service) {
    to.set_service(*from.service);
  }
  if (from.state) {
    to.set_state(*from.state);
  }
  if (from.description) {
    to.set_description(*from.description);
  }
}

} // namespace

message::message(const proto::Msg& msg)
{
  if (!msg.IsInitialized()) {
    throw std::invalid_argument{"riemann: a protobuf message whose attributes lack a key"};
  }
  auto* const out = reinterpret_cast<std::uint8_t*>(extend(msg.ByteSizeLong()));
  msg.SerializeWithCachedSizesToArray(out);
  event_count_ = static_cast<std::uint32_t>(msg.events_size());
  has_query_ = msg.has_query();
  seal();
}

proto::Msg response::to_proto() const
{
  if (!bytes().empty()) {
    return parse_checked<proto::Msg>(bytes());
  }
  proto::Msg msg;
  if (ok()) {
    msg.set_ok(true);
  } else if (!text().empty()) {
    msg.set_ok(false);
    msg.set_error(std::string{text()});
  }
  return msg;
}

proto::Event to_proto(const event& e)
{
  proto::Event result;
  set_texts(result, e);
  if (e.metric) {
    set_metric(result, *e.metric);
  }
  for (const std::string& tag : e.tags) {
    result.add_tags(tag);
  }
  if (e.ttl) {
    result.set_ttl(e.ttl->count());
  }
  if (e.time) {
    result.set_time(e.time->seconds());
    if (e.time->has_micros()) {
      result.set_time_micros(e.time->micros());
    }
  }
  for (const attribute& a : e.attributes) {
    proto::Attribute& to = *result.add_attributes();
    to.set_key(a.key);
    if (a.value) {
      to.set_value(*a.value);
    }
  }
  return result;
}

proto::Event to_proto(const event_view& view)
{
  return parse_checked<proto::Event>(view.bytes());
}

proto::Msg to_proto(const message& m)
{
  return parse_checked<proto::Msg>(m.body());
}

event from_proto(const proto::Event& e)
{
  event result{
      .host = text_if(e.has_host(), e.host()),
      .service = text_if(e.has_service(), e.service()),
      .state = text_if(e.has_state(), e.state()),
      .metric = metric_of(e),
      .ttl = e.has_ttl() ? std::optional{ttl_duration{e.ttl()}} : std::nullopt,
      .time = time_of(e),
      .description = text_if(e.has_description(), e.description()),
  };
  result.tags.assign(e.tags().begin(), e.tags().end());
  for (const proto::Attribute& a : e.attributes()) {
    result.attributes.push_back({.key = a.key(), .value = text_if(a.has_value(), a.value())});
  }
  return result;
}

} // namespace riemann::inline v0
