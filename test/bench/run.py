#!/usr/bin/env python3
"""Sees that the benchmark runs and says what it is to say; its figures are nobody's
business here.

usage: run.py RIEMANN_CLI BENCH_PIPELINED
"""

import re
import subprocess
import sys

PATIENCE = 50


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def main():
    cli, bench = sys.argv[1:]
    server = subprocess.Popen([cli, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        ready = re.match(r"ready tcp=(\S+):(\d+) ", server.stdout.readline())
        host, port = ready.groups()
        good = run(bench, host, port, "2000", "1")
        cases = {
            "a_run": good.returncode == 0 and re.search(r"^ratio to the floor: \d+\.\d+ ", good.stdout, re.M),
        }
        for wrong in ((host, "x"), (host, "99999"), (host, port, "0"), (host, port, "1", "0"), (host, port, "1", "1", "0")):
            answer = run(bench, *wrong)
            cases[f"refused_{'_'.join(wrong[1:])}"] = answer.returncode == 2 and "must be 1 to" in answer.stderr
    finally:
        server.kill()
        server.wait()
    failed = [name for name, passed in cases.items() if not passed]
    for name in failed:
        print(f"FAILED {name}")
    print(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
