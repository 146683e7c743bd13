#!/usr/bin/env python3
"""Which lines and branches of the core, and of the clients above it, a run has reached.

usage: coverage.py BUILD_FOLDER

Of a build with gcc's coverage, after the run. Branches that only an exception takes are
not counted: gcc has one at every call.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What the simulation plays. (The rest of src/client is shells that read the system's
# clock and resolve names.)
PLAYED = ("src/core/", "src/client/batch_", "src/client/pool_implementation", "src/client/rout",
          "src/client/joint_wait", "src/client/attempts")


def name_of(path, build):
    """Below the root of the sources; none if it is not theirs, or is not played."""
    try:
        name = (build / path).resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return None
    return name if name.startswith(PLAYED) else None


def reached(build):
    """By file, by line: how often; by file, by line and place: whether a branch was taken."""
    lines = defaultdict(lambda: defaultdict(int))
    branches = defaultdict(lambda: defaultdict(bool))
    objects = [p for p in build.rglob("*.gcda") if "test/simulation" in p.as_posix() or "/src/" in p.as_posix()]
    if not objects:
        sys.exit(f"error: nothing in {build} was run with coverage")
    with tempfile.TemporaryDirectory() as folder:
        for data in objects:
            subprocess.run(["gcov", "--json-format", "--branch-probabilities", data.resolve()], cwd=folder,
                           check=True, capture_output=True)
            for report in Path(folder).glob("*.gcov.json.gz"):
                for file in json.loads(gzip.decompress(report.read_bytes()))["files"]:
                    name = name_of(file["file"], build)
                    if name:
                        add(file, lines[name], branches[name])
                report.unlink()
    return lines, branches


def add(file, lines, branches):
    for line in file["lines"]:
        number = line["line_number"]
        lines[number] += line["count"]
        places = [b for b in line["branches"] if not b["throw"]]
        for place, branch in enumerate(places):
            # Of a template's instances, one is enough.
            key = number, len(places), place
            branches[key] = branches[key] or branch["count"] != 0


def share(part, whole):
    return f"{part:5} of {whole:5}  {100 * part / whole:5.1f} %" if whole else f"{'none':>22}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = Path(sys.argv[1]).resolve()
    lines, branches = reached(build)
    total = [0, 0, 0, 0]
    for name in sorted(lines):
        row = [sum(n != 0 for n in lines[name].values()), len(lines[name]),
               sum(branches[name].values()), len(branches[name])]
        total = [a + b for a, b in zip(total, row)]
        print(f"{name:38} lines {share(*row[:2])}   branches {share(*row[2:])}")
    print(f"{'in all':38} lines {share(*total[:2])}   branches {share(*total[2:])}")


if __name__ == "__main__":
    main()
