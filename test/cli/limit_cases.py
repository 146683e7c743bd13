"""The server and more clients than usual, or than it has descriptors for."""

import contextlib
import json
import os
import resource
import signal
import socket

from harness import PATIENCE, Server, case, expect, succeed, wait_until

ACK = b"\0\0\0\2\x10\x01"


def field(number, data):
    """A text, or a message in a message, of less than 128 bytes."""
    return bytes([number << 3 | 2, len(data)]) + data


def event_frame(service):
    body = field(6, field(3, service.encode()))
    return len(body).to_bytes(4, "big") + body


def connect(server):
    return socket.create_connection(("127.0.0.1", int(server.port)), PATIENCE)


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        expect(more, "the server has closed; it had sent", data)
        data += more
    return data


def expect_ack(connection):
    expect(read_exactly(connection, len(ACK)) == ACK, "another answer")


def exchange(connection, service):
    connection.sendall(event_frame(service))
    expect_ack(connection)


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def limit_descriptors(server, most):
    hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)[1]
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (most, hard))


@case
def serve_when_a_thousand_are_connected_at_once_then_each_is_served_within_the_usual_limit():
    # 1,024 is what a process gets where nobody has said otherwise; both sides keep to it.
    count = 1_000
    with Server() as server, contextlib.ExitStack() as stack:
        limit_descriptors(server, 1_024)
        connections = [stack.enter_context(connect(server)) for _ in range(count)]
        for turn in range(2):
            for number, connection in enumerate(connections):
                connection.sendall(event_frame(f"of {number}"))
            for connection in connections:
                expect_ack(connection)
        expect(descriptors(server) > count, "they are not all open:", descriptors(server))
        found = server.query('service =~ "of %"')
        expect({e["service"] for e in found} == {f"of {n}" for n in range(count)}, "found", len(found))
        expect(server.end(signal.SIGTERM) == 0, "exit code")
        (line,) = server.lines["stderr"]
        expect(f"served {2 * count + 1} messages" in line and f"over {count + 1} connections" in line, line)


@case
def serve_when_descriptors_are_exhausted_then_serves_those_it_has_and_the_others_in_their_turn():
    room = 5
    with Server("--tls") as server, contextlib.ExitStack() as stack:
        before = descriptors(server)
        # A sanitizer needs descriptors of its own for each class it meets, at the first time.
        with connect(server) as first:
            exchange(first, "first")
        wait_until(lambda: descriptors(server) == before, "its connection stays open")
        limit_descriptors(server, before + room)
        served = [stack.enter_context(connect(server)) for _ in range(room)]
        wait_until(lambda: descriptors(server) == before + room, "it does not accept")
        for connection in served:
            exchange(connection, "early")
        waiting = [stack.enter_context(connect(server)) for _ in range(2 * room)]
        for connection in waiting:
            connection.sendall(event_frame("late"))
        for connection in served:
            exchange(connection, "early")
        expect(descriptors(server) == before + room, "more than it may:", descriptors(server))
        # Those that go make room for as many.
        for gone, next_ in ((served, waiting[:room]), (waiting[:room], waiting[room:])):
            for connection in gone:
                connection.close()
            for connection in next_:
                expect_ack(connection)
        for connection in waiting[room:]:
            connection.close()
        wait_until(lambda: descriptors(server) <= before + 1, "its connections stay open")
        files = ("-C", f"{server.certificates}/ca.pem")
        over_tls = succeed("-H", "127.0.0.1", "-P", server.tls_port, "-T", "tls", *files, "query", "true")
        expect({e["service"] for e in json.loads(over_tls)} == {"first", "early", "late"}, over_tls)
