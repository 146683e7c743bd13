#!/usr/bin/env python3
"""Counts the instructions that one message costs the client, by valgrind's callgrind,
and compares them with what is written down below: unlike a time, the number is nearly
the same on every run and every machine, so that a hot path that grows is seen.

usage: run.py RIEMANN_CLI BENCH_FOLDER [--print]

Each is the difference between a long run and a short one, so that starting and ending
cost nothing. One that changes on purpose is written down anew; with --print a difference
is no failure.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class HotPath:
    """A hot path: a program of the benchmarks, and what a message may cost it."""

    name: str
    program: str
    flags: tuple
    short: int
    long: int
    expected: int  # instructions a message, with -O2 of gcc 12
    tolerance: float = 0.05
    server: bool = False


PATHS = (
    HotPath("encode", "bench-codec", ("encode",), 2_000, 22_000, 650),
    HotPath("views_of_an_answer", "bench-codec", ("views", "--events", "100"), 5, 105, 136_000),
    HotPath("events_of_an_answer", "bench-codec", ("owning", "--events", "100"), 5, 105, 353_200),
    # How answers come together may differ from machine to machine: a wider tolerance.
    HotPath("tcp_callback_window_1", "bench-load", ("one",), 500, 5_500, 7_000, 0.10, True),
    HotPath("tcp_callback_window_1000", "bench-load", ("callbacks",), 5_000, 55_000, 1_782, 0.10, True),
    HotPath("tcp_coroutine_window_1000", "bench-load", ("coroutines",), 5_000, 55_000, 2_142, 0.10, True),
    HotPath("batch_of_100_events", "bench-load", ("batches", "--events", "100", "--window", "100"),
          100, 1_100, 68_750, 0.10, True),
)
PATIENCE = 120


class Server:
    """A sink, in a process of its own."""

    def __init__(self, cli):
        self._process = subprocess.Popen([cli, "serve", "--sink", "--port", "0"], text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = re.match(r"ready tcp=.*:(\d+) udp=", self._process.stdout.readline())[1]

    def stop(self):
        self._process.terminate()
        self._process.wait(PATIENCE)


def instructions(command):
    """All that the program executes, in user mode."""
    # `meson test` has the heap's blocks filled: not the library's doing.
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                          capture_output=True, text=True, timeout=PATIENCE, env=environment)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected:
        sys.exit(f"error: {' '.join(command)}: {done.stderr.strip()}")
    return int(collected[1])


def cost(path, bench, port):
    command = [str(bench / path.program), *path.flags] + (["--port", port] if path.server else [])
    counts = [instructions([*command, "--messages", str(n)]) for n in (path.short, path.long)]
    return round((counts[1] - counts[0]) / (path.long - path.short))


def judge(path, found):
    """The case's line; whether it is good."""
    change = found / path.expected - 1
    if change > path.tolerance:
        return False, f"{change:+.1%}: more than the {path.tolerance:.0%} it may"
    if change < -path.tolerance:
        return False, f"{change:+.1%}: better; write that down in {Path(__file__).name}"
    return True, f"{change:+.1%}"


def main():
    told = [a for a in sys.argv[1:] if a != "--print"]
    if len(told) != 2:
        sys.exit(__doc__)
    if not shutil.which("valgrind"):
        sys.exit("error: valgrind is not installed, so that nothing can be counted")
    server = Server(told[0])
    good = 0
    try:
        for path in PATHS:
            found = cost(path, Path(told[1]), server.port)
            fine, why = judge(path, found)
            good += fine
            print(f"{'ok' if fine else 'not ok'} - {path.name}: {found} instructions a message, "
                  f"{path.expected} written down ({why})", flush=True)
    finally:
        server.stop()
    print(f"{good} passed, {len(PATHS) - good} failed")
    return 0 if good == len(PATHS) or "--print" in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
