#!/usr/bin/env python3
"""Has other people's clients send to `riemann-cli serve`, and compares what is then in its
index with what they were given to send, field by field.

usage: run.py RIEMANN_CLI FOLDER_OF_WHAT_WAS_BUILT_HERE

All of them are Debian's packages (group `foreign` in tools/packages.txt); one that is not
installed is a failure. The last line is `N passed, M failed`.
"""

import subprocess
import sys
import traceback

sys.dont_write_bytecode = True  # this is somebody's source tree

import comparison
import harness
import c_client
import c_library
import collectd
import ruby_client
import syslog_ng

# What speaks to Riemann and has no package in Debian 12.
ABSENT = {
    "riemann-client, bernhard (Python)": "on PyPI alone",
    "raidman, riemann-go-client (Go)": "no golang-*-dev package",
    "riemann-java-client (Java, Clojure)": "on Clojars alone",
    "riemann-tools (Ruby)": "on RubyGems alone; the client that it uses is tried",
    "telegraf's riemann output": "telegraf is not in Debian",
}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    harness.binary = sys.argv[1]
    built = sys.argv[2]
    tried = {
        "riemann-c-client": c_client.check,
        "libriemann-client": lambda: c_library.check(built),
        "ruby-riemann-client": ruby_client.check,
        "syslog-ng": syslog_ng.check,
        "collectd": lambda: collectd.check(built),
    }
    good = []
    for name, check in tried.items():
        try:
            client = check()
            good.append(client)
            print("ok -", client.summary(), flush=True)
        except Exception as error:
            known = isinstance(error, (comparison.Wrong, subprocess.TimeoutExpired))
            print(f"not ok - {name}: {error if known else traceback.format_exc()}", flush=True)
    for name, why in ABSENT.items():
        print(f"absent - {name}: {why}")
    print(f"foreign: {len(good)} clients, {sum(c.events for c in good)} events compared")
    print(f"{len(good)} passed, {len(tried) - len(good)} failed")
    return 0 if len(good) == len(tried) else 1


if __name__ == "__main__":
    sys.exit(main())
