#ifndef RIEMANN_CORE_REQUEST_HPP
#define RIEMANN_CORE_REQUEST_HPP

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

namespace riemann::inline v0::core {

using time_point = std::chrono::steady_clock::time_point;

/// A deadline that never comes.
inline constexpr time_point never = time_point::max();

/// Where a request is. What lies between `fresh` and `ended` is live.
enum class phase : std::uint8_t { fresh, waiting, queued, staged, in_flight, ended };

/**
 * One message on its way. The core links and marks requests and never owns
 * them; whoever submits one keeps it alive until it comes back ended, with
 * `error` and `answer` set.
 */
struct alignas(64) request {
  explicit request(message&& m, time_point deadline = never) noexcept
      : size{m.frame().size()}, events{m.event_count()}, expires_at{deadline}, payload{std::move(m)}
  {}

  // What every step of its way touches shares the first line of the cache.
  boost::intrusive::list_member_hook<> link{};
  std::size_t size;     ///< of its frame, in bytes
  std::uint32_t events; ///< it holds
  phase where = phase::fresh;
  std::uint8_t resends_left = 0;
  std::uint64_t position{}; ///< in the window, once staged; until then its owner's
  boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>> deadline_link{};

  time_point expires_at;
  time_point queued_at{};
  /// While live: what lost it, if it was written before and is to be again.
  boost::system::error_code error{};
  response answer{};
  message payload;
};

/// No byte of it was given to a connection, as far as is known.
[[nodiscard]] inline bool unwritten(const request& r) noexcept
{
  return (r.where == phase::queued || r.where == phase::waiting) && !r.error;
}

using request_list = boost::intrusive::list<
    request,
    boost::intrusive::member_hook<request, boost::intrusive::list_member_hook<>, &request::link>>;

struct sooner {
  bool operator()(const request& a, const request& b) const noexcept
  {
    return a.expires_at < b.expires_at;
  }
};

/// The live requests that have deadlines of their own, the soonest first.
using deadline_set = boost::intrusive::multiset<
    request, boost::intrusive::compare<sooner>,
    boost::intrusive::member_hook<
        request, boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>>,
        &request::deadline_link>>;

} // namespace riemann::inline v0::core

#endif
