#ifndef RIEMANN_CLI_CHOICES_HPP
#define RIEMANN_CLI_CHOICES_HPP

#include "cli/settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

// Each reads a word that is a matter of choice, and throws a `failure` (usage) that
// names source, text and choices.

transport_kind parse_transport(const given& value);
tls_version parse_tls_version(const given& value);
output_format parse_output_format(const given& value);
input_format parse_input_format(const given& value);
metric_kind parse_metric_kind(const given& value);

} // namespace riemann::cli

#endif
