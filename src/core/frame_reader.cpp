#include "core/frame_reader.hpp"

#include <algorithm>
#include <cstring>

namespace riemann::inline v0::core {

namespace {

/// Reads in a row that must leave seven eighths of the room empty before it shrinks.
constexpr unsigned patience = 16;

} // namespace

std::size_t frame_reader::wanted_capacity(bool resting) noexcept
{
  const std::size_t held = end_ - begin_;
  if (resting && held == 0) {
    return resting_capacity;
  }
  if (held == capacity_) {
    return std::max(resting_capacity, capacity_ * 2);
  }
  if (filled_ && capacity_ < bulk_capacity) {
    return capacity_ * 2;
  }
  const bool roomy = capacity_ > resting_capacity && last_read_ + held < capacity_ / 8;
  small_reads_ = roomy ? small_reads_ + 1 : 0;
  return small_reads_ > patience && held <= resting_capacity / 2 ? resting_capacity : capacity_;
}

std::span<std::byte> frame_reader::prepare(bool resting)
{
  const std::size_t wanted = wanted_capacity(resting);
  if (wanted != capacity_) {
    reallocate(wanted);
  } else if (begin_ != 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

void frame_reader::commit(std::size_t n) noexcept
{
  end_ += n;
  last_read_ = n;
  filled_ = end_ == capacity_;
}

void frame_reader::reset() noexcept
{
  if (capacity_ > resting_capacity) {
    buffer_.reset();
    capacity_ = 0;
  }
  begin_ = 0;
  end_ = 0;
  filled_ = false;
  last_read_ = 0;
}

void frame_reader::reallocate(std::size_t capacity)
{
  auto bigger = std::make_unique_for_overwrite<std::byte[]>(capacity);
  const std::size_t held = end_ - begin_;
  if (held != 0) {
    std::memcpy(bigger.get(), buffer_.get() + begin_, held);
  }
  buffer_ = std::move(bigger);
  capacity_ = capacity;
  small_reads_ = 0;
  begin_ = 0;
  end_ = held;
}

} // namespace riemann::inline v0::core
