#include "testkit/journal.hpp"

#include "codec/wire_reader.hpp"
#include "testkit/frame_prefix.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace riemann::inline v0::testkit::detail {

namespace {

using boost::system::error_code;

error_code last_error() noexcept
{
  return {errno, boost::system::system_category()};
}

[[noreturn]] void refuse(const std::string& path, error_code why, const std::string& what = {})
{
  throw boost::system::system_error{why, "journal \"" + path + "\"" + what};
}

int open_file(const std::string& path)
{
  const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor == -1) {
    refuse(path, last_error());
  }
  return descriptor;
}

/// The bytes of a file, once through.
class file_reader {
public:
  /// `path` is for what it throws.
  file_reader(int descriptor, const std::string& path) : descriptor_{descriptor}, path_{path} {}

  /// The bytes there are at `place`, as many as asked for, or fewer where the file ends.
  std::size_t read(std::uint64_t place, std::span<std::byte> to)
  {
    for (std::size_t done = 0; done != to.size(); ++done, ++place) {
      if ((place < begin_ || place >= begin_ + count_) && !read_more(place)) {
        return done;
      }
      to[done] = bytes_[place - begin_];
    }
    return to.size();
  }

private:
  bool read_more(std::uint64_t place)
  {
    ssize_t n = 0;
    do {
      n = ::pread(descriptor_, bytes_.data(), bytes_.size(), static_cast<off_t>(place));
    } while (n == -1 && errno == EINTR);
    if (n == -1) {
      refuse(path_, last_error());
    }
    begin_ = place;
    count_ = static_cast<std::uint64_t>(n);
    return count_ != 0;
  }

  int descriptor_;
  const std::string& path_;
  std::array<std::byte, std::size_t{64} << 10> bytes_{};
  std::uint64_t begin_ = 0;
  std::uint64_t count_ = 0;
};

/// Whether the first `present` bytes are of a message; behind them are zeros, by which a
/// field that was begun can end.
bool may_be_message(std::span<const std::byte> body, std::size_t present) noexcept
{
  codec::wire_reader reader{body};
  codec::field f;
  while (reader.rest().size() > body.size() - present) {
    if (reader.next(f) != codec::step::field) {
      return false;
    }
  }
  return true;
}

/// Where the last whole frame of a file that is not empty ends; 0 if there is none.
/// Somebody's own file, named by mistake, is not to be cut: what is there must be frames.
std::uint64_t find_end(int descriptor, std::uint64_t size, std::size_t max_message_size,
                       const std::string& path)
{
  const auto is_no_journal = [&path](std::uint64_t place) {
    refuse(path, make_error_code(boost::system::errc::bad_message),
           ", which has no frame at byte " + std::to_string(place));
  };
  file_reader file{descriptor, path};
  std::uint64_t end = 0;
  while (end != size) {
    std::array<std::byte, prefix_size> prefix{};
    const bool is_whole = file.read(end, prefix) == prefix.size();
    const auto length = read_length(prefix);
    if (length > max_message_size) {
      is_no_journal(end);
    }
    const auto behind = end + prefix_size + length;
    const bool is_torn = !is_whole || behind > size;
    // The first, and what would be cut.
    if (end == 0 || is_torn) {
      std::vector<std::byte> body(length);
      if (!may_be_message(body, file.read(end + prefix_size, body))) {
        is_no_journal(end);
      }
    }
    if (is_torn) {
      break;
    }
    end = behind;
  }
  return end;
}

} // namespace

journal::journal(const std::string& path, std::size_t max_message_size)
    : descriptor_{open_file(path)}
{
  try {
    struct stat found {};
    if (::fstat(descriptor_, &found) == -1) {
      refuse(path, last_error());
    }
    is_file_ = S_ISREG(found.st_mode);
    if (!is_file_) {
      return;
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == -1) {
      refuse(path, last_error(), ", which another server may hold");
    }
    // Asked again: whoever held it may have written until then.
    if (::fstat(descriptor_, &found) == -1) {
      refuse(path, last_error());
    }
    const auto size = static_cast<std::uint64_t>(found.st_size);
    size_ = size == 0 ? 0 : find_end(descriptor_, size, max_message_size, path);
    is_torn_ = size_ != size;
    if (const auto error = cut()) {
      refuse(path, error);
    }
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

journal::~journal()
{
  ::close(descriptor_);
}

error_code journal::append(std::span<const std::byte> frames) noexcept
{
  if (const auto error = cut()) {
    return error;
  }
  for (auto left = frames; !left.empty();) {
    const auto n = ::write(descriptor_, left.data(), left.size());
    if (n == -1 && errno == EINTR) {
      continue;
    }
    if (n == -1) {
      // A frame begun is not to stand in the way of the next. If it cannot be cut off
      // now, it is before that.
      const auto error = last_error();
      is_torn_ = is_file_ && left.size() != frames.size();
      static_cast<void>(cut());
      return error;
    }
    left = left.subspan(static_cast<std::size_t>(n));
  }
  size_ += frames.size();
  return {};
}

error_code journal::cut() noexcept
{
  if (is_torn_) {
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) == -1) {
      return last_error();
    }
    is_torn_ = false;
  }
  return {};
}

} // namespace riemann::inline v0::testkit::detail
