#include "testkit/fault_plan.hpp"

#include <riemann/options.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace riemann::inline v0::testkit::detail {

namespace {

void require(bool holds, const char* complaint)
{
  if (!holds) {
    throw std::invalid_argument{complaint};
  }
}

/// They are made at once.
constexpr std::size_t most_surplus = 1'000'000;

bool is_possible(std::chrono::milliseconds time)
{
  return time.count() >= 0 && time <= session_options::max_duration;
}

struct validator {
  void operator()(const surplus_answer& s) const
  {
    require(s.count <= most_surplus, "surplus_answer::count must be at most 1,000,000");
  }
  void operator()(const split& s) const
  {
    require(s.bytes > 0, "split::bytes must be greater than 0");
  }
  void operator()(const slow_reads& s) const
  {
    require(s.bytes > 0, "slow_reads::bytes must be greater than 0");
    require(is_possible(s.pause), "slow_reads::pause must not be negative, and at most "
                                  "session_options::max_duration");
  }
  void operator()(const delay& d) const
  {
    require(is_possible(d.time), "delay::time must not be negative, and at most "
                                 "session_options::max_duration");
  }
  template <class Other>
  void operator()(const Other&) const
  {}
};

bool possible_at_accept(const fault& f)
{
  return std::holds_alternative<close_at>(f) || std::holds_alternative<reset_at>(f) ||
         std::holds_alternative<slow_reads>(f);
}

} // namespace

void fault_plan::add(std::vector<fault> together, fault_place where)
{
  require(where.connection != 0, "fault_place::connection counts from 1");
  for (const fault& f : together) {
    std::visit(validator{}, f);
    require(where.message != fault_place::accept || possible_at_accept(f),
            "fault_place::message is accept, where only close_at, reset_at and slow_reads can be");
  }
  rules_.push_back({std::move(together), where});
}

std::vector<fault> fault_plan::take(std::uint64_t connection, std::uint64_t message)
{
  for (auto r = rules_.begin(); r != rules_.end(); ++r) {
    auto& where = r->where;
    const bool here = where.connection == fault_place::any || where.connection == connection;
    const bool now = where.message == message ||
                     (where.message == fault_place::any && message != fault_place::accept);
    if (!here || !now) {
      continue;
    }
    if (where.times == 1) {
      auto together = std::move(r->together);
      rules_.erase(r);
      return together;
    }
    if (where.times != 0) {
      --where.times;
    }
    return r->together;
  }
  return {};
}

} // namespace riemann::inline v0::testkit::detail
