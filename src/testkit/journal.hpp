#ifndef RIEMANN_TESTKIT_JOURNAL_HPP
#define RIEMANN_TESTKIT_JOURNAL_HPP

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace riemann::inline v0::testkit::detail {

/**
 * A file that frames are appended to. What `append` has taken is the kernel's, and
 * outlives this process however that ends. Not safe for use from several threads at
 * once.
 */
class journal {
public:
  /**
   * Opens the file, or makes it. Behind its last whole frame a process that was killed
   * while it wrote may have left a part of one: that is cut off, for the next frame to
   * follow the last.
   *
   * Throws `boost::system::system_error`, whose text names the file, when it cannot be
   * opened, another journal holds it, or what it holds does not begin as a message's
   * frame does, or has one of more than `max_message_size` bytes: then it is no journal, and
   * is left as it is.
   */
  journal(const std::string& path, std::size_t max_message_size);
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;
  ~journal();

  /// Appends all of it or, as far as the file can be cut, nothing, by one write.
  boost::system::error_code append(std::span<const std::byte> frames) noexcept;

private:
  [[nodiscard]] boost::system::error_code cut() noexcept;

  int descriptor_;
  bool is_file_ = false; ///< or a device, which keeps no length
  bool is_torn_ = false; ///< there is something behind `size_`
  std::uint64_t size_ = 0;
};

} // namespace riemann::inline v0::testkit::detail

#endif
