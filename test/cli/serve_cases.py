"""Serve."""

import contextlib
import os
import signal
import socket
import sys
import tempfile

from harness import CANNOT_CONNECT, OTHER, REJECTED, USAGE, Server, Skipped, case, expect, fail, succeed


@case
def serve_when_signalled_then_a_summary_and_exit_code_0():
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        with Server() as server:
            server.send("-s", "x")
            server.query("true")
            expect(server.end(number) == 0, "exit code")
            (line,) = server.lines["stderr"]
            expect("served 2 messages (1 events, 1 queries" in line, line)
            expect(server.lines["stdout"] == [f"ready tcp=127.0.0.1:{server.port} udp=127.0.0.1:{server.port}"],
                   server.lines["stdout"])


@case
def serve_when_hangups_are_ignored_as_nohup_does_then_it_goes_on():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        server = Server()
    finally:
        signal.signal(signal.SIGHUP, before)
    with server:
        server.process.send_signal(signal.SIGHUP)
        server.send("-s", "x")
        expect(server.end(signal.SIGTERM) == 0, "exit code")


def listening_addresses(process):
    """Where the kernel lets others reach it: all its sockets that no peer is bound to."""
    files = f"/proc/{process.pid}/fd"
    own = {os.readlink(f"{files}/{one}") for one in os.listdir(files)}
    found = set()
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{process.pid}/net/{kind}", encoding="ascii") as table:
            for line in list(table)[1:]:
                columns = line.split()
                if f"socket:[{columns[9]}]" in own:
                    found.add((kind, columns[1].split(":")[0]))
    return found


@case
def serve_when_nobody_says_otherwise_then_listens_on_loopback_alone():
    loopback = socket.inet_aton("127.0.0.1")[:: -1 if sys.byteorder == "little" else 1].hex().upper()
    with Server("--tls") as server:
        expect(listening_addresses(server.process) == {("tcp", loopback), ("udp", loopback)},
               listening_addresses(server.process))
    with Server("--address", "0.0.0.0") as server:
        expect(listening_addresses(server.process) == {("tcp", "00000000"), ("udp", "00000000")},
               listening_addresses(server.process))


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


@case
def serve_when_it_keeps_a_journal_then_what_was_acknowledged_is_there_though_it_was_killed():
    with tempfile.TemporaryDirectory() as scratch:
        journal = os.path.join(scratch, "journal")
        for sink in ([], ["--sink"]):
            with Server("--journal", journal, *sink) as server:
                server.send("-s", "kept", "-m", "1")
                server.process.kill()
                expect(server.end() == -signal.SIGKILL, "it was not killed")
        with open(journal, "ab") as torn:
            torn.write(b"\0\0\0\x20\x32")
        with Server("--journal", journal) as server:
            if not server.lines["stderr"]:
                server.wait_for(".", "stderr")
            (line,) = server.lines["stderr"]
            expect(line.endswith("its last 5 bytes were cut off"), line)
            server.send("-s", "last")
            fail(OTHER, "serve", "--port", "0", "--journal", journal,
                 saying=f'cannot use the journal "{journal}", which another server may hold')
        with open(journal, "rb") as file:
            frames = split_frames(file.read())
        expect([b"kept" in frames[0], b"kept" in frames[1], b"last" in frames[2], len(frames)] == [True, True, True, 3],
               frames)


@case
def serve_when_its_journal_cannot_be_used_then_names_it():
    with tempfile.TemporaryDirectory() as scratch:
        nowhere = os.path.join(scratch, "none", "journal")
        fail(OTHER, "serve", "--port", "0", "--journal", nowhere,
             saying=f'cannot use the journal "{nowhere}": No such file or directory; give another --journal')
        mine = os.path.join(scratch, "mine")
        with open(mine, "w") as file:
            file.write("dear diary")
        fail(OTHER, "serve", "--port", "0", "--journal", mine, saying="no frame at byte 0")
        with open(mine) as file:
            expect(file.read() == "dear diary", "it was written to")
    fail(USAGE, "serve", "--port", "0", "--journal", "", saying="--journal '' names no file")


@case
def serve_when_its_journal_is_full_then_rejects_with_the_reason():
    if not os.path.exists("/dev/full"):
        raise Skipped("there is no /dev/full")
    for sink in ([], ["--sink"]):
        with Server("--journal", "/dev/full", *sink) as server:
            fail(REJECTED, "-H", "127.0.0.1", "-P", server.port, "send", "-s", "x",
                 saying="journal: No space left on device")


def split_frames(data):
    frames = []
    while data:
        length = int.from_bytes(data[:4], "big")
        expect(len(data) >= 4 + length, "a frame is torn:", data)
        frames.append(data[4:4 + length])
        data = data[4 + length:]
    return frames
