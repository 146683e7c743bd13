#include "core/frame_reader.hpp"
#include "frames.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>

namespace riemann::test {

namespace {

using core::frame_reader;

bytes filled(std::size_t size, unsigned char value)
{
  return bytes(size, std::byte{value});
}

bytes frame(const bytes& body)
{
  return header(body.size()) + body;
}

/// Feeds `stream` in pieces of at most `piece` bytes and collects the frames.
std::vector<bytes> feed(frame_reader& reader, const bytes& stream, std::size_t piece)
{
  std::vector<bytes> frames;
  for (std::size_t at = 0; at < stream.size();) {
    const auto room = reader.prepare();
    BOOST_REQUIRE(!room.empty());
    const std::size_t n = std::min({piece, room.size(), stream.size() - at});
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), n, room.begin());
    reader.commit(n);
    at += n;
    for (auto body = reader.next(); body.data() != nullptr; body = reader.next()) {
      frames.emplace_back(body.begin(), body.end());
    }
  }
  return frames;
}

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();
constexpr std::size_t limit = std::size_t{64} << 20;

} // namespace

BOOST_AUTO_TEST_SUITE(frame_reader_test)

BOOST_AUTO_TEST_CASE(frames_when_split_anywhere_then_come_out_whole)
{
  std::vector<bytes> bodies;
  bytes stream;
  for (const std::size_t size : {0, 1, 5, 8'188, 8'189, 20'000, 0, 70'000, 2}) {
    bodies.push_back(filled(size, static_cast<unsigned char>(size)));
    stream = stream + frame(bodies.back());
  }
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7},
                                  std::size_t{1'000}, std::size_t{8'192}, everything}) {
    frame_reader reader{limit};
    BOOST_TEST((feed(reader, stream, piece) == bodies), "in pieces of " << piece);
  }
}

BOOST_AUTO_TEST_CASE(frame_when_as_long_as_the_limit_then_taken)
{
  frame_reader reader{100};
  BOOST_TEST(feed(reader, frame(filled(100, 1)), 1).size() == 1);
  BOOST_TEST(!reader.over_limit());
}

BOOST_AUTO_TEST_CASE(frame_when_over_the_limit_then_said_by_its_header)
{
  frame_reader reader{100};
  const auto good = frame(filled(3, 1));
  BOOST_TEST(feed(reader, good + header(101), everything).size() == 1);
  BOOST_TEST(reader.over_limit());
  BOOST_TEST(reader.next().data() == nullptr);
}

BOOST_AUTO_TEST_CASE(frame_when_its_length_has_the_highest_bit_then_over_the_limit)
{
  frame_reader reader{limit};
  feed(reader, header(0xFFFFFFFF), 1);
  BOOST_TEST(reader.over_limit());
}

BOOST_AUTO_TEST_CASE(header_when_not_whole_then_neither_a_frame_nor_over_the_limit)
{
  frame_reader reader{100};
  feed(reader, filled(3, 0xff), everything);
  BOOST_TEST(!reader.over_limit());
  BOOST_TEST(reader.next().data() == nullptr);
}

BOOST_AUTO_TEST_CASE(buffer_when_much_is_announced_then_grows_only_as_it_arrives)
{
  frame_reader reader{limit};
  feed(reader, header(limit) + filled(100, 0), everything);
  BOOST_TEST(reader.capacity() == frame_reader::resting_capacity);
  feed(reader, filled(100'000, 0), everything);
  BOOST_TEST(reader.capacity() <= 2 * 100'108);
}

BOOST_AUTO_TEST_CASE(buffer_when_a_large_frame_is_done_then_shrinks)
{
  frame_reader reader{limit};
  feed(reader, frame(filled(1 << 20, 1)), everything);
  BOOST_TEST(reader.capacity() > std::size_t{1} << 20);
  for (int i = 0; i < 40; ++i) {
    BOOST_TEST(feed(reader, frame(filled(2, 1)), everything).size() == 1);
  }
  BOOST_TEST(reader.capacity() == frame_reader::resting_capacity);
}

BOOST_AUTO_TEST_CASE(buffer_when_reads_fill_it_then_grows_for_bulk_only_so_far)
{
  frame_reader reader{limit};
  bytes stream;
  for (int i = 0; i < 50'000; ++i) {
    stream.insert(stream.end(), {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}});
  }
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(feed(reader, stream, everything).size() == 50'000);
  }
  BOOST_TEST(reader.capacity() == frame_reader::bulk_capacity);
}

BOOST_AUTO_TEST_CASE(reset_when_a_frame_is_half_read_then_forgets_it)
{
  frame_reader reader{limit};
  feed(reader, header(100) + filled(50, 1), everything);
  reader.reset();
  BOOST_TEST((feed(reader, frame(filled(3, 2)), 1) == std::vector<bytes>{filled(3, 2)}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
