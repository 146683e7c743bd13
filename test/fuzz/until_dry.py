#!/usr/bin/env python3
"""Runs a fuzzer until so many minutes have brought no new edge.

usage: until_dry.py MINUTES LOG FUZZER ARGUMENTS...

What libFuzzer prints goes to LOG. One line on standard output says what came of it: the
edges at last, after how many minutes the last of them was new, how many it ran in all and
how many seconds of a processor it had in them, and whether it was dry or ended by itself (of
what it found, or because its -runs were done). Exits as libFuzzer did, unless it was dry.
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
        self.began = time.monotonic()
        self.last_new = 0.0
        self.ran = 0.0
        self.processor = 0.0
        self.rest = b""

    def look(self):
        # Its figures stay readable until it is waited for; Popen.poll does that.
        self.processor = processor_seconds(self.fuzzer.pid)
        self.ran = time.monotonic() - self.began
        text = self.rest + self.log.read()
        whole, _, self.rest = text.rpartition(b"\n")
        for found in EDGES.finditer(whole):
            if int(found[1]) > self.edges:
                self.edges, self.last_new = int(found[1]), self.ran


def run(patience, log_name, command):
    with open(log_name, "wb") as out, open(log_name, "rb") as log:
        fuzzer = subprocess.Popen(command, stdout=out, stderr=out)
        watch = Watch(fuzzer, log)
        dry = False
        try:
            while os.waitid(os.P_PID, fuzzer.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                time.sleep(LOOK_EVERY)
                watch.look()
                if watch.ran - watch.last_new > patience and not dry:
                    dry = True
                    fuzzer.send_signal(signal.SIGINT)
            watch.look()
        finally:
            if fuzzer.poll() is None:
                fuzzer.send_signal(signal.SIGINT)
                fuzzer.wait()
    print(
        f"{watch.edges} edges, the last new after {watch.last_new / 60:.1f} of {watch.ran / 60:.1f} minutes, "
        f"{watch.processor:.0f} s of a processor, "
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
