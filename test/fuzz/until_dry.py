#!/usr/bin/env python3
"""Runs a fuzzer until so many minutes of its own processor time have brought no new edge.

usage: until_dry.py MINUTES LOG FUZZER ARGUMENTS...

What libFuzzer prints goes to LOG. One line on standard output says what came of it: the
edges at last, after how many seconds of processor time the last of them was new, how many
it ran in all, and whether it was dry or ended by itself (of what it found, or because its
-runs were done). Exits as libFuzzer did.
"""

import os
import re
import signal
import subprocess
import sys
import time

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
EDGES = re.compile(rb" cov: (\d+) ")
LOOK_EVERY = 2


def processor_seconds(pid):
    """Of user and system, its threads together; not of the time when others had the processor."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


class Watch:
    """What a fuzzer has come to, as its log and the kernel tell."""

    def __init__(self, fuzzer, log):
        self.fuzzer = fuzzer
        self.log = log
        self.edges = 0
        self.last_new = 0.0
        self.spent = 0.0
        self.rest = b""

    def look(self):
        # Its figures stay readable until it is waited for; Popen.poll does that.
        self.spent = processor_seconds(self.fuzzer.pid)
        text = self.rest + self.log.read()
        whole, _, self.rest = text.rpartition(b"\n")
        for found in EDGES.finditer(whole):
            if int(found[1]) > self.edges:
                self.edges, self.last_new = int(found[1]), self.spent


def run(patience, log_name, command):
    with open(log_name, "wb") as out, open(log_name, "rb") as log:
        fuzzer = subprocess.Popen(command, stdout=out, stderr=out)
        watch = Watch(fuzzer, log)
        dry = False
        try:
            while os.waitid(os.P_PID, fuzzer.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                time.sleep(LOOK_EVERY)
                watch.look()
                if watch.spent - watch.last_new > patience and not dry:
                    dry = True
                    fuzzer.send_signal(signal.SIGINT)
            watch.look()
        finally:
            if fuzzer.poll() is None:
                fuzzer.send_signal(signal.SIGINT)
                fuzzer.wait()
    print(
        f"{watch.edges} edges, the last new after {watch.last_new:.0f} s of {watch.spent:.0f} s, "
        + ("dry" if dry else f"ended with status {fuzzer.returncode}")
    )
    return 0 if dry else fuzzer.returncode


def main():
    if len(sys.argv) < 4:
        sys.exit("usage: until_dry.py MINUTES LOG FUZZER ARGUMENTS...")
    status = run(float(sys.argv[1]) * 60, sys.argv[2], sys.argv[3:])
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
