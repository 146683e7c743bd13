#ifndef RIEMANN_SIMULATION_MODEL_HPP
#define RIEMANN_SIMULATION_MODEL_HPP

#include "core/request.hpp"
#include "wire.hpp"

#include <riemann/message.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <ranges>
#include <utility>
#include <vector>

namespace riemann::simulation {

/// What the server did with one message.
struct journal_entry {
  unsigned received = 0;
  unsigned acknowledged = 0; ///< plainly
  unsigned rejected = 0;
  unsigned found = 0; ///< events in the answer
};

/// One message, as its user and the wire saw it.
struct tracked {
  std::uint64_t number = 0;           ///< in the order in which they were handed over
  std::vector<std::uint64_t> names{}; ///< all it holds
  bool has_query = false;
  std::size_t size = 0;                     ///< of its frame
  std::size_t body_size = 0;                ///< without the length
  std::unique_ptr<core::request> request{}; ///< until it has ended
  core::time_point submitted_at{};

  bool submitted = false; ///< the session has it
  bool handed = false;    ///< it is in a write of the connection there is, or was
  unsigned resends = 0;   ///< of it, so far
  bool touched = false;   ///< a byte of it was taken
  bool given_up = false;  ///< by its user
  bool ended = false;
  bool must_succeed = false;
  boost::system::error_code error{};
  journal_entry at_server{};

  /// That of its answer, too.
  [[nodiscard]] std::uint64_t name() const noexcept { return names.front(); }
};

/// All messages of a run, or of one session in it; numbers begin at 1.
class roll {
public:
  tracked& add(message&& m, core::time_point deadline)
  {
    tracked& t = all_.emplace_back();
    t.number = all_.size();
    t.names = decode(m.body()).names;
    t.has_query = m.has_query();
    t.size = m.frame().size();
    t.body_size = m.size();
    t.request = std::make_unique<core::request>(std::move(m), deadline);
    return t;
  }
  /// What holds this and nothing else; nothing if nobody sent that. One that was handed
  /// over more than once is the last one: no other may be on its way.
  tracked* find(const asked& a) noexcept
  {
    for (tracked& t : all_ | std::views::reverse) {
      if (t.name() == a.names.front()) {
        return t.names == a.names ? &t : nullptr;
      }
    }
    return nullptr;
  }
  std::deque<tracked>& all() noexcept { return all_; }
  /// Stands for every empty message.
  tracked& ping() noexcept { return ping_; }

private:
  tracked ping_{.size = 4, .handed = true, .ended = true};
  std::deque<tracked> all_{};
};

} // namespace riemann::simulation

#endif
