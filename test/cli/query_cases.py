"""The forms of a query's answer, and --watch."""

import csv
import fcntl
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import unicodedata

import harness
from harness import CANNOT_CONNECT, PATIENCE, Process, Server, USAGE, case, environment, expect, fail, refusing, succeed


def to(port):
    return ("-H", "127.0.0.1", "-P", port)


def fill(server):
    server.send("-h", "b", "-s", "disk /", "-S", "critical", "-m", "0.97", "-l", "600", "-d", "97 % of 20 GiB are used")
    server.send("-h", "a", "-s", "\u65e5\u672c\u8a9e", "-S", "ok", "-m", "42", "-l", "600", "-t", "prod", "-t", "web", "-a", "dc=fra")


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@case
def output_when_ndjson_then_an_object_a_line_and_nothing_for_none():
    with Server() as server:
        fill(server)
        lines = succeed(*to(server.port), "query", "true", "--output", "ndjson").splitlines()
        expect([json.loads(line) for line in lines] == server.query("true"), lines)
        expect(succeed(*to(server.port), "query", "false", "-o", "ndjson") == "", "something for nothing")


@case
def output_when_csv_then_others_read_it():
    with Server() as server:
        fill(server)
        rows = list(csv.DictReader(io.StringIO(succeed(*to(server.port), "query", "true", "-o", "csv"))))
        expect([row["service"] for row in rows] == ["\u65e5\u672c\u8a9e", "disk /"], rows)
        expect(rows[0]["tags"] == "prod;web" and rows[0]["attributes.dc"] == "fra" and rows[0]["metric"] == "42", rows[0])
        header = succeed(*to(server.port), "query", "false", "-o", "csv")
        expect(header == "host,service,state,description,metric,tags,ttl,time,time_micros\n", header)


@case
def output_when_table_then_aligned_and_no_wider_than_the_terminal():
    with Server() as server:
        fill(server)
        for columns in (200, 80, 40, 10):
            text = succeed(*to(server.port), "query", "true", "-o", "table", env={"COLUMNS": str(columns)})
            lines = text.splitlines()
            expect(len(lines) == 3 and max(map(width, lines)) <= columns, columns, lines)
            expect("\x1b" not in text, "colours where there is no terminal")
            if columns == 200:
                at = lines[0].index("STATE")
                for line, state in zip(lines[1:], ("ok", "critical")):
                    before = line[:line.index(state)]
                    expect(width(before) == at, "not aligned:", lines)
                expect("dc=fra" in lines[1] and "prod,web" in lines[1] and "97 % of 20 GiB are used" in lines[2], lines)
        expect(succeed(*to(server.port), "query", "false", "-o", "table") == "no events\n", "another text")


@case
def output_when_table_and_no_terminal_then_nothing_is_clipped_unless_columns_is_set():
    with Server() as server:
        service, words = "a service of a long name, " * 5, "and much to say of it, " * 10
        server.send("-h", "a.host.of.a.long.name.example.net", "-s", service, "-d", words, "-m", "0.1234567890123", "-l", "600")
        table = (*to(server.port), "query", "true", "-o", "table")
        text = succeed(*table, env={"COLUMNS": ""})
        expect(service in text and words.rstrip() in text and "TIME (UTC)" in text and " 0.123457 " in text, text)
        for columns in (80, 40):
            lines = succeed(*table, env={"COLUMNS": str(columns)}).splitlines()
            expect(max(map(width, lines)) <= columns, columns, lines)
            shown = 23 if columns == 80 else 11
            expect(service[:shown] in lines[1] and "TTL" not in lines[0] and "TIME" not in lines[0], columns, lines)


def on_terminal(arguments, until, env=None, sent=None):
    """Runs it on a terminal of 60 columns and 10 rows, until what is shown holds that."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 60, 0, 0))
    process = subprocess.Popen([harness.binary, *arguments], env=environment(env), stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    shown = b""
    try:
        while not until(shown):
            shown += os.read(ours, 65536)
        if sent is not None:
            process.send_signal(sent)
        expect(process.wait(timeout=PATIENCE) == 0, "exited with", process.returncode)
    finally:
        process.kill()
        process.stderr.close()
        os.close(ours)
    return shown.decode()


@case
def output_when_on_a_terminal_then_states_are_coloured_unless_no_color():
    with Server() as server:
        fill(server)
        table = (*to(server.port), "query", "true", "-o", "table")
        whole = lambda shown: shown.count(b"\n") == 3
        shown = on_terminal(table, whole)
        expect("\x1b[31mcritical\x1b[0m" in shown and "\x1b[32mok\x1b[0m" in shown, repr(shown))
        expect(all(width(re.sub(r"\x1b\[\d+m", "", line)) <= 60 for line in shown.splitlines()), repr(shown))
        expect("\x1b" not in on_terminal(table, whole, {"NO_COLOR": "1"}), "coloured all the same")
        expect("\x1b" not in on_terminal(table, whole, {"TERM": "dumb"}), "coloured where the terminal is dumb")


@case
def watch_when_no_terminal_then_answers_follow_each_other_until_sigint_ends_it_well():
    with Server() as server:
        with Process(*to(server.port), "query", "true", "--watch", "0.05", "-o", "ndjson") as watch:
            server.send("-s", "first", "-l", "600")
            watch.wait_for("first")
            server.send("-s", "second", "-l", "600")
            watch.wait_for("second")
            expect(watch.end(signal.SIGINT) == 0, "exited otherwise")
            expect("" in watch.lines["stdout"], "no blank line between")
            expect(watch.lines["stderr"] == [], watch.lines["stderr"])
        with Process(*to(server.port), "query", "true", "--watch", "0.05") as watch:
            watch.wait_for("HOST +SERVICE")
            expect(watch.end(signal.SIGTERM) == 0, "exited otherwise")


@case
def watch_when_on_a_terminal_then_each_answer_is_drawn_over_the_last_and_fits():
    with Server() as server:
        for i in range(20):
            server.send("-s", f"service {i:02}", "-S", "ok", "-l", "600")
        shown = on_terminal((*to(server.port), "query", "true", "--watch", "0.05"),
                            lambda text: text.count(b"\x1b[J") >= 2, sent=signal.SIGINT)
        screen = shown.split("\x1b[H")[1]
        expect("every 0.05 s: true" in screen and "and " in screen and " more" in screen, repr(screen))
        expect(screen.count("\n") <= 10, "longer than the terminal:", repr(screen))


@case
def watch_when_the_terminal_is_dumb_then_answers_follow_each_other():
    with Server() as server:
        fill(server)
        shown = on_terminal((*to(server.port), "query", "true", "--watch", "0.05"),
                            lambda text: text.count(b"HOST") >= 2, {"TERM": "dumb"}, signal.SIGINT)
        expect("\x1b" not in shown and "\r\n\r\n" in shown, repr(shown))


@case
def watch_when_csv_is_piped_into_send_then_each_answer_is_read():
    with Server() as server, Server() as other:
        server.send("-s", "first", "-l", "600")
        with Process(*to(server.port), "query", "true", "--watch", "0.05", "-o", "csv") as watch:
            watch.wait_for("first")
            server.send("-s", "second", "-l", "600", "-a", "k=v")
            watch.wait_for("second")
            watch.wait_for("second")
            expect(watch.end(signal.SIGINT) == 0, "exited otherwise")
        succeed(*to(other.port), "send", "--stdin", input="\n".join(watch.lines["stdout"]).encode())
        found = {e["service"]: e.get("attributes") for e in other.query("true")}
        expect(found == {"first": None, "second": {"k": "v"}}, found)


@case
def query_when_it_begins_with_a_dash_then_told_where_it_goes():
    with Server() as server:
        fail(USAGE, *to(server.port), "query", "-Infinity = metric", saying="goes behind --")
        expect(succeed(*to(server.port), "query", "--", "-Infinity = metric") == "[]\n", "another answer")


@case
def watch_when_the_server_is_lost_then_told_and_tried_again():
    with Server() as server:
        with Process(*to(server.port), "query", "true", "--watch", "0.05") as watch:
            watch.wait_for("no events")
            expect(server.end(signal.SIGTERM) == 0, "the server failed")
            watch.wait_for("cannot connect", "stderr")
            with Server(port=server.port) as again:
                again.send("-s", "back", "-l", "600")
                watch.wait_for("back")
                expect(watch.end(signal.SIGINT) == 0, "exited otherwise")
    with refusing() as port:
        fail(CANNOT_CONNECT, *to(port), "query", "true", "--watch", "1", saying="cannot connect")
