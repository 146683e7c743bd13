#ifndef RIEMANN_TEST_DELIVERY_BOOKS_HPP
#define RIEMANN_TEST_DELIVERY_BOOKS_HPP

#include "record.hpp"

#include <riemann/outcome.hpp>
#include <riemann/statistics.hpp>

#include <boost/system/error_code.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace delivery {

/// How often each outcome and each error came.
struct counts {
  [[nodiscard]] std::uint64_t of(riemann::outcome o) const
  {
    return outcomes[static_cast<std::size_t>(o)];
  }
  [[nodiscard]] std::uint64_t ended() const;
  /// Both, as the inside of a JSON object.
  [[nodiscard]] std::string json() const;

  std::array<std::uint64_t, 5> outcomes{};
  std::map<boost::system::error_code, std::uint64_t> errors{};
};

/// Books of our own on what was submitted and how each ended, to hold the transport's
/// against. Safe for use from several threads at once.
class books {
public:
  /// With each number's outcome in that file; an empty name: in none.
  explicit books(const std::string& file);
  books(const books&) = delete;
  books& operator=(const books&) = delete;
  ~books() = default;

  /// A number that was never given before. To be called before it is handed over.
  std::uint64_t submit() noexcept { return submitted_.fetch_add(1); }
  void end(std::uint64_t number, const boost::system::error_code& error);

  [[nodiscard]] std::uint64_t submitted() const noexcept { return submitted_.load(); }
  [[nodiscard]] counts ended() const;
  /// Writes what was not written yet. Throws `std::system_error`.
  void flush();

private:
  void write_records();

  struct closes {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  std::atomic<std::uint64_t> submitted_{};
  mutable std::mutex mutex_{};
  counts counts_{};
  std::unique_ptr<std::FILE, closes> file_{};
  std::vector<record> records_{};
};

/// What the transport's own books, taken between a look at ours and another, have wrong;
/// empty: nothing.
[[nodiscard]] std::string complaint(const riemann::statistics& theirs, const counts& before,
                                    std::uint64_t submitted_after);
/// The same when all has ended.
[[nodiscard]] std::string final_complaint(const riemann::statistics& theirs, const counts& ours,
                                          std::uint64_t submitted);

} // namespace delivery

#endif
