#include "codec/event_encoder.hpp"
#include "codec/varint.hpp"
#include "codec/wire.hpp"
#include "codec/wire_reader.hpp"

#include <riemann/detail/event_source.hpp>
#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

namespace riemann::inline v0 {

namespace {

constexpr std::size_t length_prefix = 4;

template <class Event>
std::byte* write_event(const Event& e, std::size_t size, std::byte* out) noexcept
{
  return codec::encode(e, codec::write_length(codec::msg_field::events, size, out));
}

struct place {
  std::size_t offset;
  std::size_t size;
};

/// Where the query of a body is, or belongs: behind the fields with lower
/// numbers, before the events, as protobuf writes it.
place find_query(std::span<const std::byte> body) noexcept
{
  codec::wire_reader reader{body};
  codec::field f;
  for (;;) {
    const std::size_t offset = body.size() - reader.rest().size();
    if (reader.next(f) != codec::step::field) {
      return {offset, 0};
    }
    switch (f.number()) {
    case codec::msg_field::ok:
    case codec::msg_field::error:
    case codec::msg_field::states:
      continue;
    case codec::msg_field::query:
      return {offset, body.size() - reader.rest().size() - offset};
    default:
      return {offset, 0};
    }
  }
}

} // namespace

namespace detail {

namespace {

[[noreturn]] void refuse_length()
{
  throw std::length_error{"riemann: a message of more than " + std::to_string(message::max_size) +
                          " bytes"};
}

template <class Event>
std::size_t size_of_field(const void* e) noexcept
{
  return codec::length_delimited_size(codec::encoded_size(*static_cast<const Event*>(e)));
}

template <class Event>
std::byte* write_field(const void* e, std::byte* out) noexcept
{
  const auto& written = *static_cast<const Event*>(e);
  return write_event(written, codec::encoded_size(written), out);
}

/// In one pass. How many bytes its length has is guessed by the bound, and nearly always
/// right; that of the whole field has room for as many.
template <class Event>
std::byte* write_field_unmeasured(const void* e, std::size_t bound, std::byte* out) noexcept
{
  std::byte* const length =
      codec::write_tag(codec::msg_field::events, codec::wire_type::length_delimited, out);
  const std::size_t guessed = codec::varint_size(bound);
  std::byte* const begin = length + guessed;
  std::byte* const end = codec::encode(*static_cast<const Event*>(e), begin);
  const auto size = static_cast<std::size_t>(end - begin);
  std::byte* const right = codec::write_varint(size, length);
  if (right == begin) [[likely]] {
    return end;
  }
  std::memmove(right, begin, size);
  return right + size;
}

} // namespace

template <class Event>
const event_source::functions event_source::functions_of{&size_of_field<Event>, &write_field<Event>,
                                                         &write_field_unmeasured<Event>};

template <class Event>
event_source::event_source(const Event* e)
    : event_{e},
      // So much for the length that a guess of it, by the whole, has room.
      bound_{codec::tag_size + codec::max_prefix_size + codec::encoded_bound(*e)},
      with_{&functions_of<Event>}
{
  if (bound_ > message::max_size && size() > message::max_size) [[unlikely]] {
    refuse_length();
  }
}

event_source::event_source(const event& e) : event_source{&e} {}

event_source::event_source(const event_literal& e) : event_source{&e} {}

} // namespace detail

message::message(const event_literal& e) : message{}
{
  add(e);
}

const event_literal message::nothing{};

message::message(const event_literal& a, const event_literal& b, const event_literal& c,
                 const event_literal& d, const event_literal& e, const event_literal& f,
                 const event_literal& g, const event_literal& h)
    : message{}
{
  for (const event_literal* given : {&a, &b, &c, &d, &e, &f, &g, &h}) {
    if (given != &nothing) {
      add(*given);
    }
  }
}

message::message(std::span<const event> events)
{
  // Kept from the first pass for the second: to measure is a third of the encoding.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): those of the first events are set
  std::array<std::size_t, 128> sizes;
  std::size_t total = 0;
  for (std::size_t i = 0; i != events.size(); ++i) {
    const std::size_t size = codec::encoded_size(events[i]);
    total += codec::length_delimited_size(size);
    if (i < sizes.size()) {
      sizes[i] = size;
    }
  }
  std::byte* out = extend(total);
  for (std::size_t i = 0; i != events.size(); ++i) {
    out = write_event(events[i], i < sizes.size() ? sizes[i] : codec::encoded_size(events[i]), out);
  }
  event_count_ = static_cast<std::uint32_t>(events.size());
  seal();
}

message::message(std::span<const std::byte> body, std::uint32_t events) : event_count_{events}
{
  std::memcpy(extend(body.size()), body.data(), body.size());
  seal();
}

message message::from(const event_view& view)
{
  message m;
  m.append(view);
  return m;
}

message message::query(std::string_view text)
{
  message m;
  m.set_query(text);
  return m;
}

message::message(const message& other) noexcept
    : heap_{other.heap_},
      size_{other.size_},
      capacity_{other.capacity_},
      event_count_{other.event_count_},
      has_query_{other.has_query_}
{
  if (!heap_) {
    std::memcpy(inline_.data(), other.inline_.data(), inline_capacity);
  }
}

message::message(message&& other) noexcept
    : heap_{std::move(other.heap_)},
      size_{other.size_},
      capacity_{other.capacity_},
      event_count_{other.event_count_},
      has_query_{other.has_query_}
{
  if (!heap_) {
    // All of it, used or not: a copy of known size takes no call.
    std::memcpy(inline_.data(), other.inline_.data(), inline_capacity);
  }
  other.size_ = length_prefix;
  other.capacity_ = inline_capacity;
  other.event_count_ = 0;
  other.has_query_ = false;
  std::memset(other.inline_.data(), 0, length_prefix);
}

message& message::operator=(const message& other)
{
  if (this != &other) {
    *this = message{other};
  }
  return *this;
}

message& message::operator=(message&& other) noexcept
{
  if (this != &other) {
    std::destroy_at(this);
    std::construct_at(this, std::move(other));
  }
  return *this;
}

template <class Event>
void message::add(const Event& e)
{
  const std::size_t size = codec::encoded_size(e);
  write_event(e, size, extend(codec::length_delimited_size(size)));
  ++event_count_;
  seal();
}

template void message::add(const event& e);

void message::append(const event_literal& e)
{
  add(e);
}

void message::append(const event_view& view)
{
  const auto bytes = view.bytes();
  std::byte* out = extend(codec::length_delimited_size(bytes.size()));
  out = codec::write_length(codec::msg_field::events, bytes.size(), out);
  std::ranges::copy(bytes, out);
  ++event_count_;
  seal();
}

void message::set_query(std::string_view text)
{
  const std::size_t inner = codec::length_delimited_size(text.size());
  const std::size_t total = codec::length_delimited_size(inner);
  const place old = find_query(body());
  const std::size_t behind = size() - old.offset - old.size;
  extend(total > old.size ? total - old.size : 0);
  size_ = length_prefix + old.offset + total + behind;
  std::byte* const at = data() + length_prefix + old.offset;
  std::memmove(at + total, at + old.size, behind);
  codec::write_string(codec::query_field::string, text,
                      codec::write_length(codec::msg_field::query, inner, at));
  has_query_ = true;
  seal();
}

std::string_view message::query_text() const noexcept
{
  const place query = find_query(body());
  codec::field outer;
  codec::field inner;
  if (codec::wire_reader{body().subspan(query.offset, query.size)}.next(outer) ==
      codec::step::field) {
    codec::wire_reader fields{outer.bytes};
    while (fields.next(inner) == codec::step::field) {
      if (inner.is(codec::query_field::string, codec::wire_type::length_delimited)) {
        return inner.text();
      }
    }
  }
  return {};
}

std::vector<event> message::to_events() const
{
  // Made by this class from what was well formed.
  return response::parse({body().begin(), body().end()}).value().to_events();
}

message::message(const detail::event_source& e) : message{}
{
  e.write(extend(e.size()));
  ++event_count_;
  seal();
}

std::byte* message::extend(std::size_t more)
{
  if (more > max_size - size()) {
    detail::refuse_length();
  }
  const std::size_t needed = size_ + more;
  if (needed > capacity_) [[unlikely]] {
    // What is made in one go is given what it needs, what grows grows
    // geometrically.
    move_to(size_ == length_prefix
                ? needed
                : std::min(std::max(needed, capacity_ * 2), max_size + length_prefix));
  } else if (heap_ && !heap_.is_alone()) {
    move_to(capacity_);
  }
  std::byte* const end = data() + size_;
  size_ = needed;
  return end;
}

void message::move_to(std::size_t room)
{
  detail::shared_bytes other{room};
  // Not the length in front: `seal()` writes it, here perhaps for the first time.
  std::memcpy(other.get() + length_prefix, data() + length_prefix, size_ - length_prefix);
  heap_ = std::move(other);
  capacity_ = room;
}

void message::seal() noexcept
{
  codec::write_big_endian(static_cast<std::uint32_t>(size()), data());
}

} // namespace riemann::inline v0
