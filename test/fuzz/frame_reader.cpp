// The stream's frames are the same however it is cut, and memory follows what came.
#include "core/frame_reader.hpp"

#include "input.hpp"
#include "require.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace riemann::fuzz;
using riemann::core::frame_reader;

constexpr std::size_t longest_stream = std::size_t{256} << 10;

/// What is in a stream, read at one go by who has all of it.
struct contents {
  explicit contents(std::string_view stream, std::size_t limit)
  {
    while (stream.size() >= 4) {
      const std::size_t length = announced(stream);
      over_limit = length > limit;
      if (over_limit || stream.size() - 4 < length) {
        return;
      }
      bodies.emplace_back(stream.substr(4, length));
      stream.remove_prefix(4 + length);
    }
  }

  std::vector<std::string> bodies{};
  bool over_limit = false;
};

std::string piece_of(input& in, std::size_t limit)
{
  switch (in.below(5)) {
  case 0:
    return in.text();
  case 1:
    return framed(in.text());
  case 2: {
    const auto length = in.number<std::uint16_t>();
    return framed(std::string(length, static_cast<char>(in.byte())));
  }
  case 3:
    return header(limit + in.below(2));
  default:
    return header(in.number<std::uint32_t>());
  }
}

/// The streams of some connections, one after the other.
std::vector<std::string> streams_of(input& in, std::size_t limit)
{
  std::vector<std::string> streams(1);
  std::size_t size = 0;
  while (!in.empty() && size < longest_stream) {
    const std::string piece = piece_of(in, limit);
    size += piece.size();
    streams.back() += piece;
    if (in.byte() == 0xFF) {
      streams.emplace_back();
    }
  }
  return streams;
}

class reading {
public:
  reading(std::size_t limit, cuts c) : limit_{limit}, cuts_{std::move(c)}, reader_{limit} {}

  void connection(std::string_view stream)
  {
    std::vector<std::string> bodies;
    while (!stream.empty() && !reader_.over_limit()) {
      const std::size_t most = cuts_.next();
      const auto room = reader_.prepare(cuts_.flagged());
      require(!room.empty(), "there is no room to read to");
      const std::size_t n = std::min({room.size(), stream.size(), most});
      std::memcpy(room.data(), stream.data(), n);
      reader_.commit(n);
      received_ += n;
      stream.remove_prefix(n);
      for (auto body = reader_.next(); body.data() != nullptr; body = reader_.next()) {
        bodies.push_back(to_text(body));
      }
      check_capacity();
    }
    over_limit_ = reader_.over_limit();
    bodies_ = std::move(bodies);
    reader_.reset();
  }
  void agrees_with(const contents& expected) const
  {
    require(bodies_ == expected.bodies, "other frames than the stream holds");
    require(over_limit_ == expected.over_limit, "another idea of what is too long");
  }

private:
  /// No promise of the peer's takes memory, and no more than twice a frame is held.
  void check_capacity() const
  {
    const std::size_t capacity = reader_.capacity();
    require(capacity <= std::max(frame_reader::resting_capacity, 2 * received_),
            "more memory is taken than bytes have come");
    require(capacity <= std::max(frame_reader::bulk_capacity, 2 * (limit_ + 4)),
            "more memory is taken than a frame can need");
  }

  std::size_t limit_;
  cuts cuts_;
  frame_reader reader_;
  std::size_t received_ = 0;
  std::vector<std::string> bodies_{};
  bool over_limit_ = false;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  input in{data, size};
  const auto limit = in.one_of<std::size_t>({0, 1, 100, 8'187, 8'188, 8'192, 65'532, 200'000});
  reading r{limit, cuts{in}};
  for (const std::string& stream : streams_of(in, limit)) {
    r.connection(stream);
    r.agrees_with(contents{stream, limit});
  }
  return 0;
}
