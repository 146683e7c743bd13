#ifndef RIEMANN_CLI_EXIT_CODE_MEANINGS_HPP
#define RIEMANN_CLI_EXIT_CODE_MEANINGS_HPP

#include "cli/exit_code.hpp"

#include <array>
#include <string_view>

namespace riemann::cli {

struct exit_code_meaning {
  exit_code code;
  std::string_view meaning;
};

/// For the help and the manual page.
inline constexpr std::array exit_code_meanings{
    exit_code_meaning{
        exit_code::acknowledged,
        "done: acknowledged by the server, over udp handed to the kernel, with -T none "
        "shown (agent: one message at least)"},
    exit_code_meaning{exit_code::other, "anything else, such as a file that cannot be written; "
                                        "without a word if the output's reader has gone"},
    exit_code_meaning{exit_code::usage, "wrong usage"},
    exit_code_meaning{exit_code::cannot_connect,
                      "cannot connect, or not within --timeout (serve: cannot listen)"},
    exit_code_meaning{exit_code::rejected, "rejected by the server"},
    exit_code_meaning{exit_code::timed_out, "timed out: no answer within --timeout"},
    exit_code_meaning{exit_code::tls_refused,
                      "TLS refused, by either side, or not agreed on within --timeout"},
    exit_code_meaning{exit_code::outcome_unknown,
                      "connection lost or answer unreadable: the outcome is unknown"},
    exit_code_meaning{exit_code::bad_input,
                      "lines of standard input could not be read; all others were acknowledged"},
    exit_code_meaning{exit_code::hung_up,
                      "send --stdin: ended by SIGHUP; agent: so, before any report had ended"},
    exit_code_meaning{exit_code::interrupted, "the same by SIGINT"},
    exit_code_meaning{exit_code::terminated, "the same by SIGTERM"},
};

} // namespace riemann::cli

#endif
