"""What goes wrong."""

import os
import signal
import subprocess
import time

import harness
from harness import (
    CANNOT_CONNECT,
    OTHER,
    PATIENCE,
    REJECTED,
    Server,
    TIMED_OUT,
    UNKNOWN,
    case,
    environment,
    expect,
    fail,
    listening,
    refusing,
    run,
)


@case
def connect_when_refused_then_exit_code_3():
    with refusing() as port:
        for command in (("query", "true"), ("send", "-s", "x")):
            fail(CANNOT_CONNECT, "-H", "127.0.0.1", "-P", port, *command,
                 saying=f"cannot connect to 127.0.0.1:{port}")


@case
def connect_when_the_name_lookup_hangs_then_timeout_and_exit_code_3():
    if not harness.slow_resolver:
        raise harness.Skipped("nothing can be preloaded before a sanitizer's run time")
    fail(CANNOT_CONNECT, "-H", "slow.invalid", "-I", "0.2", "query", "true",
         env={"LD_PRELOAD": harness.slow_resolver}, saying="within 0.2 s")


@case
def connect_when_host_is_unknown_then_exit_code_3():
    fail(CANNOT_CONNECT, "-H", "nosuch.invalid", "send", "-s", "x", saying="nosuch.invalid:5555")


@case
def answer_when_it_never_comes_then_exit_code_5():
    with listening() as port:
        begin = time.monotonic()
        fail(TIMED_OUT, "-H", "127.0.0.1", "-P", port, "-I", "0.3", "query", "true", saying="within 0.3 s")
        fail(TIMED_OUT, "-H", "127.0.0.1", "-P", port, "-I", "0.3", "send", "-s", "x", saying="unknown")
        expect(time.monotonic() - begin < PATIENCE / 2, "--timeout was not kept")


@case
def connection_when_closed_before_the_answer_then_exit_code_7():
    def hang_up(connection):
        connection.recv(1)
        connection.close()

    with listening(hang_up) as port:
        fail(UNKNOWN, "-H", "127.0.0.1", "-P", port, "send", "-s", "x", saying="unknown")


@case
def answer_when_it_is_not_riemanns_then_exit_code_7():
    for reply in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\2\xff\xff", b"\0\0\0\0" + b"\0\0\0\0"):
        def answer(connection, reply=reply):
            connection.recv(1)
            connection.sendall(reply)

        with listening(answer) as port:
            done = run("-H", "127.0.0.1", "-P", port, "-I", "20", "query", "true")
            expect(done.returncode in (REJECTED, UNKNOWN), reply, done.returncode, done.stderr)
            if reply[:4] != b"\0\0\0\0":
                expect(done.returncode == UNKNOWN, reply, done.returncode, done.stderr)


@case
def output_when_its_reader_has_gone_then_exit_code_1_quietly():
    with Server() as server:
        for arguments in (("send", "-s", "x"), ("query", "true"), ("--help",), ("serve", "--port", "0"),
                          ("agent", "--count", "1", "--interval", "0.05", "--echo")):
            reader, writer = os.pipe()
            os.close(reader)
            try:
                at = () if arguments[0] == "serve" else ("-H", "127.0.0.1", "-P", server.port)
                done = run(*at, *arguments, stdout=writer)
            finally:
                os.close(writer)
            expect(done.returncode == OTHER, arguments, "exited with", done.returncode)
            expect(done.stderr == b"", arguments, "said", done.stderr)


@case
def output_when_the_disk_is_full_then_exit_code_1_and_a_sentence():
    with Server() as server, open("/dev/full", "wb") as full:
        done = run("-H", "127.0.0.1", "-P", server.port, "query", "true", stdout=full)
        expect(done.returncode == OTHER, "exited with", done.returncode)
        expect(b"standard output" in done.stderr, done.stderr)


@case
def streams_when_closed_then_no_socket_takes_their_place():
    with Server() as server:
        done = subprocess.run(
            ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', harness.binary, "-H", "127.0.0.1", "-P", server.port, "send", "-s", "x"],
            env=environment(), timeout=PATIENCE,
        )
        expect(done.returncode == OTHER, "exited with", done.returncode)
        expect(server.end(signal.SIGTERM) == 0, "the server failed")
        expect("1 messages" in server.lines["stderr"][-1] and "0 malformed" in server.lines["stderr"][-1],
               server.lines["stderr"])
