#!/usr/bin/env python3
"""Plants one fault after another in a copy of the sources, and expects the tests to find
each: those in the core and in the clients above it the simulation, those in what does I/O
and in the test server the suites that the fault names.

Prints a line a mutant, and as its last line `N passed, M failed`. What follows
`--` is the compiler and its flags.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client_table import CLIENT_MUTANTS
from net_table import NET_MUTANTS
from table import MUTANTS, Mutant

# Which sources are compiled anew for a fault in a header: those whose code uses
# what is in it. None of the headers' mutants changes a class's layout.
USERS_OF = {
    "ledger.hpp": ["core/pipeline.cpp", "core/request_queue.cpp", "core/session.cpp"],
    "intake.hpp": ["simulation/shell.cpp"],
    "backoff.hpp": ["core/session.cpp"],
    "server_cycle.hpp": ["core/session.cpp"],
    "preferred_probe.hpp": ["core/session.cpp", "simulation/shell.cpp"],
    "session_actions.hpp": ["core/session.cpp"],
    "session_connecting.hpp": ["core/session.cpp"],
    "session_draining.hpp": ["core/session.cpp"],
    "session_exchange.hpp": ["core/session.cpp"],
    "session.hpp": ["simulation/shell.cpp"],
    "frame_reader.hpp": ["core/session.cpp"],
    "batcher.hpp": ["core/batcher.cpp", "core/batcher_end.cpp", "client/batch_implementation.cpp"],
    "client/pool_implementation.hpp": ["client/pool_implementation.cpp"],
    "client/routed_send.hpp": ["client/pool_implementation.cpp"],
    # One kind of socket is enough, and the suites are those of that kind.
    "net/connector.hpp": ["net/tcp_transport.cpp"],
    "net/inbox.hpp": ["net/tcp_transport.cpp"],
    "net/session_shell_steps.hpp": ["net/tcp_transport.cpp"],
    "net/tls_channel.hpp": ["net/tls_transport.cpp"],
    "net/udp_kind.hpp": ["net/udp_transport.cpp"],
}
# Those of the clients that are planted in.
CLIENTS = [
    "client/batch_implementation.cpp",
    "client/batch_steps.cpp",
    "client/pool_implementation.cpp",
    "client/routed_send.cpp",
    "client/router.cpp",
]
UNCHANGED = Mutant("unchanged", "", "", "")
TABLES = {"core": MUTANTS, "clients": CLIENT_MUTANTS, "net": NET_MUTANTS}
SURVIVED = "survived"


class Broken(Exception):
    """The mutant could not be made or built."""


class Bench:
    """Where mutants are made, built and run."""

    def __init__(self, options):
        self.options = options
        self.compile = options.compile
        ccache = shutil.which("ccache")
        if ccache and Path(self.compile[0]).name != "ccache":
            self.compile = [ccache, *self.compile]

    def try_out(self, mutant):
        """How the mutant was caught, or SURVIVED."""
        room = self.options.work / mutant.name
        shutil.rmtree(room, ignore_errors=True)
        for layer in ("core", "client", "net", "testkit"):
            shutil.copytree(self.options.source / layer, room / layer)
        self.plant(mutant, room)
        program = self.build(mutant, room)
        try:
            return self.play(program, mutant)
        finally:
            shutil.rmtree(room)

    @staticmethod
    def plant(mutant, room):
        if not mutant.original:
            return
        path = room / mutant.path
        text = path.read_text(encoding="utf-8")
        found = text.count(mutant.original)
        if found != 1:
            raise Broken(f"its snippet is in {mutant.file} {found} times, not once")
        path.write_text(text.replace(mutant.original, mutant.replacement), encoding="utf-8")

    def build(self, mutant, room):
        objects = []
        for source in self.sources_of(mutant, room):
            parent = self.options.simulation.parent if source.startswith("simulation/") else room
            objects.append(room / f"{Path(source).stem}.o")
            # Ours first, before the unchanged headers.
            self.execute(
                [*self.compile[:2], f"-I{room}", *self.compile[2:]]
                + ["-O1", "-g0", "-c", str(parent / source), "-o", str(objects[-1])]
            )
        program = room / mutant.program
        whole = next((parts for name, *parts in self.options.program if name == mutant.program), [])
        self.execute(
            [*self.options.compile, "-o", str(program), *map(str, objects)]
            + ["-Wl,--whole-archive", *whole, "-Wl,--no-whole-archive"]
            + [str(path) for path in self.options.link]
            + self.options.libraries
        )
        return program

    @staticmethod
    def sources_of(mutant, room):
        """What is compiled anew; of what is unchanged, all that ever is."""
        if mutant is UNCHANGED:
            core = sorted((room / "core").glob("*.cpp"))
            return [f"core/{path.name}" for path in core] + CLIENTS
        if not mutant.original:
            alike = [m for m in NET_MUTANTS if m.program == mutant.program]
            return sorted({source for m in alike for source in USERS_OF.get(m.file, [m.path])})
        return USERS_OF.get(mutant.file, [mutant.path])

    @staticmethod
    def execute(command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            first_error = re.search(r".*(?:error: (?!ld)|multiple definition|undefined reference).*", done.stderr)
            raise Broken(first_error[0] if first_error else done.stderr[-400:])

    def play(self, program, mutant):
        environment = {**os.environ, "RIEMANN_SEEDS": str(self.options.seeds)}
        environment["RIEMANN_TEST_DATA"] = str(self.options.simulation.parent)
        environment.pop("RIEMANN_SEED", None)
        some = [f"--run_test={mutant.suites}"] if mutant.suites else []
        try:
            done = subprocess.run(
                [program, "--color_output=no", "--report_level=no", *some],
                env=environment,
                capture_output=True,
                text=True,
                timeout=self.options.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "it hangs"
        if done.returncode == 0:
            return SURVIVED
        said = done.stdout + done.stderr
        told = (re.search(r"(seed \d+: .*)", said) if mutant.program == "simulation" else
                re.search(r'error: in "([^"]*)"', said)) or re.search(r"(fatal error: .*|Assertion.*)", said)
        return told[1] if told else f"exit status {done.returncode}"


def judge(bench, mutant):
    """(good, what is to be printed)."""
    try:
        how = bench.try_out(mutant)
    except Broken as why:
        return False, f"{mutant.name}: {why}"
    if not mutant.original:
        return how == SURVIVED, f"{mutant.name}: {'passes' if how == SURVIVED else how}"
    return how != SURVIVED, f"{mutant.name}: {how}"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, required=True, help="src")
    parser.add_argument("--simulation", type=Path, required=True, help="test/simulation")
    parser.add_argument("--work", type=Path, required=True, help="where to build")
    parser.add_argument("--link", action="append", default=[], help="what is linked, in order")
    parser.add_argument("--libraries", nargs="*", default=[], help="without their -l")
    parser.add_argument("--program", nargs="+", action="append", default=[], metavar="WORD",
                        help="its name, and the archives that are it, as a whole")
    parser.add_argument("--of", choices=TABLES, action="append",
                        help="which table's; otherwise all")
    parser.add_argument("--seeds", type=int, default=4000)
    parser.add_argument("--timeout", type=int, default=60, help="of one run, in seconds")
    parser.add_argument("--only", help="a regular expression for names of mutants")
    parser.add_argument("compile", nargs="+", help="the compiler and its flags, after --")
    options = parser.parse_args()
    options.libraries = [f"-l{name}" for name in options.libraries]
    return options


def unchanged(mutants):
    """One of each program that is to find something: it must find nothing."""
    suites = {}
    for m in mutants:
        suites.setdefault(m.program, set()).update(m.suites.split(","))
    return [
        UNCHANGED if program == "simulation"
        else Mutant(f"unchanged_{program}", "", "", "", f"{program}:{','.join(sorted(those))}")
        for program, those in suites.items()
    ]


def main():
    options = parse_arguments()
    bench = Bench(options)
    all_of_them = [m for name, table in TABLES.items() if name in (options.of or TABLES) for m in table]
    chosen = [m for m in all_of_them if re.search(options.only or "", m.name)]
    chosen = unchanged(chosen) + chosen
    passed = failed = 0
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for good, line in pool.map(lambda mutant: judge(bench, mutant), chosen):
            print(f"{'ok' if good else 'FAILED'} {line}", flush=True)
            passed += good
            failed += not good
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
