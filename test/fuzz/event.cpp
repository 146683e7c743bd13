// What is sent: our encoder's bytes are protobuf's, and read back as what they were.
#include "../unit/codec/reference.hpp"
#include "codec/event_encoder.hpp"
#include "input.hpp"
#include "make_event.hpp"
#include "require.hpp"

#include <riemann/detail/event_source.hpp>
#include <riemann/event_literal.hpp>
#include <riemann/message.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using fuzz::require;

constexpr std::size_t most_events = 20;

/// By itself, in memory of just its size.
template <class Event>
std::string encode_alone(const Event& e)
{
  const std::size_t size = codec::encoded_size(e);
  const auto room = std::make_unique<std::byte[]>(size);
  require(codec::encode(e, room.get()) == room.get() + size, "an event has another size");
  return fuzz::to_text({room.get(), size});
}

/// In one pass, in memory of what it asks for.
template <class Event>
std::string encode_unmeasured(const Event& e)
{
  const detail::event_source source{e};
  const auto room = std::make_unique<std::byte[]>(source.bound());
  const std::byte* const end = source.write_unmeasured(room.get());
  return fuzz::to_text({room.get(), static_cast<std::size_t>(end - room.get())});
}

void check_event(const event& e)
{
  const proto::Event reference = test::reference_event(e);
  const std::string expected = reference.SerializeAsString();
  require(encode_alone(e) == expected, "an event is encoded otherwise than by protobuf");
  require(encode_alone(event_literal(e)) == expected, "its literal is encoded otherwise");
  const std::string in_message = fuzz::to_text(message{e}.body());
  require(encode_unmeasured(e) == in_message, "written in one pass it is another");
  require(encode_unmeasured(event_literal(e)) == in_message, "its literal is, in one pass");
  require(to_proto(e).SerializeAsString() == expected, "another protobuf object");
  require(test::same(from_proto(reference), e), "protobuf's object is read as something else");
}

void check_frame(const message& m, const std::string& expected)
{
  require(fuzz::to_text(m.body()) == expected, "a message is not what protobuf makes of it");
  require(fuzz::to_text(m.frame()) == fuzz::framed(expected), "a frame has another length");
}

/// All of it read back.
void check_reading(const message& m, const std::vector<event>& events)
{
  const auto answer = response::parse(fuzz::to_bytes(fuzz::to_text(m.body())));
  require(answer.has_value() && answer->event_count() == events.size(), "it does not parse");
  const auto read = answer->to_events();
  const auto kept = m.to_events();
  require(kept.size() == events.size(), "a message shows other events than it has");
  std::size_t i = 0;
  for (const event_view view : answer->events()) {
    require(test::same(view.to_event(), events[i]) && test::same(read[i], events[i]) &&
                test::same(kept[i], events[i]),
            "an event is read as another");
    check_frame(message::from(view), fuzz::to_text(message{events[i]}.body()));
    ++i;
  }
}

void check_message(const std::vector<event>& events, const std::optional<std::string>& query)
{
  proto::Msg reference;
  message together{std::span<const event>{events}};
  message one_by_one;
  for (const event& e : events) {
    *reference.add_events() = test::reference_event(e);
    one_by_one.append(e);
  }
  if (query) {
    reference.mutable_query()->set_string(*query);
    together.set_query(*query);
    one_by_one.set_query(*query + "?");
    one_by_one.set_query(*query); // takes its place
  }
  // A query comes first in protobuf's order, and last in ours, where events may follow.
  const message of_protobuf{reference};
  check_frame(of_protobuf, reference.SerializeAsString());
  if (!query) {
    check_frame(together, reference.SerializeAsString());
  }
  require(fuzz::to_text(together.frame()) == fuzz::to_text(one_by_one.frame()),
          "events added one by one are another message");
  for (const message* const m :
       std::array<const message*, 3>{&together, &one_by_one, &of_protobuf}) {
    require(m->event_count() == events.size() && m->has_query() == query.has_value() &&
                m->query_text() == query.value_or(""),
            "a message says something else of itself");
    require(to_proto(*m).SerializeAsString() == reference.SerializeAsString(),
            "a message is another to protobuf");
    check_reading(*m, events);
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  fuzz::input in{data, size};
  std::optional<std::string> query;
  if (in.flag()) {
    query = in.text();
  }
  std::vector<event> events;
  while (!in.empty() && events.size() < most_events) {
    events.push_back(fuzz::make_event(in));
    check_event(events.back());
  }
  check_message(events, query);
  return 0;
}
