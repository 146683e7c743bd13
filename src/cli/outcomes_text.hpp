#ifndef RIEMANN_CLI_OUTCOMES_TEXT_HPP
#define RIEMANN_CLI_OUTCOMES_TEXT_HPP

#include <riemann/statistics.hpp>

#include <string>

namespace riemann::cli {

/// `acked N rejected N unknown N not_sent N`, and ` sent N` where anything was, which is
/// over UDP alone.
std::string outcomes_text(const tally& all);

} // namespace riemann::cli

#endif
