#ifndef RIEMANN_CLI_COUNTERPARTS_HPP
#define RIEMANN_CLI_COUNTERPARTS_HPP

#include <array>
#include <string_view>

namespace riemann::cli {

/// What another client's program calls it, and what it is here.
struct counterpart {
  std::string_view theirs;
  std::string_view ours;
};

/// Of `riemann-client`, the program of the Python package of that name.
inline constexpr std::array python_counterparts{
    counterpart{"-H, --host", "-H, --host"},
    counterpart{"-P, --port", "-P, --port"},
    counterpart{"-T, --transport udp|tcp|tls|none", "-T, --transport, before the command"},
    counterpart{"-I, --timeout", "-I, --timeout"},
    counterpart{"-C, --ca-certs", "-C, --ca-certs"},
    counterpart{"--keyfile", "--keyfile"},
    counterpart{"--certfile", "--certfile"},
    counterpart{"--version", "--version"},
    counterpart{"--help", "--help"},
    counterpart{"RIEMANN_HOST, RIEMANN_PORT", "the same"},
    counterpart{"send", "send"},
    counterpart{"send -T, --time", "send -T, --time; with fractions, or --time-micros"},
    counterpart{"send -S, --state", "send -S, --state"},
    counterpart{"send -s, --service", "send -s, --service"},
    counterpart{"send -h, --host", "send -h, --host"},
    counterpart{"send -d, --description", "send -d, --description"},
    counterpart{"send -t, --tag", "send -t, --tag"},
    counterpart{"send -l, --ttl", "send -l, --ttl"},
    counterpart{"send -a, --attr, --attribute", "send -a, --attr, --attribute"},
    counterpart{"send -m, --metric, --metric_f",
                "send -m, --metric; as a float with --metric-type float"},
    counterpart{"send --echo, --no-echo", "send --echo, --no-echo"},
    counterpart{"query QUERY", "query QUERY"},
};

/// Of `riemann-client`, the program that comes with riemann-c-client.
inline constexpr std::array c_counterparts{
    counterpart{"HOST PORT (arguments)", "-H, --host and -P, --port"},
    counterpart{"-T, --tcp", "-T tcp, before the command"},
    counterpart{"-U, --udp", "-T udp, before the command"},
    counterpart{"-G, --tls", "-T tls, before the command"},
    counterpart{"-o, --option cafile=FILE", "-C, --ca-certs FILE"},
    counterpart{"-o, --option certfile=FILE", "--certfile FILE"},
    counterpart{"-o, --option keyfile=FILE", "--keyfile FILE"},
    counterpart{"-o, --option priorities=TEXT",
                "--tls-min-version; cipher suites are OpenSSL's configuration's"},
    counterpart{"-?, --help", "--help"},
    counterpart{"-V, --version", "--version"},
    counterpart{"send -s, --state", "send -S, --state"},
    counterpart{"send -S, --service", "send -s, --service"},
    counterpart{"send -h, --host", "send -h, --host"},
    counterpart{"send -D, --description", "send -d, --description"},
    counterpart{"send -a, --attribute", "send -a, --attribute"},
    counterpart{"send -t, --tag", "send -t, --tag"},
    counterpart{"send -i, --metric-sint64", "send --metric with an integer, or --metric-type int"},
    counterpart{"send -d, --metric-d", "send --metric with a point in it, or --metric-type double"},
    counterpart{"send -f, --metric-f", "send --metric with --metric-type float"},
    counterpart{"send -L, --ttl", "send -l, --ttl"},
    counterpart{"send -0, --stdin", "send --stdin --format metrics"},
    counterpart{"query QUERY", "query QUERY --output table"},
    counterpart{"query -j, --json", "query --output json"},
};

} // namespace riemann::cli

#endif
