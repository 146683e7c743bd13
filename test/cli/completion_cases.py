"""Completion scripts, run in the shells they are for."""

import re
import shutil
import subprocess
import tempfile

from harness import PATIENCE, Skipped, case, environment, expect, succeed


def complete(*words):
    """What bash offers for the last of the words."""
    script = succeed("completion", "bash") + """
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
compopt() { :; }
_riemann_cli
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", *words], env=environment(), timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    expect(done.returncode == 0 and done.stderr == "", words, done.stderr)
    return done.stdout.split()


@case
def completion_when_bash_then_commands_options_and_values():
    for words, expected in (
        (("riemann-cli", "que"), ["query"]),
        (("riemann-cli", "--tim"), ["--timeout"]),
        (("riemann-cli", "send", "--reject"), ["--reject-file"]),
        (("riemann-cli", "send", "--format", ""), ["ndjson", "csv", "metrics"]),
        (("riemann-cli", "send", "--format", "=", "c"), ["csv"]),
        (("riemann-cli", "query", "x", "-o", "t"), ["table"]),
        (("riemann-cli", "-T", "t"), ["tcp", "tls"]),
        (("riemann-cli", "query", "--transport", "=", ""), ["tcp", "tls", "udp", "none"]),
        (("riemann-cli", "query", "--transport", "="), ["tcp", "tls", "udp", "none"]),
        (("riemann-cli", "send", "-T", "t"), []),  # its --time
        (("riemann-cli", "send", "-s", "q"), []),
        (("riemann-cli", "completion", "z"), ["zsh"]),
        (("riemann-cli", "m"), ["man"]),
        (("riemann-cli", "help", "qu"), ["query"]),
        (("riemann-cli", "--config", "/dev/nul"), ["/dev/null"]),
    ):
        found = complete(*words)
        expect(found == expected, words, "are completed by", found)


@case
def completion_when_every_option_of_help_then_it_is_offered():
    for command in ("send", "query", "ping", "serve", "agent", "bench"):
        offered = complete("riemann-cli", command, "-")
        expect(len(offered) == len(set(offered)), "offered twice:", sorted(w for w in offered if offered.count(w) > 1))
        told = re.findall(r"^(?:  -\S, |      )(--[a-z-]+)", succeed(command, "--help"), re.M)
        expect(len(told) > 2, "the help is read wrongly:", told)
        for word in told:
            expect(word in offered, word, "of", command, "is not offered")


@case
def completion_when_zsh_or_fish_then_the_shell_takes_it():
    tried = 0
    for shell, arguments in (("zsh", ("-n", "-c")), ("fish", ("--no-config", "--no-execute", "-c"))):
        if not shutil.which(shell):
            continue
        tried += 1
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run([shell, *arguments, succeed("completion", shell)],
                                  env=environment({"HOME": home, "XDG_CONFIG_HOME": home}), timeout=PATIENCE,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        expect(done.returncode == 0 and done.stderr == "", shell, "says", done.stderr)
    if tried == 0:
        raise Skipped("there is neither zsh nor fish")


@case
def completion_when_zsh_then_no_value_is_cut_at_a_colon():
    specifications = re.findall(r"^ +'\*--?(\S.*)' \\$", succeed("completion", "zsh"), re.M)
    expect(len(specifications) > 50, "the script is read wrongly:", specifications)
    for one in specifications:
        # OPTION[DESCRIPTION], and of those with a value :MESSAGE:ACTION
        parts = re.fullmatch(r"[\w-]+=?\[(?:[^\]\\]|\\.)*\](:(?:[^:\\]|\\.)*:(?:[^:\\]|\\.)*)?", one)
        expect(parts, "zsh would read something else:", one)


@case
def completion_when_fish_is_asked_then_it_offers_options_and_values():
    if not shutil.which("fish"):
        raise Skipped("there is no fish")
    for line, expected in (("riemann-cli que", "query"), ("riemann-cli send --form", "--format"),
                           ("riemann-cli query x -o ta", "table")):
        script = succeed("completion", "fish") + f"\ncomplete -C '{line}'\n"
        with tempfile.TemporaryDirectory() as home:  # fish writes there
            done = subprocess.run(["fish", "--no-config", "-c", script],
                                  env=environment({"HOME": home, "XDG_CONFIG_HOME": home}), timeout=PATIENCE,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        found = [one.split("\t")[0] for one in done.stdout.splitlines()]
        expect(expected in found, line, "is completed by", done.stdout, done.stderr)
