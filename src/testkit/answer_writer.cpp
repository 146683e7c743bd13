#include "testkit/answer_writer.hpp"

#include "codec/wire.hpp"

#include <array>

namespace riemann::testkit::detail {

namespace {

constexpr std::size_t prefix_size = 4;
constexpr std::byte ok_tag{codec::msg_field::ok << 3};

} // namespace

void answer_writer::acknowledge()
{
  static constexpr std::array frame{std::byte{0}, std::byte{0}, std::byte{0},
                                    std::byte{2}, ok_tag,       std::byte{1}};
  out_.insert(out_.end(), frame.begin(), frame.end());
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

} // namespace riemann::testkit::detail
