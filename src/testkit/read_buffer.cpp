#include "testkit/read_buffer.hpp"

#include <cstring>

namespace riemann::inline v0::testkit::detail {

read_buffer::read_buffer(read_buffer_options options)
    : options_{options},
      capacity_{options.initial_capacity},
      bytes_{std::make_unique_for_overwrite<std::byte[]>(capacity_)}
{}

std::span<std::byte> read_buffer::prepare()
{
  const auto used = end_ - begin_;
  const bool is_idle = capacity_ > options_.initial_capacity && end_ <= capacity_ / 8;
  idle_rounds_ = is_idle ? idle_rounds_ + 1 : 0;
  if (used > capacity_ / 2) {
    move_to(capacity_ * 2);
  } else if (idle_rounds_ > options_.rounds_before_shrinking) {
    move_to(capacity_ / 2);
    idle_rounds_ = 0;
  } else if (begin_ > 0) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, used);
    begin_ = 0;
    end_ = used;
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void read_buffer::move_to(std::size_t capacity)
{
  auto moved = std::make_unique_for_overwrite<std::byte[]>(capacity);
  const auto used = end_ - begin_;
  std::memcpy(moved.get(), bytes_.get() + begin_, used);
  bytes_ = std::move(moved);
  capacity_ = capacity;
  begin_ = 0;
  end_ = used;
}

} // namespace riemann::inline v0::testkit::detail
