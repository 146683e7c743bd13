#include "rebuild.hpp"

#include "golden_file.hpp"

#include <riemann/event.hpp>
#include <riemann/message.hpp>
#include <riemann/proto.hpp>

#include <cstddef>
#include <openssl/evp.h>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::golden {

namespace {

/// A ttl and a time of microseconds, as they lie at the end of an event.
constexpr std::string_view ttl_hex = "45286b6e4e";
constexpr std::string_view micros_hex = "508080f9c0c1c48203";

constexpr int event_count = 10'000;
constexpr int pipelined = 2'000;

void append(bytes& to, std::span<const std::byte> more)
{
  to.insert(to.end(), more.begin(), more.end());
}

bytes frame_of(const message& m)
{
  return {m.frame().begin(), m.frame().end()};
}

bytes frame_of(const proto::Msg& answer)
{
  return frame_of(message{answer});
}

/// An event as the recorder sent them.
event sent_event(std::string host, std::string service)
{
  return {.host = std::move(host),
          .service = std::move(service),
          .ttl = ttl_duration{1e9F},
          .time = timestamp::from_seconds(1'700'000'000)};
}

/// ...and as it was answered, with this metric.
void add_answered(proto::Msg& answer, const char* host, const std::string& service, int metric)
{
  auto e = sent_event(host, service);
  e.metric = metric;
  auto* const added = answer.add_events();
  *added = to_proto(e);
  added->set_time_micros(1'700'000'000'000'000);
  added->set_metric_f(static_cast<float>(metric));
}

bytes many_events(bool expired)
{
  std::vector<event> all;
  for (int i = 0; i != event_count; ++i) {
    auto& e = all.emplace_back(sent_event("many", "k" + std::to_string(i)));
    if (expired) {
      e.state = "expired";
    } else {
      e.metric = i;
    }
  }
  return frame_of(message{std::span<const event>{all}});
}

bytes many_answered()
{
  proto::Msg answer;
  answer.set_ok(true);
  for (int i = 0; i != event_count; ++i) {
    add_answered(answer, "many", "k" + std::to_string(i), i);
  }
  return frame_of(answer);
}

/// An event, a query for it, a malformed query, an empty message; and so on.
bytes pipeline_requests()
{
  bytes all;
  for (int i = 0; i < pipelined; i += 4) {
    const auto service = "p" + std::to_string(i);
    auto e = sent_event("pipe", service);
    e.metric = i;
    append(all, message{e}.frame());
    append(all, message::query("host = \"pipe\" and service = \"" + service + "\"").frame());
    append(all, message::query("(").frame());
    append(all, message{}.frame());
  }
  return all;
}

bytes pipeline_answers()
{
  proto::Msg ack;
  ack.set_ok(true);
  proto::Msg rejection;
  rejection.set_ok(false);
  rejection.set_error("no viable alternative at input '<EOF>'");
  bytes all;
  for (int i = 0; i < pipelined; i += 4) {
    proto::Msg found = ack;
    add_answered(found, "pipe", "p" + std::to_string(i), i);
    for (const auto* answer : {&ack, &found, &rejection, &ack}) {
      append(all, frame_of(*answer));
    }
  }
  return all;
}

/// One byte again and again between the beginning and the end.
bytes filled(const bytes& beginning, std::size_t length, const bytes& end)
{
  bytes all = beginning;
  all.resize(length - end.size(), beginning.back());
  append(all, end);
  return all;
}

bytes two_datagrams_worth(const bytes& beginning)
{
  // The maximum of a datagram ends where the first event does.
  bytes all = filled(beginning, 16'384, from_hex(ttl_hex));
  const auto second = sent_event("big", "ub2");
  append(all, message{second}.body());
  return all;
}

bytes make(const std::string& name, direction which, const bytes& beginning, std::size_t length)
{
  const bool asked = which == direction::request;
  if (name == "query_nested_20000") {
    return frame_of(message::query(std::string(20'000, '(') + "true" + std::string(20'000, ')')));
  }
  if (name == "msg_10000_events" || name == "msg_10000_events_delete") {
    return many_events(name.ends_with("delete"));
  }
  if (name == "query_10000_events") {
    return many_answered();
  }
  if (name == "pipeline_2000") {
    return asked ? pipeline_requests() : pipeline_answers();
  }
  if (name == "udp_truncated_at_event_boundary") {
    return two_datagrams_worth(beginning);
  }
  // Of one event with a long description, or no message at all.
  const std::string end = std::string{ttl_hex} + std::string{asked ? "" : micros_hex};
  return filled(beginning, length, beginning.back() == std::byte{'d'} ? from_hex(end) : bytes{});
}

/// SHA-256, in hexadecimal digits.
std::string hash_of(std::span<const std::byte> data)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (::EVP_Digest(data.data(), data.size(), digest, &size, ::EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error{"SHA-256 fails"};
  }
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i != size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

} // namespace

bytes rebuild(const std::string& name, direction which, const boost::json::object& elided)
{
  const auto length = static_cast<std::size_t>(elided.at("length").as_int64());
  bytes made = make(name, which, from_hex(elided.at("prefix_hex").as_string()), length);
  // Ten thousand events came in the order of a hash map: theirs alone cannot be made.
  const bool ordered = name != "query_10000_events";
  if (made.size() != length || (ordered && hash_of(made) != elided.at("sha256").as_string())) {
    throw std::runtime_error{name + " is made otherwise than it was recorded"};
  }
  return made;
}

} // namespace riemann::golden
