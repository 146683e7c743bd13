#include "testkit/answer_writer.hpp"

#include "codec/wire.hpp"
#include "testkit/frame_prefix.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace riemann::inline v0::testkit::detail {

namespace {

constexpr std::byte ok_tag{codec::msg_field::ok << 3};

constexpr std::array acknowledgement{std::byte{0}, std::byte{0}, std::byte{0},
                                     std::byte{2}, ok_tag,       std::byte{1}};

/// Many end to end, to be copied at one go.
constexpr auto acknowledgements = [] {
  std::array<std::byte, 256 * acknowledgement.size()> all{};
  for (std::size_t i = 0; i != all.size(); ++i) {
    all[i] = acknowledgement[i % acknowledgement.size()];
  }
  return all;
}();

} // namespace

void answer_writer::acknowledge(std::size_t count)
{
  for (std::size_t left = count * acknowledgement.size(); left != 0;) {
    const auto piece = std::span{acknowledgements}.first(std::min(left, acknowledgements.size()));
    out_.insert(out_.end(), piece.begin(), piece.end());
    left -= piece.size();
  }
}

void answer_writer::reject(std::string_view text)
{
  const auto size = 2 + codec::length_delimited_size(text.size());
  out_.resize(start_ + prefix_size + size);
  auto* at = out_.data() + start_ + prefix_size;
  *at++ = ok_tag;
  *at++ = std::byte{0};
  static_cast<void>(codec::write_string(codec::msg_field::error, text, at));
  end();
}

void answer_writer::begin()
{
  acknowledge();
}

void answer_writer::end() noexcept
{
  const auto size = out_.size() - start_ - prefix_size;
  for (std::size_t i = 0; i < prefix_size; ++i) {
    out_[start_ + i] = static_cast<std::byte>(size >> (8 * (prefix_size - 1 - i)));
  }
}

} // namespace riemann::inline v0::testkit::detail
