#ifndef RIEMANN_BENCH_LOAD_HPP
#define RIEMANN_BENCH_LOAD_HPP

#include "program.hpp"
#include "usual_event.hpp"

#include <riemann/client.hpp>
#include <riemann/options.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>

namespace bench {

using tcp_client = riemann::client<riemann::tcp_transport&>;
using udp_client = riemann::client<riemann::udp_transport&>;

/// The bounds in bytes are out of the way: the window in messages is what is measured.
inline riemann::tcp_options tcp_options_for(const arguments& a)
{
  riemann::tcp_options o{.host = a.host, .port = a.port};
  const std::size_t bytes = a.window * a.events * (usual_size + 5);
  o.session.max_in_flight = a.window;
  o.session.max_in_flight_bytes = std::max(o.session.max_in_flight_bytes, bytes);
  o.session.max_queued = std::max(o.session.max_queued, a.window);
  o.session.max_queued_bytes = std::max(o.session.max_queued_bytes, bytes);
  o.session.answer_timeout = std::chrono::minutes{1};
  return o;
}

inline riemann::udp_options udp_options_for(const arguments& a)
{
  riemann::udp_options o{.host = a.host, .port = a.port};
  o.max_queued = std::max(o.max_queued, a.window);
  o.max_coalesced_size = a.coalesced;
  return o;
}

inline void check(boost::system::error_code error)
{
  if (error) {
    throw boost::system::system_error{error};
  }
}

void run_coroutines(const arguments& a, result& r);
/// Foreign threads submit, one runs the context.
void run_threads(const arguments& a, result& r);

} // namespace bench

#endif
