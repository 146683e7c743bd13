#!/usr/bin/env python3
"""Counts the test cases in Meson's testlog.json.

Prints what failed, for people, and as its last line `N passed, M failed`.
A program counts for what it says of itself: the report of a Boost.Test module,
or else the last line of its own that reads `N passed, M failed`. One that says
neither is one case. One that Meson calls failed, by a crash or a timeout,
has at least one failure, whatever it said before.
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

SHOWN_LINES = 40
LINES_AFTER = 12  # a FAILED one
GOOD_RESULTS = {"OK", "EXPECTEDFAIL"}
SKIPPED_RESULTS = {"SKIP", "IGNORED"}

COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
MODULE = re.compile(r'^Test module "[^"]*" (has|was) ')
MODULE_LINE = re.compile(r"^  (\d+) test cases? out of \d+ ([a-z][a-z -]*)$")
OWN_COUNT = re.compile(r"^(\d+) passed, (\d+) failed$")
TELLING = re.compile(
    r": (?:fatal )?error: in |^(?:==\d+==)?ERROR: |^SUMMARY: |: runtime error: |^WARNING: ThreadSanitizer"
    r"|[Aa]ssertion .*failed|^terminate called|^FAILED?\b|^not ok\b"
)


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: list = field(default_factory=list)


def boost_modules(lines):
    """The (passed, failed) of each Boost.Test module report in the lines."""
    reports = []
    current = None
    for line in lines:
        if MODULE.match(line):
            current = {}
            reports.append(current)
            continue
        found = MODULE_LINE.match(line) if current is not None else None
        if found:
            current[found[2]] = int(found[1])
        elif not line.startswith("  "):
            current = None  # what follows reports the suites inside, once more
    return [
        (
            report.get("passed", 0) + report.get("passed with warnings", 0),
            # A case that was aborted is among the failed ones; one that ran
            # out of time is not.
            max(report.get("failed", 0), report.get("aborted", 0)) + report.get("timed-out", 0),
        )
        for report in reports
    ]


def own_count(lines):
    """The last line `N passed, M failed`, or nothing."""
    for line in reversed(lines):
        found = OWN_COUNT.match(line.strip())
        if found:
            return int(found[1]), int(found[2])
    return None


def count_program(result, lines):
    """(passed, failed) of one program."""
    reports = boost_modules(lines)
    if reports:
        passed, failed = (sum(column) for column in zip(*reports))
    else:
        said = own_count(lines)
        if said is None:
            return (1, 0) if result in GOOD_RESULTS else (0, 1)
        passed, failed = said
    if result not in GOOD_RESULTS and failed == 0:
        failed = 1
    return passed, failed


def telling_lines(lines):
    """The lines that tell of a failure, and what a program says right after its own FAILED."""
    shown, following = [], 0
    for line in lines:
        telling = bool(TELLING.search(line))
        following = LINES_AFTER if line.startswith("FAILED") else following - 1
        if telling or (following > 0 and line.strip() and not OWN_COUNT.match(line)):
            shown.append(line)
    return shown


def explain(name, result, returncode, lines):
    """Prints the lines that tell why a program failed, or else its last ones."""
    how = ""
    if returncode:
        how = f", signal {-returncode}" if returncode < 0 else f", exit status {returncode}"
    print(f"\nFAILED {name} ({result.lower()}{how})")
    shown = telling_lines(lines)
    if shown:
        left_out = len(shown) - SHOWN_LINES
        shown = shown[:SHOWN_LINES]
    else:
        said = [line for line in lines if line.strip()]
        left_out = len(said) - SHOWN_LINES
        shown = said[-SHOWN_LINES:]
    for line in shown or ["(it wrote nothing)"]:
        print(f"    {line}")
    if left_out > 0:
        print(f"    ... and {left_out} lines more")


def read_log(path):
    """The programs of the log, each as a dictionary."""
    with path.open(encoding="utf-8", errors="replace") as log:
        return [json.loads(line) for line in log if line.strip()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("log", type=Path, help="testlog.json of a build directory")
    parser.add_argument("--status", type=int, default=0, help="the exit status of `meson test`")
    options = parser.parse_args()

    total = Count()
    for program in read_log(options.log):
        name, result = program["name"], program["result"]
        output = (program.get("stdout") or "") + "\n" + (program.get("stderr") or "")
        lines = [COLOUR.sub("", line).rstrip() for line in output.splitlines()]
        if result in SKIPPED_RESULTS:
            total.skipped.append(name)
            continue
        passed, failed = count_program(result, lines)
        total.passed += passed
        total.failed += failed
        if failed:
            explain(name, result, program.get("returncode"), lines)
    if options.status and not total.failed:
        print(f"\nFAILED meson test ended with status {options.status}")
        total.failed = 1
    if total.failed:
        print(f"\nThe whole output: {options.log.with_suffix('.txt')}")
    if total.skipped:
        print(f"\nskipped: {', '.join(total.skipped)}")
    print()
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
