#!/usr/bin/env python3
"""Prints a JSON array of events, as `riemann-cli query` writes it, as a table."""

import json
import shutil
import sys
from pathlib import Path

HEADINGS = ("service", "state", "metric", "description")
METRIC = HEADINGS.index("metric")


def rounded(metric):
    """A metric to read: whole numbers whole, others to three or more digits."""
    if metric is None:
        return "-"
    if not isinstance(metric, float):
        return str(metric)
    if metric.is_integer() and abs(metric) < 1e15:
        return f"{metric:.0f}"
    if 1000 <= abs(metric) < 1e15:
        return f"{metric:.0f}"
    if 10 <= abs(metric) < 1000:
        return f"{metric:.1f}"
    return f"{metric:.3g}"


def row_of(event):
    return (
        event.get("service") or "-",
        event.get("state") or "-",
        rounded(event.get("metric")),
        " ".join((event.get("description") or "").split()),
    )


def print_table(rows, width):
    rows = [HEADINGS, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        cells = [
            cell.rjust(widths[column]) if column == METRIC else cell.ljust(widths[column])
            for column, cell in enumerate(row)
        ]
        line = "  ".join(cells).rstrip()
        print(line if len(line) <= width else line[: width - 3] + "...")


def main():
    if len(sys.argv) != 2:
        print("usage: events-table.py EVENTS.json", file=sys.stderr)
        return 2
    try:
        events = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        by_host = {}
        for event in events:
            by_host.setdefault(event.get("host") or "(no host)", []).append(event)
    except (ValueError, AttributeError, TypeError) as error:
        print(f"events-table.py: not an array of events: {error}", file=sys.stderr)
        return 1
    if not by_host:
        print("events-table.py: no event at all", file=sys.stderr)
        return 1
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for host, of_host in sorted(by_host.items()):
        print(f"host {host}")
        print_table(sorted(row_of(event) for event in of_host), width)
    return 0


if __name__ == "__main__":
    sys.exit(main())
