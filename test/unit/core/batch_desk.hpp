#ifndef RIEMANN_UNIT_CORE_BATCH_DESK_HPP
#define RIEMANN_UNIT_CORE_BATCH_DESK_HPP

#include "core/batcher.hpp"
#include "ended.hpp"

#include <riemann/event.hpp>
#include <riemann/message.hpp>

#include <boost/test/unit_test.hpp>

#include <deque>
#include <string>
#include <vector>

namespace riemann::test {

using core::batch_waiter;

/// It ended so.
inline bool is(const batch_waiter& w, error_code error)
{
  return w.ended() && w.error == error;
}

/// A batcher, its owner, and a transport that keeps what it is handed until it is told
/// how that ended.
struct batch_desk {
  explicit batch_desk(batch_options o = {}) : options{std::move(o)} {}
  ~batch_desk() { core.release_all().clear(); }
  batch_desk(const batch_desk&) = delete;
  batch_desk& operator=(const batch_desk&) = delete;

  static message event_named(const std::string& service) { return message{{.service = service}}; }
  /// Its bytes are so many.
  static message event_of_size(std::size_t size)
  {
    const message m{{.service = std::string(size - 4, 's')}};
    BOOST_REQUIRE_EQUAL(m.size(), size);
    return m;
  }

  bool post(const message& event)
  {
    const auto [taken, must_look] = core.add(event.body(), nullptr);
    return taken;
  }
  /// Encoded where it is to be.
  bool post(const std::string& service)
  {
    const event e{.service = service};
    const auto [taken, must_look] = core.add(detail::event_source{e}, nullptr);
    return taken;
  }
  batch_waiter& send(const message& event)
  {
    batch_waiter& r = waiters.emplace_back();
    static_cast<void>(core.add(event.body(), &r));
    return r;
  }
  batch_waiter& send(const std::string& service)
  {
    const event e{.service = service};
    batch_waiter& r = waiters.emplace_back();
    static_cast<void>(core.add(detail::event_source{e}, &r));
    return r;
  }

  /// Hands over all that may go.
  void look()
  {
    while (core::batch* const b = core.next(now)) {
      handed.push_back(b);
      sent.push_back(b->to_message());
    }
    collect();
  }
  void pass(core::time_point::duration d)
  {
    now += d;
    look();
  }
  /// The oldest of those handed over ends.
  void end(error_code error = {}, response answer = {}, bool unanswered = false)
  {
    BOOST_REQUIRE(!handed.empty());
    core::batch& b = *handed.front();
    handed.pop_front();
    core.on_end(b, error, std::move(answer), unanswered);
    look();
  }
  void collect()
  {
    core.take_ended().clear();
    for (core::batch_flush& f : core.take_flushed()) {
      flushed.push_back(&f);
    }
    while (core.has_losses()) {
      losses.push_back(core.take_loss());
    }
  }
  [[nodiscard]] std::vector<std::string> services(std::size_t i) const
  {
    std::vector<std::string> all;
    for (const event& e : sent.at(i).to_events()) {
      all.push_back(e.service.value());
    }
    return all;
  }
  [[nodiscard]] const tally& events() const { return core.books().events; }
  [[nodiscard]] std::uint64_t cause(errc e) const { return core.books().causes[e]; }

  batch_options options;
  core::time_point now{};
  std::deque<batch_waiter> waiters{};
  core::batcher core{options};
  std::deque<core::batch*> handed{}; ///< that have not ended
  std::vector<message> sent{};       ///< what was handed over, ever
  std::vector<core::batch_flush*> flushed{};
  std::vector<batch_loss> losses{};
};

/// Options that collect losses.
inline batch_options telling(batch_options o = {})
{
  o.on_loss = [](const batch_loss&) {};
  return o;
}

using names = std::vector<std::string>;

} // namespace riemann::test

#endif
