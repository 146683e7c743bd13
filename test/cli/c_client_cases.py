"""The other client: Debian's package riemann-c-client."""

import shutil
import time

from harness import PATIENCE, Server, case, expect, run


def c_client():
    program = shutil.which("riemann-client")
    expect(program, "Debian's riemann-client is not installed: apt-get install riemann-c-client")
    return program


def c_send(server, transport, service):
    done = run("send", transport, "-s", "ok", "-S", service, "-h", "box", "-D", "words", "-t", "tag", "-a", "k=v",
               "-L", "600", "-i", "42", "127.0.0.1", server.port, program=c_client())
    expect(done.returncode == 0, done.stderr)


def check_what_c_sent(found, service):
    expected = {"host": "box", "service": service, "state": "ok", "description": "words", "metric": 42,
                "tags": ["tag"], "ttl": 600.0, "attributes": {"k": "v", "x-client": "riemann-c-client"}}
    expect({k: v for k, v in found.items() if k not in ("time", "time_micros")} == expected, found)


@case
def c_client_when_it_sends_over_tcp_then_our_query_reads_it():
    with Server() as server:
        c_send(server, "-T", "over tcp")
        (found,) = server.query('service = "over tcp"')
        check_what_c_sent(found, "over tcp")


@case
def c_client_when_it_sends_over_udp_then_our_query_reads_it():
    with Server() as server:
        deadline = time.monotonic() + PATIENCE
        found = []
        while not found and time.monotonic() < deadline:
            c_send(server, "-U", "over udp")
            found = server.query('service = "over udp"')
        expect(found, "no datagram arrived")
        check_what_c_sent(found[0], "over udp")


@case
def c_client_when_it_queries_then_it_reads_what_we_sent():
    with Server() as server:
        server.send("-s", "ours", "-h", "box", "-m", "0.5", "-d", "words of ours", "-t", "tag", "-a", "k=v")
        done = run("query", "true", "127.0.0.1", server.port, program=c_client())
        expect(done.returncode == 0, done.stderr)
        for word in (b"ours", b"box", b"words of ours", b"tag", b"0.5"):
            expect(word in done.stdout, word, "is not in", done.stdout)
        done = run("query", "state = ", "127.0.0.1", server.port, program=c_client())
        expect(done.returncode != 0, "a malformed query succeeded:", done.stdout)
