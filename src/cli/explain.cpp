#include "cli/explain.hpp"

#include "cli/text.hpp"

#include <riemann/error.hpp>
#include <riemann/options.hpp>
#include <riemann/outcome.hpp>
#include <riemann/tls_error.hpp>

#include <boost/algorithm/string/erase.hpp>
#include <boost/algorithm/string/replace.hpp>

#include <string>

namespace riemann::cli {

namespace {

exit_code code_for(errc error) noexcept
{
  switch (error) {
  case errc::rejected:
    return exit_code::rejected;
  case errc::connect_failed:
  case errc::connect_timeout:
    return exit_code::cannot_connect;
  case errc::handshake_failed:
  case errc::handshake_timeout:
  case errc::tls_failed:
    return exit_code::tls_refused;
  case errc::expired:
  case errc::deadline_exceeded:
  case errc::answer_timeout:
  case errc::write_timeout:
  case errc::drain_timeout:
    return exit_code::timed_out;
  case errc::not_written:
  case errc::abandoned:
  case errc::connection_lost:
  case errc::malformed_answer:
  case errc::answer_too_large:
  case errc::unexpected_events:
  case errc::surplus_answer:
  case errc::frame_too_large:
    return exit_code::outcome_unknown;
  case errc::cancelled:
  case errc::overloaded:
  case errc::dropped:
  case errc::message_too_large:
  case errc::disconnected:
  case errc::not_supported:
    break;
  }
  return exit_code::other;
}

std::string name_of(const server_settings& server)
{
  return host_and_port(server.host, server.port);
}

std::string seconds_of(const server_settings& server)
{
  std::string digits = fixed(std::chrono::duration<double>{server.timeout}.count(), 3);
  digits.erase(digits.find_last_not_of('0') + 1);
  return (digits.ends_with('.') ? digits.substr(0, digits.size() - 1) : digits) + " s";
}

/// The words that came with the failure, else the error's own, to stand within a
/// sentence.
std::string reason_of(const answer& failed)
{
  std::string reason{failed.content.text()};
  if (reason.empty()) {
    reason = failed.error.message();
  }
  if (failed.error != errc::rejected && reason.starts_with("The ")) {
    reason.front() = 't';
  }
  while (reason.ends_with('.') || reason.ends_with('\n')) {
    reason.pop_back();
  }
  return reason;
}

std::string no_connection(const answer& failed, const server_settings& server)
{
  // The transport's own words name the server already.
  const std::string what = failed.content.text().empty()
                               ? "cannot connect to " + name_of(server) + ": " + reason_of(failed)
                               : reason_of(failed);
  return what + "; see that the server runs, and check --host and --port";
}

std::string no_connection_in_time(const server_settings& server)
{
  return "no connection to " + name_of(server) + " within " + seconds_of(server) +
         "; check --host and --port, or allow more with --timeout";
}

/// What the user can do about it.
std::string_view tls_remedy(const boost::system::error_code& cause, const tls_settings& ours)
{
  if (cause == tls_error::wrong_name) {
    return "give the name it is for with --tls-server-name";
  }
  if (cause == tls_error::self_signed || cause == tls_error::untrusted) {
    return "give its authority's certificate with --ca-certs";
  }
  if (cause == tls_error::expired || cause == tls_error::not_yet_valid) {
    return "see that this machine's clock is right, and renew the certificate";
  }
  if (cause == tls_error::weak || cause == tls_error::certificate_invalid) {
    return "have the server's certificate made anew";
  }
  if (cause == tls_error::client_certificate_required ||
      (cause == tls_error::client_certificate_refused && ours.certfile.empty())) {
    return "give ours with --certfile and --keyfile";
  }
  if (cause == tls_error::client_certificate_refused) {
    return "give one that the server's authority has signed, with --certfile and --keyfile";
  }
  if (cause == tls_error::refused) {
    return "give --certfile and --keyfile if the server demands them, and see that there is a "
           "TLS version in common";
  }
  return "see that the port speaks TLS, and is not that of plain TCP";
}

/// What can be said of a message that was written and not answered.
std::string doubt(const answer& failed, std::string_view what)
{
  if (what == "the query" || what == "the ping" || failed.error == outcome::not_sent) {
    return "";
  }
  return ", and whether " + std::string{what} + " was applied is unknown";
}

/// Either the handshake failed, or the server refused after it.
std::string tls_refusal(const answer& failed, std::string_view what, const server_settings& server)
{
  const std::string reason = reason_of(failed);
  const bool after = reason.starts_with("TLS: ");
  const std::string start = after ? name_of(server) + " ended the connection by " : "";
  return start + reason + doubt(failed, what) + "; " +
         std::string{tls_remedy(failed.cause, server.tls)};
}

std::string rejection(const answer& failed, std::string_view what, const server_settings& server)
{
  const std::string start = name_of(server) + " rejected " + std::string{what};
  return failed.content.text().empty()
             ? start + " and did not say why; see its log"
             : start + ": " + reason_of(failed) + "; correct it and try again";
}

std::string loss(const answer& failed, std::string_view what, const server_settings& server)
{
  if (failed.error == errc::connection_lost) {
    return "the connection to " + name_of(server) + " was lost before the answer came (" +
           reason_of(failed) + ")" + doubt(failed, what) +
           "; see whether the server still runs, and whether that port wants -T tls";
  }
  if (failed.error == outcome::not_sent) {
    return "the connection to " + name_of(server) + " was lost before " + std::string{what} +
           " was sent (" + reason_of(failed) + "); try again";
  }
  return name_of(server) + " did not answer as Riemann does (" + reason_of(failed) + ")" +
         doubt(failed, what) + "; check --host and --port";
}

std::string too_large(const server_settings& server)
{
  return server.transport == transport_kind::udp
             ? "it is longer than a datagram may be (" +
                   std::to_string(udp_options{}.max_datagram_size) +
                   " bytes); give -T tcp, or send less at once"
             : "it is longer than a message may be (" +
                   std::to_string(session_options{}.max_message_size) +
                   " bytes); send less at once";
}

std::string sentence_of(const answer& failed, std::string_view what, const server_settings& server)
{
  if (failed.error == errc::connect_timeout) {
    return no_connection_in_time(server);
  }
  switch (exit_code_of(failed.error)) {
  case exit_code::cannot_connect:
    return no_connection(failed, server);
  case exit_code::rejected:
    return rejection(failed, what, server);
  case exit_code::timed_out:
    return name_of(server) + " did not answer within " + seconds_of(server) + doubt(failed, what) +
           "; check that it is a Riemann server, or allow more with --timeout";
  case exit_code::outcome_unknown:
    return loss(failed, what, server);
  case exit_code::tls_refused:
    return tls_refusal(failed, what, server);
  case exit_code::acknowledged:
  case exit_code::other:
  case exit_code::usage:
  case exit_code::bad_input:
  case exit_code::hung_up:
  case exit_code::interrupted:
  case exit_code::terminated:
    break;
  }
  const std::string start = std::string{what} + " was not sent to " + name_of(server) + ": ";
  if (failed.error == errc::message_too_large) {
    return start + too_large(server);
  }
  return start + reason_of(failed);
}

} // namespace

exit_code exit_code_of(const boost::system::error_code& error) noexcept
{
  if (!error) {
    return exit_code::acknowledged;
  }
  if (error.category() != error_category()) {
    return exit_code::other;
  }
  return code_for(static_cast<errc>(error.value()));
}

failure explain(const answer& failed, std::string_view what, const server_settings& server)
{
  return {exit_code_of(failed.error), sentence_of(failed, what, server)};
}

failure explain_connect(const boost::system::error_code& error, const server_settings& server)
{
  if (error == errc::handshake_timeout) {
    return {exit_code::tls_refused, "no handshake of TLS with " + name_of(server) + " within " +
                                        seconds_of(server) + "; " +
                                        std::string{tls_remedy(error, server.tls)}};
  }
  if (is_tls_error(error)) {
    const std::string reason = error == tls_error::truncated
                                   ? "the server closed the connection within the handshake"
                                   : reason_of({error, {}, {}});
    return {exit_code::tls_refused, "no TLS with " + name_of(server) + ": " + reason + "; " +
                                        std::string{tls_remedy(error, server.tls)}};
  }
  return {exit_code::cannot_connect, error == errc::connect_timeout
                                         ? no_connection_in_time(server)
                                         : no_connection({error, {}, {}}, server)};
}

std::string explain_loss(const batch_loss& loss, const server_settings& server)
{
  const bool one = loss.events == 1;
  std::string what = std::to_string(loss.events) + (one ? " event was " : " events were ");
  if (loss.error == outcome::rejected) {
    what += "rejected by " + name_of(server);
  } else if (loss.error == outcome::not_sent) {
    what += "not sent to " + name_of(server);
  } else {
    what += "sent to " + name_of(server) + ", and whether " + (one ? "it was" : "they were") +
            " applied is unknown";
  }
  if (loss.error == errc::answer_timeout) {
    return what + ": no answer came within " + seconds_of(server);
  }
  if (loss.reason.empty()) {
    return what;
  }
  constexpr std::size_t most = 300; // it may name the service
  what += ": " + shortened(reason_of({loss.error, response::failure(loss.reason), {}}), most);
  const bool by_datagram = server.transport == transport_kind::udp;
  return loss.error == errc::message_too_large && by_datagram ? what + "; give -T tcp" : what;
}

failure explain_credentials(std::string_view words)
{
  std::string sentence{words};
  boost::algorithm::erase_first(sentence, "riemann: ");
  boost::algorithm::replace_all(sentence, "certificate_file ", "--certfile ");
  boost::algorithm::replace_all(sentence, "key_file ", "--keyfile ");
  boost::algorithm::replace_first(sentence, "ca_certs ", "--ca-certs ");
  boost::algorithm::replace_first(sentence, "key_password", "RIEMANN_KEY_PASSWORD");
  return {exit_code::usage, sentence + "; correct it and try again"};
}

} // namespace riemann::cli
