"""Bench."""

import os
import pty
import re
import signal
import threading

from harness import (
    CANNOT_CONNECT,
    PATIENCE,
    Process,
    Server,
    TIMED_OUT,
    USAGE,
    case,
    expect,
    fail,
    listening,
    refusing,
    run,
    succeed,
    wait_until,
)

NUMBER = r"[\d,]+"
TABLE = re.compile(
    rf"load      .*\n"
    rf"rate      (?P<rate>{NUMBER}) events/s: (?P<delivered>{NUMBER}) in [\d.]+ s\n"
    rf"events    acked (?P<acked>{NUMBER})  sent (?P<sent>{NUMBER})  rejected (?P<rejected>{NUMBER})"
    rf"  not_sent (?P<not_sent>{NUMBER})  unknown (?P<unknown>{NUMBER})\n"
    rf"messages  acked (?P<messages>{NUMBER})  .*\n"
    rf"latency   (?P<latency>.*)\n"
    rf"bytes     .* written, .* read\n"
    rf"CPU       .*\n"
)


def table_in(text):
    """The table's numbers."""
    found = TABLE.fullmatch(text)
    expect(found, "no table:", text)
    return {k: v if k == "latency" else int(v.replace(",", "")) for k, v in found.groupdict().items()}


@case
def bench_when_events_are_given_then_each_is_acknowledged_once():
    with Server("--sink") as server:
        text = succeed("-H", "127.0.0.1", "-P", server.port, "bench", "--events", "10007", "--batch", "10",
                       "--window", "7", "--connections", "3", "--threads", "2")
        found = table_in(text)
        expect(found["acked"] == found["delivered"] == 10007, text)
        expect(found["messages"] == 1002, text)  # shares of 3336, 3336 and 3335 events
        expect(found["rejected"] == found["not_sent"] == found["unknown"] == found["sent"] == 0, text)
        expect(re.fullmatch(r"p50 .*  p95 .*  p99 .*  max .*", found["latency"]), text)
        expect("3 connections, 2 threads, window 7, 10 events a message" in text, text)
        expect(server.end(signal.SIGTERM) == 0, "the server failed")
        expect("served 1002 messages" in server.lines["stderr"][-1], server.lines["stderr"])


@case
def bench_when_fewer_events_than_connections_then_no_more_than_those():
    with Server("--sink") as server:
        text = succeed("-H", "127.0.0.1", "-P", server.port, "bench", "--events", "2", "--connections", "5")
        expect(table_in(text)["acked"] == 2, text)


@case
def bench_when_seconds_are_given_then_ends_by_itself():
    with Server("--sink") as server:
        text = succeed("-H", "127.0.0.1", "-P", server.port, "bench", "--seconds", "0.2")
        expect(table_in(text)["acked"] > 0, text)


@case
def bench_when_the_events_are_indexed_then_they_can_be_queried():
    with Server() as server:
        succeed("-H", "127.0.0.1", "-P", server.port, "bench", "--events", "5")
        found = server.query('service = "riemann-cli bench"')
        expect(len(found) == 1 and found[0]["metric"] == 4, found)


@case
def bench_when_over_udp_then_sent():
    with Server("--sink") as server:
        text = succeed("-T", "udp", "-H", "127.0.0.1", "-P", server.port, "bench", "--events", "50", "--batch", "5")
        found = table_in(text)
        expect(found["sent"] == 50 and found["acked"] == 0, text)
        expect(found["latency"] == "nothing was answered", text)


@case
def bench_when_there_is_no_server_to_send_to_then_its_own_part_is_measured_and_nothing_is_acked():
    text = succeed("-T", "none", "bench", "--events", "1000", "--batch", "10")
    expect("events    encoded 1,000  " in text and "messages  encoded 100  " in text, text)
    expect("acked" not in text and "nothing was answered" in text, text)


@case
def bench_when_over_tls_then_acknowledged():
    with Server("--sink", "--tls") as server:
        text = succeed("-T", "tls", "-C", server.certificates + "/ca.pem", "-H", "localhost", "-P", server.tls_port,
                       "bench", "--events", "1000")
        expect(table_in(text)["acked"] == 1000, text)


@case
def bench_when_signalled_while_it_connects_then_ended_at_once():
    accepted = threading.Event()
    with listening(lambda _: accepted.set()) as port, Process(
            "-H", "127.0.0.1", "-P", port, "-T", "tls", "--insecure-skip-verification", "-I", "3600", "bench") as bench:
        expect(accepted.wait(PATIENCE), "it does not connect")
        expect(bench.end(signal.SIGTERM) == -signal.SIGTERM, "it went on")


@case
def bench_when_signalled_then_tells_what_was_acknowledged():
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        with Server("--sink") as server, Process("-H", "127.0.0.1", "-P", server.port, "bench", "--events",
                                                 "1000000000000", "--window", "10") as bench:
            wait_until(lambda: catches(bench, number), "it does not begin to send")
            begin = cpu_ticks(bench)
            wait_until(lambda: cpu_ticks(bench) > begin + 10, "it does not send")
            expect(bench.end(number) == 0, "exit code; it said", bench.lines)
            found = table_in("\n".join(bench.lines["stdout"]) + "\n")
            expect(found["acked"] == found["delivered"] > 0, found)
            expect(found["not_sent"] == found["unknown"] == 0, found)


def catches(of, number):
    with open(f"/proc/{of.process.pid}/status") as status:
        caught = next(line for line in status if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (number - 1) & 1


def cpu_ticks(of):
    with open(f"/proc/{of.process.pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@case
def bench_when_there_is_no_server_then_says_so():
    with refusing() as port:
        fail(CANNOT_CONNECT, "-H", "127.0.0.1", "-P", port, "bench", saying="cannot connect")


@case
def bench_when_never_answered_then_unknown_and_the_code_of_the_first():
    with listening() as port:
        done = run("-H", "127.0.0.1", "-P", port, "-I", "0.3", "bench", "--events", "3")
        expect(done.returncode == TIMED_OUT, done)
        found = table_in(done.stdout.decode())
        expect(found["acked"] == 0 and found["unknown"] == 3, done.stdout)
        expect(b"3 of 3 events failed: " in done.stderr and done.stderr.count(b"\n") == 1, done.stderr)


@case
def bench_when_on_a_terminal_then_live_figures_and_else_none():
    with Server("--sink") as server:
        arguments = ["-H", "127.0.0.1", "-P", server.port, "bench", "--seconds", "1.2"]
        expect(run(*arguments).stderr == b"", "figures where nobody watches")
        ours, its = pty.openpty()
        try:
            done = run(*arguments, stderr=its)
            os.close(its)
            shown = os.read(ours, 65536).decode()
        finally:
            os.close(ours)
        expect(done.returncode == 0, done)
        table_in(done.stdout.decode())
        expect(re.search(r"[\d,]+ events/s  [\d,]+ delivered  0 failed  [\d,]+ messages outstanding", shown), shown)
        expect(shown.endswith("\r\x1b[K"), "the figures are left on the terminal:", repr(shown))


@case
def bench_when_given_nonsense_then_one_sentence():
    fail(USAGE, "bench", "--events", "0", saying="give a whole number from 1 to")
    fail(USAGE, "bench", "--batch", "x", saying="--batch 'x' is not in range")
    fail(USAGE, "bench", "--threads", "2", saying="--threads beyond --connections")
    fail(USAGE, "bench", "--window", "1000000", "--batch", "100", saying="do not fit in memory")
    fail(USAGE, "bench", "--seconds", "0", saying="--seconds '0'")
