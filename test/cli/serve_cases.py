"""Serve."""

import signal

from harness import CANNOT_CONNECT, Server, case, expect, fail, succeed


@case
def serve_when_signalled_then_a_summary_and_exit_code_0():
    for number in (signal.SIGINT, signal.SIGTERM):
        with Server() as server:
            server.send("-s", "x")
            server.query("true")
            expect(server.end(number) == 0, "exit code")
            (line,) = server.lines["stderr"]
            expect("served 2 messages (1 events, 1 queries" in line, line)
            expect(server.lines["stdout"] == [f"ready tcp=127.0.0.1:{server.port} udp=127.0.0.1:{server.port}"],
                   server.lines["stdout"])


@case
def serve_when_the_port_is_taken_then_exit_code_3():
    with Server() as server:
        fail(CANNOT_CONNECT, "serve", "--port", server.port, saying=f"cannot listen on 127.0.0.1:{server.port}")
    fail(CANNOT_CONNECT, "serve", "--port", "0", "--address", "192.0.2.1", saying="cannot listen on 192.0.2.1:0")


@case
def serve_when_a_sink_then_events_are_acknowledged_counted_and_not_found():
    with Server("--sink") as server:
        for service in ("x", "y", "x"):
            server.send("-s", service)
        expect(server.query("true") == [], "something was found")
        expect(server.end(signal.SIGTERM) == 0, "exit code")
        (line,) = server.lines["stderr"]
        expect("served 4 messages (3 events, 1 queries" in line and ": 4 acknowledged, 0 rejected" in line, line)
    expect("--sink" in succeed("serve", "--help"), "not in the help")
