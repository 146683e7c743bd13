#!/usr/bin/env python3
"""Takes the measures in turns and writes what was found.

tools/bench builds the programs and calls this; see --help.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent

from suite import goals, machine, measures, plots, table  # noqa: E402
from suite.server import GivenServer, OwnServer, ServerFailure  # noqa: E402
from suite.session import PACES, Session  # noqa: E402
from suite.subjects import RunFailure  # noqa: E402


@dataclass
class Results:
    facts: dict
    rounds: int
    quick: bool
    taken: list = field(default_factory=list)  # (measure, its runs)
    system_calls: dict = None
    micro: list = None
    goals: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def as_json(self):
        return {
            "machine": self.facts,
            "rounds": self.rounds,
            "quick": self.quick,
            "notes": self.notes,
            "goals": [{"what": g.what, "goal": g.target(), "values": g.values, "verdict": g.verdict(),
                       **({"caps": g.caps} if g.caps else {})} for g in self.goals],
            "runs": {measure.name: runs for measure, runs in self.taken},
            "system_calls": self.system_calls,
            "micro": self.micro,
        }


def host_and_port(text):
    host, colon, port = text.rpartition(":")
    host = host.strip("[]")
    if not colon or not host or not port.isdigit() or not 1 <= int(port) <= 65_535:
        raise argparse.ArgumentTypeError(f"'{text}' is not host:port, with a port of 1 to 65535")
    return host, int(port)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog=os.environ.get("RIEMANN_BENCH_CALLED", "bench/run.py"),
        allow_abbrev=False,
        description="Measures the library beside a raw socket and riemann-c-client, and over TLS beside "
        "plain TCP, in turns, and writes bench/results/: results.json, table.md, "
        "and plots.",
    )
    parser.add_argument("--only", choices=measures.NAMES, metavar="NAME",
                        help=f"take one measure, into a folder of its own: {', '.join(measures.NAMES)}")
    parser.add_argument("--quick", action="store_true",
                        help="one round of next to nothing, to see that everything works")
    parser.add_argument("--server", type=host_and_port, metavar="HOST:PORT",
                        help="a Riemann that runs already, TCP and UDP, in place of riemann-cli's server; "
                        "TLS is then left out")
    parser.add_argument("--results", type=Path, metavar="FOLDER",
                        help="where to write; otherwise bench/results, or quick or NAME in there")
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def results_folder(told):
    if told.results:
        return told.results
    parts = ["quick"] * told.quick + [told.only] * bool(told.only)
    return ROOT.joinpath("bench/results", *parts)


def take(session, wanted, results):
    for measure in measures.ALL:
        if wanted in (None, measure.name):
            results.taken.append((measure, session.take(measure)))
            if measure.name == "one":
                results.system_calls = session.count_calls(measure)
    if wanted in (None, measures.MICRO):
        results.micro = session.take_micro()
    results.notes = session.notes
    results.goals = goals.judge({m.name: runs for m, runs in results.taken}, results.system_calls)


def write(folder, results):
    folder.mkdir(parents=True, exist_ok=True)
    if plots.available():
        plots.draw(folder, {m.name: runs for m, runs in results.taken}, results.facts)
    else:
        results.notes.append("no plots: python3-matplotlib is not installed")
    (folder / "results.json").write_text(json.dumps(results.as_json(), indent=1) + "\n")
    (folder / "table.md").write_text(table.markdown(results))


def main(arguments):
    told = parse(arguments)
    if told.check:
        return 0
    began = time.monotonic()
    pace = PACES["quick" if told.quick else "full"]
    cli = told.build / "src/cli/riemann-cli"
    make_server = (lambda: GivenServer(*told.server)) if told.server else (lambda: OwnServer(cli))
    facts = machine.facts(ROOT, told.build)
    facts["server"] = make_server().what
    results = Results(facts, pace.rounds, told.quick)
    session = Session(told.build / "bench", make_server, pace, lambda text: print(text, flush=True))
    try:
        take(session, told.only, results)
    except (RunFailure, ServerFailure, OSError) as failure:
        print(f"{sys.argv[0]}: {failure}", file=sys.stderr)
        return 1
    facts["load_after"] = round(os.getloadavg()[0], 2)
    facts["seconds_in_all"] = round(time.monotonic() - began)
    folder = results_folder(told)
    write(folder, results)
    print("\n" + (folder / "table.md").read_text())
    print(f"{facts['seconds_in_all']} s in all; written to {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
