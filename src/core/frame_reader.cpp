#include "core/frame_reader.hpp"

#include <algorithm>
#include <cstring>

namespace riemann::core {

namespace {

constexpr std::size_t header_size = 4;
/// Reads in a row that must leave seven eighths of the room empty before it shrinks.
constexpr unsigned patience = 16;

} // namespace

std::size_t frame_reader::wanted_capacity() noexcept
{
  const std::size_t held = end_ - begin_;
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

std::span<std::byte> frame_reader::prepare()
{
  const std::size_t wanted = wanted_capacity();
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

std::optional<std::size_t> frame_reader::announced() const noexcept
{
  if (end_ - begin_ < header_size) {
    return std::nullopt;
  }
  const auto byte = [&](std::size_t i) {
    return std::to_integer<std::size_t>(buffer_[begin_ + i]);
  };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

std::optional<std::span<const std::byte>> frame_reader::next() noexcept
{
  const auto length = announced();
  if (!length || *length > limit_ || end_ - begin_ - header_size < *length) {
    return std::nullopt;
  }
  const std::span<const std::byte> body{buffer_.get() + begin_ + header_size, *length};
  begin_ += header_size + *length;
  return body;
}

bool frame_reader::over_limit() const noexcept
{
  const auto length = announced();
  return length && *length > limit_;
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

} // namespace riemann::core
