#include "cli/explain.hpp"

#include "cli/text.hpp"

#include <riemann/error.hpp>

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

/// What can be said of a message that was written and not answered.
std::string doubt(const answer& failed, std::string_view what)
{
  if (what == "the query" || failed.error == outcome::not_sent) {
    return "";
  }
  return ", and whether " + std::string{what} + " was applied is unknown";
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
           reason_of(failed) + ")" + doubt(failed, what) + "; see whether the server still runs";
  }
  if (failed.error == outcome::not_sent) {
    return "the connection to " + name_of(server) + " was lost before " + std::string{what} +
           " was sent (" + reason_of(failed) + "); try again";
  }
  return name_of(server) + " did not answer as Riemann does (" + reason_of(failed) + ")" +
         doubt(failed, what) + "; check --host and --port";
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
  case exit_code::acknowledged:
  case exit_code::other:
  case exit_code::usage:
  case exit_code::tls_refused:
    break;
  }
  return std::string{what} + " was not sent to " + name_of(server) + ": " + reason_of(failed);
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
  return {exit_code::cannot_connect, error == errc::connect_timeout
                                         ? no_connection_in_time(server)
                                         : no_connection({error, {}}, server)};
}

} // namespace riemann::cli
