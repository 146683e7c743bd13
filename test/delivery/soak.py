#!/usr/bin/env python3
"""Keeps a client under load while its server is killed, ended and stopped in turns, and
sees that its memory and its descriptors stay what they were.

tools/soak builds the programs and calls this; see --help.
"""

import argparse
import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent.parent

from processes import (  # noqa: E402
    Load, Server, Wrong, after_warm_up, expect, harness, reserved_port, slope)

PAUSE = (1.0, 5.0)  # seconds between two blows, at least and at most
SAMPLE = 0.25  # seconds between two samples, at least
MOST_GROWTH = 1 << 20  # bytes in all, of the line by least squares, after a third of the time
FIELDS = ("seconds", "blows", "submitted", "acked", "not_sent", "unknown", "memory_bytes", "descriptors")


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog=os.environ.get("RIEMANN_SOAK_CALLED", "test/delivery/soak.py"),
        allow_abbrev=False,
        description="Keeps a client under load for that long, while its server (riemann-cli's) is killed, ended "
        "and stopped in turns every few seconds. Fails if an outcome is missing, if the client's memory grows by "
        f"more than {MOST_GROWTH >> 10} KiB (by least squares, after a third of the time), or if it holds more "
        "descriptors in the end than in the beginning.",
    )
    parser.add_argument("minutes", type=float, metavar="MINUTES", help="how long; fractions are allowed")
    parser.add_argument("--results", type=Path, default=ROOT / "build/soak/results", metavar="FOLDER",
                        help="where samples.csv and, with matplotlib, memory.svg go; otherwise build/soak/results")
    parser.add_argument("--build", type=Path, default=ROOT / "build/soak", help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if not 0 < told.minutes < 1e6:
        parser.error("MINUTES must be above 0 and below a million")
    return told


class Soak:
    """One client, and one server after the other."""

    def __init__(self, load, port):
        self._load = load
        self._port = port
        self._server = Server(port, "--sink")
        self._began = time.monotonic()
        self.blows = {"killed": 0, "ended": 0, "stopped": 0}
        self.samples = []

    def go(self, seconds):
        """Between two blows it is connected: that is when descriptors are counted."""
        dice = random.Random()
        self._load.wait_for_acks(1_000)
        end = self._began + seconds
        while time.monotonic() < end:
            until = min(end, time.monotonic() + dice.uniform(*PAUSE))
            self._watch(until)
            self._blow(dice.choice(list(self.blows)))
        self._sample()

    def end(self):
        verdict = self._load.finish()
        expect(self._server.end(signal.SIGTERM) == 0, "the last server failed")
        return verdict

    def abort(self):
        self._server.__exit__()

    def _watch(self, until):
        while time.monotonic() < until:
            self._sample()
            pause = time.monotonic() + SAMPLE
            self._load.wait("a tick", lambda _: time.monotonic() >= pause)

    def _sample(self):
        told = self._load.last
        pages = int(Path(f"/proc/{self._load.process.pid}/statm").read_text().split()[1])
        self.samples.append({
            "seconds": round(time.monotonic() - self._began, 3), "blows": sum(self.blows.values()),
            **{name: told.get(name, 0) for name in ("submitted", "acked", "not_sent", "unknown")},
            "memory_bytes": pages * os.sysconf("SC_PAGESIZE"), "descriptors": self._load.descriptors()})

    def _blow(self, what):
        self.blows[what] += 1
        if what == "stopped":
            self._server.stop()
            self._load.wait_for_errors("answer_timeout", 1)
            self._server.go_on()
            self._load.wait_for_acks(1_000)
            return
        if what == "killed":
            self._server.kill()
        else:
            expect(self._server.end(signal.SIGTERM) == 0, "a server failed")
        self._server = Server(self._port, "--sink")
        self._load.wait_for_connection(acks=1_000)


def write(folder, samples):
    """Returns the names of what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "samples.csv", "w", newline="") as file:
        rows = csv.DictWriter(file, FIELDS)
        rows.writeheader()
        rows.writerows(samples)
    try:
        import matplotlib
    except ImportError:
        return "samples.csv (no plot: python3-matplotlib is not installed)"
    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(8, 4.8))
    seconds = [s["seconds"] for s in samples]
    axis.plot(seconds, [s["memory_bytes"] / 2 ** 20 for s in samples], color="#1f77b4", label="memory")
    axis.set(title="A client under load while its server comes and goes", xlabel="seconds",
             ylabel="resident memory, MiB")
    axis.set_ylim(bottom=0)
    other = axis.twinx()
    other.plot(seconds, [s["descriptors"] for s in samples], color="#d62728", label="descriptors")
    other.set(ylabel="open descriptors")
    other.set_ylim(bottom=0)
    figure.legend(loc="lower right")
    figure.savefig(folder / "memory.svg", facecolor="white", metadata={"Date": None})
    return "samples.csv, memory.svg"


def judge(soak, verdict):
    """The rows of the table, and what is wrong."""
    memory = after_warm_up([(s["seconds"], s["memory_bytes"]) for s in soak.samples], 1 / 3)
    growth = slope(memory)
    in_all = growth * (memory[-1][0] - memory[0][0])
    first, last = soak.samples[0]["descriptors"], soak.samples[-1]["descriptors"]
    seconds = soak.samples[-1]["seconds"]
    rows = [
        ("seconds", f"{seconds:.0f}"),
        ("server", ", ".join(f"{what} {count} times" for what, count in soak.blows.items())),
        ("submitted", f"{verdict['submitted']:,}"),
        *((o, f"{verdict[o]:,}") for o in ("acked", "rejected", "not_sent", "unknown")),
        ("acked a second", f"{verdict['acked'] / seconds:,.0f}"),
        ("snapshots", f"{verdict['snapshots']:,}, all of which balance"),
        ("connections", f"{verdict['connections_opened']:,} opened, {verdict['connections_lost']:,} lost"),
        ("memory", f"{memory[0][1] >> 10:,} KiB after a third of the time, {memory[-1][1] >> 10:,} KiB in the end"),
        ("growth", f"{growth / 1024:.3f} KiB/s, {in_all / 1024:.0f} KiB in all; at most {MOST_GROWTH >> 10} in all"),
        ("descriptors", f"{first} in the beginning, {last} in the end"),
    ]
    wrong = []
    if in_all > MOST_GROWTH:
        wrong.append("memory grows")
    if last > first:
        wrong.append("descriptors leak")
    return rows, wrong


def main(arguments):
    told = parse(arguments)
    if told.check:
        return 0
    harness.binary = told.build / "src/cli/riemann-cli"
    try:
        with reserved_port() as port:
            with Load(told.build / "test/delivery/delivery-load", port, answer_timeout=300, tick=5_000) as load:
                soak = Soak(load, port)
                try:
                    soak.go(60 * told.minutes)
                    verdict = soak.end()
                finally:
                    soak.abort()
    except (Wrong, OSError, subprocess.TimeoutExpired) as failure:
        print(f"{sys.argv[0]}: {failure}", file=sys.stderr)
        return 1
    rows, wrong = judge(soak, verdict)
    print("\n".join(f"{name:<16}{value}" for name, value in rows))
    print(f"written to {told.results}: {write(told.results, soak.samples)}")
    print("verdict: " + (", ".join(wrong) if wrong else "good: no outcome is missing, memory and descriptors are flat"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
