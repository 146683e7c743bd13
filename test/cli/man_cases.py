"""The manual page."""

import re
import shutil
import subprocess

from harness import PATIENCE, Skipped, case, environment, expect, succeed

EXITS = (*range(9), 129, 130, 143)


def plain(page):
    return re.sub(r"\\f[BIR]", "", page).replace("\\-", "-")


@case
def man_page_when_printed_then_has_every_option_variable_and_exit_code():
    page = plain(succeed("man"))
    for command in ("send", "query", "ping", "serve", "agent", "bench", "completion", "man", "help"):
        expect(f".SS {command}\n" in page, command, "is not in the manual page")
        for option in re.findall(r"^ .*?(--[a-z-]+)", succeed(command, "--help"), re.M):
            expect(option in page, option, "of", command, "is not in the manual page")
    for option in re.findall(r"^ .*?(--[a-z-]+)", succeed("--help"), re.M):
        expect(option in page, option, "is not in the manual page")
    for variable in ("HOST", "PORT", "TRANSPORT", "TIMEOUT", "CONFIG", "CA_CERTS", "CERTFILE", "KEYFILE", "KEY_PASSWORD",
                     "TLS_SERVER_NAME", "TLS_MIN_VERSION"):
        expect(f"RIEMANN_{variable}\n" in page, variable, "is not in the manual page")
    for code in EXITS:
        expect(f".TP\n{code}\n" in page, "exit code", code, "is not in the manual page")


@case
def man_page_when_another_client_has_a_flag_then_its_counterpart_is_told():
    page = plain(succeed("man"))
    if shutil.which("riemann-client"):
        done = subprocess.run(["riemann-client", "--help"], env=environment(), timeout=PATIENCE, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        flags = re.findall(r"^ +(-\S), (--[a-z0-9-]+)", done.stdout, re.M)
        expect(len(flags) > 15, "the C client's help is read wrongly:", done.stdout)
        for short, long in flags:
            expect(f"{short}, {long}" in page, short, long, "has no counterpart")
    for flag in ("--timeout", "--ca-certs", "--keyfile", "--certfile", "--metric_f", "--no-echo", "--attr"):
        expect(re.search(rf"^T\{{\n.*{flag}\b", page, re.M), flag, "has no counterpart")


@case
def man_page_when_formatted_then_nothing_is_wrong_with_it():
    if not shutil.which("man"):
        raise Skipped("there is no man")
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-"], input=succeed("man"),
                          env=environment({"MANWIDTH": "80"}), timeout=PATIENCE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    expect(done.returncode == 0 and done.stderr == "", "man says", done.stderr)
    shown = re.sub(".\b", "", done.stdout)  # letters that are struck twice to be bold
    expect("EXIT STATUS" in shown and "OTHER CLIENTS" in shown, shown[:500])
