#include "testkit/request_handler.hpp"

#include "codec/checker.hpp"
#include "codec/wire_reader.hpp"
#include "testkit/answer_writer.hpp"
#include "testkit/frame_prefix.hpp"
#include "testkit/utf8.hpp"

#include <variant>

namespace riemann::inline v0::testkit::detail {

namespace {

using codec::wire_type;

/// Two `Query`s in one message are merged, as protobuf does: the last text wins.
void read_query(std::span<const std::byte> bytes, std::optional<std::string_view>& text) noexcept
{
  text = text.value_or(std::string_view{});
  codec::wire_reader reader{bytes};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(codec::query_field::string, wire_type::length_delimited)) {
      text = f.text();
    }
  }
}

/// The number of events, if the message parses, whatever is inside them.
std::optional<std::size_t> check_top_level(std::span<const std::byte> body) noexcept
{
  codec::wire_reader reader{body};
  codec::field f;
  codec::step s{};
  std::size_t events = 0;
  while ((s = reader.next(f)) == codec::step::field) {
    events += f.is(codec::msg_field::events, wire_type::length_delimited) ? 1 : 0;
  }
  return s == codec::step::end ? std::optional{events} : std::nullopt;
}

/// The body of the first of some whole frames.
std::span<const std::byte> first_body(std::span<const std::byte> frames) noexcept
{
  return frames.subspan(prefix_size, read_length(frames));
}

} // namespace

request_result request_handler::handle(std::span<const std::byte> body, timestamp now,
                                       std::vector<std::byte>& out)
{
  const auto asked = apply(body, now);
  if (!asked.parsed) {
    return request_result::malformed;
  }
  if (asked.query) {
    return answer_query(*asked.query, out);
  }
  answer_writer{out}.acknowledge();
  ++counters_.acks;
  return request_result::acknowledged;
}

request_result request_handler::reject(std::span<const std::byte> body, std::string_view text,
                                       std::vector<std::byte>& out)
{
  if (!check(body)) {
    ++counters_.malformed;
    return request_result::malformed;
  }
  ++counters_.messages;
  answer_writer{out}.reject(text);
  ++counters_.rejections;
  return request_result::rejected;
}

void request_handler::take_back(std::size_t start, std::string_view text,
                                std::vector<std::byte>& out)
{
  out.resize(start);
  answer_writer{out}.reject(text);
  --counters_.acks;
  ++counters_.rejections;
}

bool request_handler::only_tells(std::span<const std::byte> body) const noexcept
{
  codec::wire_reader reader{body};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(codec::msg_field::query, wire_type::length_delimited)) {
      return false;
    }
  }
  return check(body).has_value();
}

void request_handler::handle_datagram(std::span<const std::byte> body, timestamp now)
{
  ++counters_.datagrams;
  if (forgets()) {
    if (const auto events = count_events_alone(body)) {
      ++counters_.messages;
      counters_.events += *events;
      return;
    }
  }
  apply(body, now);
}

event_run request_handler::find_run(std::span<const std::byte> received,
                                    std::size_t max_message_size) const noexcept
{
  const auto run = find_event_run(received, max_message_size);
  if (forgets()) {
    return run;
  }
  event_run good;
  while (good.bytes != run.bytes) {
    const auto body = first_body(received.subspan(good.bytes));
    const auto events = check(body);
    if (!events) {
      break;
    }
    good.bytes += prefix_size + body.size();
    good.events += *events;
    ++good.messages;
  }
  return good;
}

void request_handler::handle_run(const event_run& run, std::span<const std::byte> frames,
                                 timestamp now, std::vector<std::byte>& out)
{
  if (forgets()) {
    counters_.messages += run.messages;
    counters_.events += run.events;
    counters_.acks += run.messages;
    answer_writer{out}.acknowledge(run.messages);
    return;
  }
  while (!frames.empty()) {
    const auto body = first_body(frames);
    handle(body, now, out);
    frames = frames.subspan(prefix_size + body.size());
  }
}

void request_handler::reject_run(std::span<const std::byte> frames, std::string_view text,
                                 std::vector<std::byte>& out)
{
  while (!frames.empty()) {
    const auto body = first_body(frames);
    reject(body, text, out);
    frames = frames.subspan(prefix_size + body.size());
  }
}

std::optional<std::size_t> request_handler::check(std::span<const std::byte> body) const noexcept
{
  if (forgets()) {
    return check_top_level(body);
  }
  const auto checked = codec::check_msg(body);
  return checked ? std::optional{checked->event_count} : std::nullopt;
}

request_handler::request request_handler::apply(std::span<const std::byte> body, timestamp now)
{
  const auto events = check(body);
  if (!events) {
    ++counters_.malformed;
    return {};
  }
  ++counters_.messages;
  counters_.events += *events;
  request asked{.parsed = true};
  codec::wire_reader reader{body};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(codec::msg_field::events, wire_type::length_delimited)) {
      if (!forgets()) {
        index_.apply(event_view{f.bytes}, now);
      }
    } else if (f.is(codec::msg_field::query, wire_type::length_delimited)) {
      read_query(f.bytes, asked.query);
    }
  }
  counters_.queries += asked.query ? 1 : 0;
  return asked;
}

request_result request_handler::answer_query(std::string_view text, std::vector<std::byte>& out)
{
  answer_writer answer{out};
  const auto parsed = query::parse(to_valid_utf8(text), queries_);
  if (const auto* error = std::get_if<query_error>(&parsed)) {
    answer.reject(error->text);
    ++counters_.rejections;
    return request_result::rejected;
  }
  const auto& asked = std::get<query>(parsed);
  answer.begin();
  bool encoded = true;
  index_.visit([&](const stored_event& e) {
    encoded = !asked.matches(e) || e.encode(out);
    return encoded;
  });
  if (!encoded) {
    answer.discard();
    return request_result::unanswered;
  }
  answer.end();
  ++counters_.acks;
  return request_result::acknowledged;
}

server_counters request_handler::snapshot() const noexcept
{
  auto result = counters_;
  result.indexed = index_.size();
  result.expired = index_.expired();
  return result;
}

} // namespace riemann::inline v0::testkit::detail
