#include "wire.hpp"

#include "violation.hpp"

#include <charconv>
#include <string_view>

namespace riemann::simulation {

namespace {

/// Takes fields off a serialized message; every one is length-delimited but
/// those of an event that the server has no use for.
class fields {
public:
  explicit fields(std::string_view rest) : rest_{rest} {}

  bool next()
  {
    if (rest_.empty()) {
      return false;
    }
    const std::uint64_t tag = varint();
    number = tag >> 3;
    require((tag & 7) == 2, "the server read a field it does not know");
    const std::uint64_t size = varint();
    require(size <= rest_.size(), "the server read a field that is cut short");
    value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::uint64_t number = 0;
  std::string_view value{};

private:
  std::uint64_t varint()
  {
    std::uint64_t v = 0;
    for (unsigned shift = 0; !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return v;
      }
    }
    throw violation{"the server read a number that is cut short"};
  }

  std::string_view rest_;
};

void note_name(asked& a, std::string_view name)
{
  std::uint64_t number = 0;
  require(name.starts_with('m'), "the server read a message without its name");
  const auto end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + 1, end, number);
  require(error == std::errc{} && at == end, "the server read a name that is none");
  a.names.push_back(number);
}

void note_event(asked& a, std::string_view event)
{
  for (fields f{event}; f.next();) {
    if (f.number == 3) {
      note_name(a, f.value);
    }
  }
  ++a.events;
}

bytes frame(std::string_view body)
{
  bytes b(4 + body.size());
  for (std::size_t i = 0; i < 4; ++i) {
    b[i] = static_cast<std::byte>(body.size() >> (8 * (3 - i)));
  }
  for (std::size_t i = 0; i < body.size(); ++i) {
    b[4 + i] = static_cast<std::byte>(body[i]);
  }
  return b;
}

std::string field(char tag, const std::string& value)
{
  return std::string{tag} + static_cast<char>(value.size()) + value;
}

} // namespace

std::string name_of(std::uint64_t number)
{
  return "m" + std::to_string(number);
}

asked decode(std::span<const std::byte> body)
{
  asked a;
  if (body.empty()) {
    return a;
  }
  fields f{{reinterpret_cast<const char*>(body.data()), body.size()}};
  while (f.next()) {
    if (f.number == 3) {
      note_name(a, f.value);
    } else if (f.number == 5) {
      fields query{f.value};
      require(query.next() && query.number == 1, "the server read an empty query");
      note_name(a, query.value);
      a.has_query = true;
    } else if (f.number == 6) {
      note_event(a, f.value);
    }
  }
  require(!a.names.empty(), "the server read a message nobody sent");
  return a;
}

std::size_t announced(std::span<const std::byte> header)
{
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    length = length << 8 | std::to_integer<std::size_t>(header[i]);
  }
  return length;
}

bytes acknowledgement()
{
  return frame("\x10\x01");
}

bytes rejection(std::uint64_t name)
{
  using namespace std::string_literals;
  return frame("\x10\x00"s + field(0x1a, name_of(name)));
}

bytes found(std::uint64_t name, unsigned events)
{
  std::string body = "\x10\x01";
  for (unsigned i = 0; i < events; ++i) {
    body += field(0x32, field(0x1a, name_of(name)));
  }
  return frame(body);
}

bytes malformed()
{
  return frame("\xff\xff");
}

bytes oversized(std::size_t limit)
{
  bytes b = frame("abc");
  for (std::size_t i = 0; i < 4; ++i) {
    b[i] = static_cast<std::byte>((limit + 1) >> (8 * (3 - i)));
  }
  return b;
}

} // namespace riemann::simulation
