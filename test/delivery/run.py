#!/usr/bin/env python3
"""Sees that nothing is lost in silence, by real processes: a client under load, and a
server that is killed, stands still, is not there, or never reads.

usage: run.py RIEMANN_CLI BUILD_FOLDER [--no-memory] [--only CASE]

Prints what it found in each case, and as its last line `N passed, M failed`.

--no-memory   does not judge the client's memory: for sanitizers, which keep what is freed.
--only CASE   that case alone.
"""

import argparse
import json
import random
import signal
import struct
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
from processes import (  # noqa: E402
    DeafServer, Load, PATIENCE, Server, Wrong, after_warm_up, expect, harness, reserved_port, slope)

KILLS = 100
STALLS = 5
# What the client's memory may grow by, by least squares, after a third of the time.
MOST_GROWTH = 512 << 10  # bytes
# Beside the messages that may be queued and in flight, whose bounds are told: handlers,
# those on their way in and out, buffers, what the heap keeps for each thread.
OVERHEAD = 48 << 20

cases = []


def case(function):
    cases.append(function)
    return function


class Bench:
    """What the cases need: the programs, and a folder for their files."""

    def __init__(self, told, folder):
        self._build = Path(told.build) / "test/delivery"
        self.judges_memory = not told.no_memory
        self.folder = folder
        self.journal = folder / "journal"
        self.other_journal = folder / "other-journal"
        self.outcomes = folder / "outcomes"

    def serve(self, port, journal=None, more=()):
        return Server(port, "--journal", str(journal or self.journal), "--sink", *more)

    def load(self, port, **told):
        return Load(self._build / "delivery-load", port, outcomes=self.outcomes, **told)

    def check(self, verdict, resent=False):
        """Every number against the journals; what the checker has counted."""
        journals = [path for path in (self.journal, self.other_journal) if path.exists()]
        done = subprocess.run(
            [self._build / "delivery-check", self.outcomes, str(verdict["submitted"]),
             "again" if resent else "once", *journals],
            capture_output=True, text=True, timeout=PATIENCE)
        expect(done.returncode == 0, "the journal says otherwise:", done.stdout, done.stderr)
        found = json.loads(done.stdout)
        expect(found["acked"] == verdict["acked"], found["acked"], "acked in the file,",
               verdict["acked"], "told")
        return found

    def tell(self, name, verdict, found, **more):
        counts = ", ".join(f"{verdict[o]} {o}" for o in ("acked", "rejected", "not_sent", "unknown"))
        also = "".join(f", {value} {what.replace('_', ' ')}" for what, value in more.items())
        print(f"{name}: {verdict['submitted']} submitted = {counts}; {found['kept']} in the journal, "
              f"{found['unknown_and_kept']} of them unknown; {verdict['snapshots']} snapshots balance{also}",
              flush=True)

    def judge_growth(self, name, verdict):
        samples = after_warm_up(verdict["memory"], 1 / 3)
        seconds = samples[-1][0] - samples[0][0]
        growth = slope(samples)
        print(f"{name}: memory {samples[-1][1] >> 10} KiB, growing by {growth / 1024:.1f} KiB/s, in {seconds:.1f} s by "
              f"{growth * seconds / 1024:.0f} KiB; at most {MOST_GROWTH >> 10}", flush=True)
        expect(not self.judges_memory or growth * seconds <= MOST_GROWTH, "memory grows by", growth, "bytes a second")


def numbered_frame(number):
    """The load's message, as it lies in a journal; for numbers up to 63."""
    event = b"\x1a\x04load\x68" + bytes([2 * number])
    return (len(event) + 2).to_bytes(4, "big") + b"\x32" + bytes([len(event)]) + event


@case
def checker_when_something_is_wrong_then_says_what(bench):
    acked, rejected, not_sent, unknown = 0, 2, 3, 4

    def say(outcomes, kept, torn=b""):
        bench.outcomes.write_bytes(b"".join(struct.pack("=Q", n | o << 56) for n, o in outcomes))
        bench.journal.write_bytes(b"".join(map(numbered_frame, kept)) + torn)
        try:
            bench.check({"submitted": 4, "acked": sum(o == acked for _, o in outcomes)})
        except Wrong as wrong:
            return str(wrong)
        return ""

    good = [(0, acked), (1, unknown), (2, not_sent), (3, rejected)]
    expect(say(good, [0]) == "" and say(good, [1, 0]) == "", "what is right is called wrong")
    expect(say(good, [0], torn=numbered_frame(1)[:-1]) == "", "a torn frame is called wrong")
    for outcomes, kept, torn, said in (
        (good, [1], b"", "acked and not in the journal"),
        (good, [], numbered_frame(0)[:-1], "acked and not in the journal"),
        (good, [0, 2], b"", "not_sent, and in the journal"),
        (good, [0, 3], b"", "not_sent, and in the journal"),
        (good, [0, 0], b"", "twice in the journal"),
        (good[:3], [0], b"", "submitted and never ended"),
        (good + [(1, unknown)], [0], b"", "ended twice"),
        (good, [0, 4], b"", "never submitted"),
        (good, [0], b"\0\0\0\1\xff", "not the load's"),
    ):
        expect(said in say(outcomes, kept, torn), said, "was not said of", outcomes, kept, torn)


@case
def server_when_killed_again_and_again_then_every_outcome_is_true(bench):
    dice = random.Random()
    with reserved_port() as port:
        server = bench.serve(port)
        with bench.load(port) as load:
            load.wait_for_acks(1_000)
            for _ in range(KILLS):
                server.kill()
                # Half of them stay away until it fails to connect.
                if dice.random() < 0.5:
                    load.wait_for_failed_connect()
                server = bench.serve(port)
                load.wait_for_connection(acks=dice.randrange(1, 20_000))
            verdict = load.finish()
        expect(server.end(signal.SIGTERM) == 0, "the last server failed")
    found = bench.check(verdict)
    expect(verdict["connections_lost"] >= KILLS, "connections lost:", verdict["connections_lost"])
    expect(verdict["unknown"] > 0, "no outcome was unknown: the server was not killed under load")
    bench.tell("killed", verdict, found, kills=KILLS, connections_opened=verdict["connections_opened"])
    bench.judge_growth("killed", verdict)


def kill_often(bench, name, kills, resent=False, **told):
    """Its verdict, checked."""
    dice = random.Random()
    with reserved_port() as port:
        server = bench.serve(port)
        with bench.load(port, **told) as load:
            load.wait_for_acks(1_000)
            for _ in range(kills):
                server.kill()
                server = bench.serve(port)
                load.wait_for_connection(acks=dice.randrange(1, 20_000))
            verdict = load.finish()
        expect(server.end(signal.SIGTERM) == 0, "the last server failed")
    bench.tell(name, verdict, bench.check(verdict, resent), kills=kills)
    return verdict


@case
def server_when_killed_under_batches_then_the_outcome_of_every_event_is_true(bench):
    verdict = kill_often(bench, "killed, batches", KILLS // 4, batches="yes", outstanding=2_000)
    expect(verdict["unknown"] > 0, "no outcome was unknown: the server was not killed under load")


@case
def server_when_killed_and_messages_may_be_resent_then_all_are_acknowledged(bench):
    verdict = kill_often(bench, "killed, resent", KILLS // 4, resent=True, max_resends=255)
    expect(verdict["acked"] == verdict["submitted"], "not all were acknowledged:", verdict)


@case
def tls_server_when_killed_then_every_outcome_is_true(bench):
    pem = bench.folder / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", bench.folder / "certificate.pem"],
        check=True, capture_output=True, timeout=PATIENCE)
    pem.write_bytes(pem.read_bytes() + (bench.folder / "certificate.pem").read_bytes())
    dice = random.Random()
    with reserved_port() as port, reserved_port() as plain:
        def serve():
            return bench.serve(plain, more=("--tls", "--tls-port", port, "--certfile", str(pem)))

        server = serve()
        with bench.load(port, ca_certs=bench.folder / "certificate.pem") as load:
            load.wait_for_acks(1_000)
            for _ in range(KILLS // 4):
                server.kill()
                server = serve()
                load.wait_for_connection(acks=dice.randrange(1, 5_000))
            verdict = load.finish()
        expect(server.end(signal.SIGTERM) == 0, "the last server failed")
    bench.tell("killed, TLS", verdict, bench.check(verdict), kills=KILLS // 4)


@case
def servers_of_a_pool_when_killed_in_turns_then_every_outcome_is_true(bench):
    dice = random.Random()
    with reserved_port() as one, reserved_port() as two:
        places = [(one, bench.journal), (two, bench.other_journal)]
        servers = [bench.serve(*place) for place in places]
        with bench.load(one, other_port=two, batches=dice.choice(["yes", "no"])) as load:
            load.wait_for_acks(1_000)
            for kill in range(KILLS // 4):
                which = dice.randrange(2)
                servers[which].kill()
                # The other goes on meanwhile; now and then it is gone, too.
                if kill % 5 == 4:
                    servers[1 - which].kill()
                    servers[1 - which] = bench.serve(*places[1 - which])
                load.wait_for_acks(dice.randrange(1, 10_000))
                servers[which] = bench.serve(*places[which])
                load.wait_for_acks(dice.randrange(1, 10_000))
            verdict = load.finish()
        for server in servers:
            expect(server.end(signal.SIGTERM) == 0, "a last server failed")
    expect(verdict["not_sent"] == 0, "something waited where no server was:", verdict)
    bench.tell("killed, pool", verdict, bench.check(verdict), kills=KILLS // 4,
               connections_opened=verdict["connections_opened"])


@case
def server_when_it_stands_still_then_answers_time_out_and_nothing_is_lost(bench):
    with reserved_port() as port, bench.serve(port) as server:
        with bench.load(port, answer_timeout=300) as load:
            load.wait_for_acks(1_000)
            for _ in range(STALLS):
                server.stop()
                load.wait_for_errors("answer_timeout", 1)
                server.go_on()
                load.wait_for_acks(1_000)
            verdict = load.finish()
        expect(server.end(signal.SIGTERM) == 0, "the server failed")
    found = bench.check(verdict)
    bench.tell("stalled", verdict, found, stalls=STALLS, timed_out=verdict["errors"]["answer_timeout"])


@case
def server_when_it_comes_after_the_events_then_every_one_is_delivered(bench):
    outstanding, threads = 250, 4
    with reserved_port() as port:
        with bench.load(port, outstanding=outstanding, threads=threads) as load:
            load.wait("all that may be queued, and a connect that fails",
                      lambda now: now["submitted"] == outstanding * threads and now["connects_failed"] > 0)
            expect(load.last["acked"] == 0, "acknowledged by nobody:", load.last)
            with bench.serve(port) as server:
                load.wait_for_acks(2 * outstanding * threads)
                verdict = load.finish()
                expect(server.end(signal.SIGTERM) == 0, "the server failed")
    found = bench.check(verdict)
    expect(verdict["acked"] == verdict["submitted"], "not all were delivered:", verdict)
    bench.tell("absent", verdict, found, connects_failed=verdict["connects_failed"])


def leave_unread(bench, policy, full):
    """A queue of 8 MiB in front of a server that never reads, and 250 MiB to be sent."""
    bounds = {"max_queued_bytes": 8 << 20, "max_in_flight_bytes": 1 << 20}
    more = {}
    if policy == "wait":
        more["max_waiting_bytes"] = bounds["max_waiting_bytes"] = 2 << 20
    with DeafServer() as server:
        with bench.load(server.port, when_full=policy, padding=16_000, outstanding=4_096, threads=4, drain=500,
                        **{**bounds, **more}) as load:
            load.wait("a full queue", full)
            verdict = load.finish()
    bench.journal.write_bytes(b"")
    found = bench.check(verdict)
    expect(verdict["acked"] == 0, "acknowledged by nobody:", verdict)
    most = max(size for _, size in verdict["memory"]) - verdict["memory"][0][1]
    bound = sum(bounds.values()) + OVERHEAD
    bench.tell(f"unread, {policy}", verdict, found)
    print(f"unread, {policy}: memory grew by {most >> 10} KiB; at most {sum(bounds.values()) >> 10} for messages "
          f"and {OVERHEAD >> 10} besides", flush=True)
    expect(not bench.judges_memory or most <= bound, "memory grew by", most, "bytes")


def refused(name, count=50_000):
    return lambda now: now["errors"].get(name, 0) >= count


@case
def server_when_it_never_reads_then_what_does_not_fit_is_refused(bench):
    leave_unread(bench, "reject", refused("overloaded"))


@case
def server_when_it_never_reads_then_what_does_not_fit_waits(bench):
    leave_unread(bench, "wait", lambda now: now["waiting"] > 0 and refused("overloaded")(now))


@case
def server_when_it_never_reads_then_the_oldest_make_way(bench):
    leave_unread(bench, "drop_oldest", refused("dropped"))


@case
def server_when_it_never_reads_then_the_newest_make_way(bench):
    leave_unread(bench, "drop_newest", refused("dropped"))


def parse(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("cli")
    parser.add_argument("build")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--only", choices=[one.__name__ for one in cases])
    return parser.parse_args(arguments)


def run_case(one, told):
    with tempfile.TemporaryDirectory(prefix="riemann-delivery-") as folder:
        one(Bench(told, Path(folder)))


def main(arguments):
    told = parse(arguments)
    harness.binary = told.cli
    passed = failed = 0
    for one in cases:
        if told.only not in (None, one.__name__):
            continue
        try:
            run_case(one, told)
            passed += 1
        except Exception as error:
            failed += 1
            known = isinstance(error, (Wrong, subprocess.TimeoutExpired))
            print(f"FAILED {one.__name__}: {error if known else traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
