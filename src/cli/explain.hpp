#ifndef RIEMANN_CLI_EXPLAIN_HPP
#define RIEMANN_CLI_EXPLAIN_HPP

#include "cli/answer.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure.hpp"
#include "cli/settings.hpp"

#include <riemann/batch_options.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace riemann::cli {

/// The exit code of an operation that completed with this error.
exit_code exit_code_of(const boost::system::error_code& error) noexcept;

/// What was wrong with a message, `what` ("the event", "the query"), in words.
failure explain(const answer& failed, std::string_view what, const server_settings& server);

/// Why no connection could be opened, in words.
failure explain_connect(const boost::system::error_code& error, const server_settings& server);

/// What became of events that a batch client lost, in words, without a full stop.
std::string explain_loss(const batch_loss& loss, const server_settings& server);

/// Why a certificate or key cannot be used: the library's words, with the options'
/// names as they are here.
failure explain_credentials(std::string_view words);

} // namespace riemann::cli

#endif
