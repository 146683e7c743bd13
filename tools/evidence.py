#!/usr/bin/env python3
"""What the tests of a whole run have shown, beside the mere number of cases.

Reads the builds' testlog.json and what tools/fuzz printed, and prints a table. The exit code
is 1 if one of its rows is missing, or says less than all.
"""

import argparse
import json
import re
import sys
from pathlib import Path

SERVER = re.compile(r"^golden: records, the server: (\d+) of (\d+)$")
CLIENT = re.compile(r"^golden: records, the client: (\d+) of (\d+)$")
QUERIES = re.compile(r"^golden: queries: (\d+) of (\d+)$")
PLAYS = re.compile(r"^(\d+) seeds, (\d+) messages, (\d+) steps$")
FOREIGN = re.compile(r"^foreign: (.*)$")
SITE = re.compile(r"^site: (.*)$")
README = re.compile(r"^readme: (.*)$")
FUZZED = re.compile(r"^fuzzed: (.*)$")


class Log:
    """The lines that the tests of one build printed, or a tool."""

    def __init__(self, lines):
        self._lines = lines

    @classmethod
    def of_build(cls, build):
        lines = []
        for log in sorted((build / "meson-logs").glob("testlog*.json")):
            for entry in log.read_text().splitlines():
                lines += json.loads(entry).get("stdout", "").splitlines()
        return cls(lines)

    @classmethod
    def of_file(cls, path):
        return cls(path.read_text().splitlines() if path.exists() else [])

    def matches(self, pattern):
        return [found for line in self._lines if (found := pattern.match(line.strip()))]

    def said(self, pattern):
        found = self.matches(pattern)
        return (found[-1][1], True) if found else (None, False)

    def agreed(self, pattern):
        found = self.matches(pattern)
        if not found:
            return None, False
        good, all_of_them = int(found[-1][1]), int(found[-1][2])
        return f"{good} of {all_of_them}", 0 < good == all_of_them

    def plays(self):
        """A play is one seed with one kind of thing simulated."""
        runs = self.matches(PLAYS)
        if not runs:
            return None, False
        plays, messages, steps = (sum(int(run[i]) for run in runs) for i in (1, 2, 3))
        return f"{plays:,} plays, {messages:,} messages, {steps:,} steps", True


def main():
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("--fuzz", type=Path, required=True, help="what tools/fuzz printed")
    told.add_argument("--no-foreign", action="store_true", help="other people's clients were left out")
    told.add_argument("builds", nargs="+", type=Path)
    options = told.parse_args()
    logs = {build.name: Log.of_build(build) for build in options.builds}
    first = next(iter(logs.values()))

    rows = [
        ("a real Riemann's exchanges, our server", *first.agreed(SERVER)),
        ("a real Riemann's exchanges, our client", *first.agreed(CLIENT)),
        ("a real Riemann's queries, matched", *first.agreed(QUERIES)),
        *((f"simulated, {name}", *log.plays()) for name, log in logs.items()),
        ("fuzzed", *Log.of_file(options.fuzz).said(FUZZED)),
        ("the documentation, in a browser", *first.said(SITE)),
        ("the README's first steps", *first.said(README)),
        ("other people's clients", *(first.said(FOREIGN) if not options.no_foreign else
                                     ("left out: an init would start their daemons; RIEMANN_FOREIGN=1 "
                                      "tries them, or tools/test foreign", True))),
    ]
    width = max(len(name) for name, *_ in rows)
    for name, said, good in rows:
        print(f"{name:<{width}}  {said or 'NOT SHOWN: no test has said so'}{'' if good or not said else '  NOT ALL'}")
    return 0 if all(good for *_, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
