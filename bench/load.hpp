#ifndef RIEMANN_BENCH_LOAD_HPP
#define RIEMANN_BENCH_LOAD_HPP

#include "program.hpp"
#include "usual_event.hpp"
#include "wire_bytes.hpp"

#include <riemann/client.hpp>
#include <riemann/options.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>

namespace bench {

using tcp_client = riemann::client<riemann::tcp_transport&>;

/// The bounds in bytes are out of the way: the window in messages is what is measured.
inline void set_window(riemann::session_options& session, const arguments& a)
{
  const std::size_t bytes = a.window * a.events * (usual_size + 5);
  session.max_in_flight = a.window;
  session.max_in_flight_bytes = std::max(session.max_in_flight_bytes, bytes);
  session.max_queued = std::max(session.max_queued, a.window);
  session.max_queued_bytes = std::max(session.max_queued_bytes, bytes);
  session.answer_timeout = std::chrono::minutes{1};
}

// What each transport is made by, for code that knows it only as a parameter.

inline void set_options(riemann::tcp_options& o, const arguments& a)
{
  set_window(o.session, a);
}

inline void set_options(riemann::tls_options& o, const arguments& a)
{
  set_window(o.session, a);
  o.ca_certs = a.secure.ca_certs;
  o.certificate_file = a.secure.certfile;
  o.key_file = a.secure.keyfile;
  o.resume_sessions = a.secure.resume;
  if (!a.secure.version.empty()) {
    o.min_version = o.max_version =
        a.secure.version == "1.2" ? riemann::tls_version::tls_1_2 : riemann::tls_version::tls_1_3;
  }
}

inline void set_options(riemann::udp_options& o, const arguments& a)
{
  o.max_queued = std::max(o.max_queued, a.window);
  o.max_coalesced_size = a.coalesced;
}

template <class Options>
Options options_for(const arguments& a)
{
  Options o;
  o.host = a.host;
  o.port = a.port;
  set_options(o, a);
  return o;
}

/// Tells what was agreed on for a connection, and what it carried while measured.
class connection_watch {
public:
  template <class Transport>
  void start(const Transport& transport)
  {
    before_ = wire_bytes_of(transport.socket().value());
  }
  template <class Transport>
  void stop(const Transport& transport, result& r) const
  {
    const auto now = wire_bytes_of(transport.socket().value());
    r.extra.emplace_back("wire_sent", now.sent - before_.sent);
    r.extra.emplace_back("wire_received", now.received - before_.received);
    tell(transport, r);
  }

private:
  static void tell(const riemann::tcp_transport&, result& r)
  {
    r.words.emplace_back("transport", "tcp");
  }
  static void tell(const riemann::tls_transport& transport, result& r)
  {
    const auto agreed = transport.connection().value();
    r.words.emplace_back("transport", "tls");
    r.words.emplace_back("tls_version", agreed.version);
    r.words.emplace_back("cipher", agreed.cipher);
  }

  wire_bytes before_{};
};

inline void check(boost::system::error_code error)
{
  if (error) {
    throw boost::system::system_error{error};
  }
}

void run_coroutines(const arguments& a, result& r);
/// Single events by a batch client: posted, of as many as a message would have one awaited
/// to keep the pace.
void run_posts(const arguments& a, result& r);
/// ...and all of them awaited.
void run_gathered(const arguments& a, result& r);
/// Opens a connection for each message.
void run_connections(const arguments& a, result& r);
/// Foreign threads submit, one runs the context.
void run_threads(const arguments& a, result& r);

} // namespace bench

#endif
