#ifndef RIEMANN_UNIT_CORE_PIPE_HPP
#define RIEMANN_UNIT_CORE_PIPE_HPP

#include "core/pipeline.hpp"
#include "ended.hpp"
#include "frames.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace riemann::test {

/// A pipeline, and a wire in the test's hands.
struct pipe {
  explicit pipe(session_options o = {}) : options{o} {}
  ~pipe()
  {
    line.take_ended().clear();
    line.release_all().clear();
  }
  pipe(const pipe&) = delete;
  pipe& operator=(const pipe&) = delete;

  request& add(message m, core::time_point deadline = never)
  {
    request& r = requests.emplace_back(std::move(m), deadline);
    books.submitted(r);
    line.enqueue(r, now);
    return r;
  }
  /// A frame of `size` bytes, of one event.
  request& events(std::size_t size = 20)
  {
    event e;
    message m{e};
    for (std::size_t room = size; m.frame().size() < size; --room) {
      e.description = std::string(room, 'x');
      message next{e};
      if (next.frame().size() <= size) {
        m = std::move(next);
      }
    }
    return add(std::move(m));
  }
  request& query() { return add(message::query("true")); }

  std::size_t stage()
  {
    line.stage();
    check();
    return line.pending().size();
  }
  void wrote(std::size_t n)
  {
    BOOST_TEST(!line.wrote(n, {}, now));
    check();
  }
  /// Writes whatever may be written; how many bytes that was.
  std::size_t write_all()
  {
    std::size_t total = 0;
    while (const std::size_t n = stage()) {
      wrote(n);
      total += n;
    }
    return total;
  }
  error_code answer(const bytes& framed)
  {
    const auto error = line.answer(std::span{framed}.subspan(4), now);
    check();
    return error;
  }
  void fail(bool writing = false)
  {
    line.fail_window({errc::connection_lost, errc::not_written, response::failure("why")}, writing);
    check();
    BOOST_TEST(line.window_empty());
  }
  void check() const
  {
    BOOST_TEST(books.books().messages.balanced());
    BOOST_TEST(books.books().events.balanced());
  }
  [[nodiscard]] const tally& counts() const { return books.books().messages; }

  session_options options;
  core::ledger books{};
  core::pipeline line{options, books};
  core::time_point now{1h};
  std::deque<request> requests{};
};

} // namespace riemann::test

#endif
