#!/usr/bin/env python3
"""What the tests of a whole run have shown, beside the mere number of cases.

Reads the builds' testlog.json and other logs, and prints a table. Nothing that is asked for
may be missing: the exit code is 1 if it is, and the line says so.
"""

import argparse
import json
import re
import sys
from pathlib import Path

SEEDS = re.compile(r"^(\d+) seeds, (\d+) messages, (\d+) steps$")
RECORDS = re.compile(r"^golden: (\d+ records: .*)$")
QUERIES = re.compile(r"^golden: (\d+ queries: .*)$")
FOREIGN = re.compile(r"^foreign: (.*)$")


class Logs:
    """The lines that the tests of one build printed."""

    def __init__(self, build):
        self._lines = []
        for log in sorted((build / "meson-logs").glob("testlog*.json")):
            for entry in log.read_text().splitlines():
                told = json.loads(entry)
                self._lines += told.get("stdout", "").splitlines()

    def first(self, pattern):
        """The pattern's group in the first line that matches it; nothing if none does."""
        return next((found[1] for found in self.matches(pattern)), None)

    def matches(self, pattern):
        return [found for line in self._lines if (found := pattern.match(line.strip()))]


def seeds(logs):
    runs = logs.matches(SEEDS)
    if not runs:
        return None
    count, messages, steps = (sum(int(run[i]) for run in runs) for i in (1, 2, 3))
    return f"{count:,} seeds, {messages:,} messages, {steps:,} steps"


def last_line(path, beginning):
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line[len(beginning):] for line in reversed(lines) if line.startswith(beginning)), None)


def main():
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("--fuzz", type=Path, help="what tools/fuzz printed")
    told.add_argument("--foreign", action="store_true", help="other people's clients were tried")
    told.add_argument("builds", nargs="+", type=Path)
    options = told.parse_args()
    by_name = {build.name: Logs(build) for build in options.builds}
    first = next(iter(by_name.values()))

    rows = [("a real Riemann's exchanges", first.first(RECORDS)),
            ("a real Riemann's queries", first.first(QUERIES))]
    rows += [(f"simulated, {name}", seeds(logs)) for name, logs in by_name.items() if seeds(logs) or logs is first]
    rows.append(("fuzzed", last_line(options.fuzz, "fuzzed: ") if options.fuzz else None))
    if options.foreign:
        rows.append(("other people's clients", first.first(FOREIGN)))
    width = max(len(name) for name, _ in rows)
    for name, said in rows:
        print(f"{name:<{width}}  {said or 'NOT SHOWN: no test has said so'}")
    return 0 if all(said for _, said in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
