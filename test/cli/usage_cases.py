"""Help and usage."""

import re

from harness import USAGE, case, expect, fail, succeed


@case
def help_when_asked_then_everything_is_told():
    text = succeed("--help")
    for word in ("send", "query", "serve", "agent", "--host", "--port", "--transport", "--timeout",
                 "RIEMANN_HOST", "RIEMANN_PORT", "RIEMANN_TRANSPORT", "--ca-certs", "--certfile", "--keyfile",
                 "--tls-server-name", "--tls-min-version", "RIEMANN_CA_CERTS", "RIEMANN_CERTFILE", "RIEMANN_KEYFILE",
                 "RIEMANN_KEY_PASSWORD", "RIEMANN_TLS_SERVER_NAME", "RIEMANN_TLS_MIN_VERSION", "Exit codes"):
        expect(word in text, word, "is not in --help")
    expect(max(map(len, text.splitlines())) <= 80, "help is too wide")
    for code in (*range(9), 129, 130, 143):
        expect(re.search(rf"^ +{code}  \S", text, re.M), "exit code", code, "is not in --help")
    for command in ("send", "query", "ping", "serve", "agent", "bench", "completion", "man", "help"):
        expect(re.search(rf"^  {command} +[A-Z]", text, re.M), command, "is not in --help")
        expect(succeed("help", command) == succeed(command, "--help"), "another help of", command)
        expect(f"riemann-cli {command}" in succeed(command, "--help"), "no usage of", command)
        expect(max(map(len, succeed(command, "--help").splitlines())) <= 80, "help is too wide:", command)
        expect("\n\n\n" not in succeed(command, "--help"), "two blank lines in the help of", command)


@case
def version_when_asked_then_one_line():
    expect(re.fullmatch(r"riemann-cli \d+\.\d+\.\d+\n", succeed("--version")), "no version")


@case
def usage_when_wrong_then_exit_code_2_and_a_sentence():
    for arguments, saying in (
        ((), "no command given"),
        (("bogus",), "'bogus'"),
        (("--bogus",), "'--bogus'"),
        (("send", "--bogus"), "'--bogus'"),
        (("send", "--servce", "x"), "unknown option '--servce' (did you mean --service?)"),
        (("send", "--metric-typ=int"), "(did you mean --metric-type?)"),
        (("send", "-x"), "unknown option '-x'; see"),
        (("help", "qurey"), "unknown command 'qurey' (did you mean query?)"),
        (("--hots", "x", "ping"), "(did you mean --host?)"),
        (("qurey", "true"), "unknown command 'qurey' (did you mean query?)"),
        (("query", "true", "-o", "xml"), "give json, ndjson, table or csv"),
        (("query", "true", "-w", "0"), "--watch"),
        (("completion",), "no shell given"),
        (("completion", "tcsh"), "give bash, zsh or fish"),
        (("send", "-m", "12abc"), "--metric '12abc' is not a number"),
        (("send", "-m", "1e999"), "beyond a double"),
        (("send", "-m", "9223372036854775808"), "64-bit"),
        (("send", "-a", "novalue"), "KEY=VALUE"),
        (("send", "-l", "-1"), "--ttl"),
        (("send", "-T", "tomorrow"), "--time"),
        (("send", "--echo", "--no-echo"), "--no-echo"),
        (("send", "--metric"), "--metric"),
        (("query",), "query"),
        (("query", "a", "b"), "quotes"),
        (("-P", "99999", "query", "true"), "--port '99999' is not a port"),
        (("-P", "0", "query", "true"), "--port"),
        (("-H", "localhost:1", "query", "true"), "--port"),
        (("-H", "", "query", "true"), "--host"),
        (("-I", "0", "query", "true"), "--timeout"),
        (("-T", "pigeon", "query", "true"), "tcp, tls, udp or none"),
        (("serve", "--address", "nowhere"), "--address"),
        (("agent", "--interval", "0"), "give 0.05 seconds or more"),
        (("agent", "--count", "x"), "--count"),
    ):
        fail(USAGE, *arguments, saying=saying)
    fail(USAGE, "query", "true", env={"RIEMANN_PORT": "abc"}, saying="RIEMANN_PORT 'abc' is not a port")
