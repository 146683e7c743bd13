// What came back: the library takes what protobuf takes, and reads the same in it.
#include "../unit/codec/reference.hpp"
#include "codec/wire_reader.hpp"
#include "input.hpp"
#include "require.hpp"

#include <riemann/message.hpp>

#include <iterator>

namespace {

using namespace riemann;
using fuzz::require;

/// Each field lies within the bytes, behind the last, and again the same.
void check_fields(std::span<const std::byte> bytes)
{
  codec::wire_reader reader{bytes};
  codec::field f;
  const std::byte* before = bytes.data();
  while (reader.next(f) == codec::step::field) {
    require(reader.at() > before && reader.at() <= bytes.data() + bytes.size(),
            "a field lies elsewhere");
    if (f.type() == codec::wire_type::length_delimited) {
      require(f.bytes.data() >= before && f.bytes.data() + f.bytes.size() == reader.at(),
              "a field's bytes lie elsewhere");
    }
    before = reader.at();
  }
}

bool same_text(const std::optional<std::string_view>& ours, bool has, const std::string& theirs)
{
  return ours.has_value() == has && (!has || *ours == theirs);
}

void check_lists(const event_view& ours, const proto::Event& theirs)
{
  int i = 0;
  for (const std::string_view tag : ours.tags()) {
    require(i < theirs.tags_size() && tag == theirs.tags(i), "another tag");
    ++i;
  }
  require(i == theirs.tags_size(), "another number of tags");
  i = 0;
  for (const attribute_view a : ours.attributes()) {
    require(i < theirs.attributes_size(), "another number of attributes");
    const proto::Attribute& b = theirs.attributes(i++);
    require(a.key == b.key() && same_text(a.value, b.has_value(), b.value()), "another attribute");
  }
  require(i == theirs.attributes_size(), "another number of attributes");
}

/// The view itself, and what is made of it.
void check_event(const event_view& ours, const proto::Event& theirs)
{
  require(same_text(ours.host(), theirs.has_host(), theirs.host()), "another host");
  require(same_text(ours.service(), theirs.has_service(), theirs.service()), "another service");
  require(same_text(ours.state(), theirs.has_state(), theirs.state()), "another state");
  require(same_text(ours.description(), theirs.has_description(), theirs.description()),
          "another description");
  const event reading = test::reading_of(theirs);
  require(test::same(ours.metric(), reading.metric), "another metric");
  require(test::same(ours.ttl(), reading.ttl) && ours.time() == reading.time,
          "another ttl or time");
  check_lists(ours, theirs);
  require(to_proto(ours).SerializeAsString() == theirs.SerializeAsString(),
          "another protobuf object");
  const message taken_over = message::from(ours);
  const auto again = response::parse(fuzz::to_bytes(fuzz::to_text(taken_over.body())));
  require(again.has_value() && again->event_count() == 1, "it cannot be sent again");
  require(fuzz::to_text((*again->events().begin()).bytes()) == fuzz::to_text(ours.bytes()),
          "it is sent again as something else");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::string body = fuzz::input{data, size}.rest();
  const auto bytes = fuzz::to_bytes(body);
  check_fields(bytes);
  const auto verdict = test::judge(body);
  require(verdict.disagreement.empty(), verdict.disagreement);
  if (!verdict.accepted) {
    return 0;
  }
  proto::Msg theirs;
  static_cast<void>(theirs.ParseFromString(body));
  const response ours = *response::parse(bytes);
  int i = 0;
  for (const event_view view : ours.events()) {
    check_event(view, theirs.events(i++));
  }
  return 0;
}
