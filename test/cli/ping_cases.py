"""`ping`."""

import re
import signal

from harness import CANNOT_CONNECT, Process, Server, TIMED_OUT, USAGE, case, expect, fail, listening, refusing, run, succeed


@case
def ping_when_answered_then_its_time_and_exit_code_0():
    with Server() as server:
        text = succeed("-H", "127.0.0.1", "-P", server.port, "ping")
        expect(re.fullmatch(rf"answer from 127\.0\.0\.1:{server.port} in \d+\.\d{{3}} ms\n", text), text)
        text = succeed("-H", "127.0.0.1", "-P", server.port, "ping", "--count", "3", "--interval", "0.01")
        expect(re.search(r"^pings 3 answered 3 least \d+\.\d+ ms mean \d+\.\d+ ms most \d+\.\d+ ms$", text, re.M), text)
        expect(text.count("answer from") == 3, text)
        expect(server.query("true") == [], "a ping is an event")


@case
def ping_when_without_end_then_a_signal_ends_it_with_the_summary():
    with Server() as server:
        with Process("-H", "127.0.0.1", "-P", server.port, "ping", "-c", "0", "-i", "0.01") as ping:
            for _ in range(3):
                ping.wait_for("answer from")
            expect(ping.end(signal.SIGINT) == 0, "exited otherwise")
            expect(re.match(r"pings \d+ answered \d+ least", ping.last_line()), ping.last_line())


@case
def ping_when_not_answered_then_the_exit_code_says_how():
    with refusing() as port:
        fail(CANNOT_CONNECT, "-H", "127.0.0.1", "-P", port, "ping", saying="cannot connect")
        done = run("-H", "127.0.0.1", "-P", port, "ping", "-c", "2", "-i", "0.01")
        expect(done.returncode == CANNOT_CONNECT and done.stdout == b"pings 2 answered 0\n", done)
    with listening() as port:
        sentence = fail(TIMED_OUT, "-H", "127.0.0.1", "-P", port, "-I", "0.2", "ping", saying="within 0.2 s")
        expect("applied" not in sentence, "a ping has nothing to apply:", sentence)
    fail(USAGE, "-T", "udp", "ping", saying="udp brings none")
