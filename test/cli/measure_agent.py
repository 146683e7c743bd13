#!/usr/bin/env python3
"""Measures what riemann-cli's agent costs the machine it watches.

usage: measure_agent.py RIEMANN_CLI MINUTES

Runs the agent with its default interval against a server of ours for so many minutes and
prints its CPU seconds and its peak memory. Fails if that is 0.5 % of one core or 15 MiB, or
more, or if a round was not acknowledged.
"""

import os
import re
import signal
import subprocess
import sys
import time

MOST_CPU = 0.5  # percent of one core
MOST_MEMORY = 15.0  # MiB


def peak_memory(pid):
    """In MiB. (What the kernel tells the parent counts what the process was before, too.)"""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read())[1]) / 1024


def measure(cli, seconds):
    server = subprocess.Popen([cli, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    agent = None
    try:
        port = re.match(r"ready tcp=\S+:(\d+) ", server.stdout.readline())[1]
        begin = time.monotonic()
        agent = subprocess.Popen(
            [cli, "-H", "127.0.0.1", "-P", port, "agent"], stdout=subprocess.PIPE, text=True
        )
        time.sleep(seconds)
        memory = peak_memory(agent.pid)
        agent.send_signal(signal.SIGTERM)
        last_line = agent.stdout.read().splitlines()[-1]
        _, code, usage = os.wait4(agent.pid, 0)
        agent.returncode = os.waitstatus_to_exitcode(code)
        return last_line, usage.ru_utime + usage.ru_stime, memory, time.monotonic() - begin
    finally:
        for process in (agent, server):
            if process and process.poll() is None:
                process.terminate()
                process.wait()


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    last_line, cpu, memory, seconds = measure(sys.argv[1], 60 * float(sys.argv[2]))
    percent = 100 * cpu / seconds
    print(f"agent, {seconds:.0f} s: {last_line}")
    print(f"CPU {cpu:.2f} s, {percent:.3f} % of one core (below {MOST_CPU} %)")
    print(f"peak memory {memory:.1f} MiB (below {MOST_MEMORY} MiB)")
    good = percent < MOST_CPU and memory < MOST_MEMORY and re.match(
        r"acked [1-9]\d* rejected 0 unknown 0 not_sent 0$", last_line
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
