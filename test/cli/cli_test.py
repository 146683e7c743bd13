#!/usr/bin/env python3
"""Checks the whole command line of riemann-cli by real processes.

usage: cli_test.py PATH-OF-RIEMANN-CLI [LIBRARY-THAT-MAKES-NAME-LOOKUPS-HANG]

Every case is a function in one of the files *_cases.py beside this one. Prints
the cases that failed and, as its last line, `N passed, M failed`; fails if any
did.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True  # this is somebody's source tree

import harness

FILES = ["usage_cases", "exchange_cases", "failure_cases", "serve_cases", "tls_cases", "agent_cases",
         "bench_cases", "c_client_cases", "limit_cases", "stream_cases", "query_cases", "ping_cases", "config_cases",
         "completion_cases", "man_cases"]


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    harness.binary = os.path.abspath(sys.argv[1])
    harness.slow_resolver = os.path.abspath(sys.argv[2]) if len(sys.argv) == 3 else ""
    for name in FILES:
        importlib.import_module(name)
    # A server that is killed leaves its throw-away certificates there.
    with tempfile.TemporaryDirectory(prefix="riemann-cli-test-") as room:
        tempfile.tempdir = os.environ["TMPDIR"] = room
        return run_cases()


def run_cases():
    failed = skipped = 0
    for one in harness.cases:
        try:
            one()
        except harness.Skipped as why:
            skipped += 1
            print(f"note: {one.__name__} was not tried: {why}", flush=True)
        except Exception as error:
            failed += 1
            known = isinstance(error, (harness.Wrong, subprocess.TimeoutExpired))
            print(f"FAILED {one.__name__}: {error if known else traceback.format_exc()}", flush=True)
    print(f"{len(harness.cases) - failed - skipped} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
