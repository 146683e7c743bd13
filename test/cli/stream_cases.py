"""`send --stdin`."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import tempfile
import threading

import harness
from harness import (
    BAD_INPUT,
    CANNOT_CONNECT,
    OTHER,
    PATIENCE,
    REJECTED,
    Server,
    TIMED_OUT,
    UNKNOWN,
    USAGE,
    case,
    environment,
    expect,
    fail,
    listening,
    refusing,
    run,
    succeed,
    wait_until,
)

HUNG_UP, INTERRUPTED, TERMINATED = 129, 130, 143
SUMMARY = r"lines (\d+) bad (\d+) acked (\d+) rejected (\d+) unknown (\d+) not_sent (\d+)(?: sent (\d+))?\n"


def to(port):
    return ("-H", "127.0.0.1", "-P", port)


def stream(port, text, *options, code=0, before=(), **more):
    """Sends the text; the summary's numbers, and what was said."""
    data = text.encode() if isinstance(text, str) else text
    done = run(*to(port), *before, "send", "--stdin", *options, input=data, **more)
    expect(done.returncode == code, options, "exited with", done.returncode, "not", code, done.stderr[:2000])
    found = re.fullmatch(SUMMARY, done.stdout.decode())
    expect(found, "no summary:", done.stdout)
    numbers = dict(zip(("lines", "bad", "acked", "rejected", "unknown", "not_sent", "sent"), map(int, found.groups("0"))))
    return numbers, done.stderr.decode()


def events(count):
    return "".join(f'{{"service": "s{i}", "metric": {i}}}\n' for i in range(count))


@case
def stdin_when_ndjson_then_each_line_is_an_event_with_the_options_as_defaults():
    with Server() as server:
        text = ('{"service": "full", "host": "h", "state": "ok", "description": "\\u00e4\\n", "metric": 1.5, "tags": ["a"],'
                ' "ttl": 1e9, "time": 5, "time_micros": 1700000000123456, "attributes": {"k": "v"}}\n'
                '{"service": "bare"}\r\n'
                '\n'
                '{"service": "null", "host": null, "state": null, "tags": null, "metric": "NaN"}')
        numbers, said = stream(server.port, text, "-S", "warning", "-t", "b", "-a", "x=y", "-h", "default", "-l", "2e9",
                               "--time-micros", "1600000000000001")
        expect(numbers == {"lines": 4, "bad": 0, "acked": 3, "rejected": 0, "unknown": 0, "not_sent": 0, "sent": 0}, numbers)
        expect(said == "", "it said", said)
        found = {e["service"]: e for e in server.query("true")}
        expect(found["full"] == {"service": "full", "host": "h", "state": "ok", "description": "\u00e4\n", "metric": 1.5,
                                 "tags": ["b", "a"], "ttl": 1e9, "time": 1700000000, "time_micros": 1700000000123456,
                                 "attributes": {"k": "v", "x": "y"}}, found["full"])
        expect(found["bare"] == {"service": "bare", "host": "default", "state": "warning", "tags": ["b"], "ttl": 2e9,
                                 "time": 1600000000, "time_micros": 1600000000000001, "attributes": {"x": "y"}},
               found["bare"])
        expect(found["null"]["host"] is None and "state" not in found["null"] and "tags" not in found["null"]
               and found["null"]["metric"] == "NaN", found["null"])


@case
def stdin_when_it_is_what_query_prints_then_the_index_is_the_same_again():
    with Server() as server, Server() as other:
        server.send("-s", "a,b", "-d", 'line\nand "quotes"', "-t", "x;y", "-t", "back\\slash", "-m", "42", "-a", "k=v", "-l", "600")
        server.send("-s", "c", "-d", "", "-m", "0.1", "-T", "1700000000", "-S", "ok", "-a", "e=", "-a", "k,2=v,2", "-l", "1e9")
        server.send("-s", "d", "-m", "-Infinity", "-t", "", "-l", "600")
        server.send("-s", "e", "-m", "12345678901234567", "-T", "1700000000.25", "-l", "1e9")
        stream(server.port, '{"service": "f", "ttl": "Infinity"}')
        expected = server.query("true")
        for output, given in (("json", ()), ("ndjson", ()), ("csv", ()), ("ndjson", ("--format", "ndjson")),
                              ("csv", ("--format", "csv"))):
            text = succeed(*to(server.port), "query", "true", "--output", output)
            numbers, said = stream(other.port, text, *given)
            expect(numbers["acked"] == 5 and numbers["bad"] == 0, output, numbers, said)
            expect(other.query("true") == expected, output, "gives", other.query("true"), "not", expected)


@case
def stdin_when_csv_then_quotes_may_hold_lines_and_bad_records_say_why():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        kept = os.path.join(directory, "bad.csv")
        text = ('\ufeffservice,metric,tags,attributes.dc,time,time_micros\r\n'
                '"two\r\nlines",1,a;b\\;c,"x""y",,\r\n'
                'fine,2.5,,,7,1700000000000001\r\n'
                'short,1\r\n'
                'word,many,,,,\r\n'
                'quo"te,1,,,,\r\n'
                '"tail"x,1,,,,\r\n'
                'last,,,,,')
        numbers, said = stream(server.port, text, "-l", "1e9", "--reject-file", kept, code=BAD_INPUT)
        expect(numbers["acked"] == 3 and numbers["bad"] == 4 and numbers["lines"] == 9, numbers)
        for sentence in ("line 5: there are 2 values for the header's 6 columns", "line 6: metric 'many' is not a number",
                         "line 7: a quote stands within a value in column 1",
                         "line 8: something follows a closing quote in column 1"):
            expect(sentence in said, repr(sentence), "is not in", said)
        found = {e["service"]: e for e in server.query("true")}
        expect(set(found) == {"two\r\nlines", "fine", "last"}, found.keys())
        expect(found["two\r\nlines"]["tags"] == ["a", "b;c"] and found["two\r\nlines"]["attributes"] == {"dc": 'x"y'}, found)
        expect(found["fine"]["time_micros"] == 1700000000000001, found["fine"])
        with open(kept, encoding="utf-8") as file:
            lines = file.read().splitlines()
        expect(lines == ["service,metric,tags,attributes.dc,time,time_micros", "short,1", "word,many,,,,",
                         'quo"te,1,,,,', '"tail"x,1,,,,'], lines)


@case
def stdin_when_the_csv_header_is_bad_then_exit_code_8_and_nothing_is_sent():
    with Server() as server:
        for header, saying in (("servce,metric", "did you mean service?"), ("service,service", "there twice"),
                               ("service,attributes", "unknown column 'attributes'"),
                               ("service,attributes.state", "attribute 'state' is called like a field of events")):
            numbers, said = stream(server.port, header + "\nx,1\n", "--format", "csv", code=BAD_INPUT)
            expect(saying in said and numbers["acked"] == 0, said, numbers)
        expect(server.query("true") == [], "something was sent")


@case
def stdin_when_metric_lines_then_as_the_c_client_reads_them():
    with Server() as server:
        for line, metric, state in (("1.5 ok", 1.5, "ok"), ("42", 42, None), ("all is well", None, "all is well"),
                                    ("-3\twarning sign", -3, "warning sign"), ("12abc", None, "12abc")):
            numbers, _ = stream(server.port, line + "\n", "--format", "metrics", "-s", "m")
            expect(numbers["acked"] == 1, line, numbers)
            (found,) = server.query("true")
            expect(found.get("metric") == metric and found.get("state") == state, line, "gives", found)
        numbers, said = stream(server.port, "1\n1e999 ok\n", "-s", "m", code=BAD_INPUT)
        expect(numbers["acked"] == 1 and "beyond a double" in said, numbers, said)


@case
def stdin_when_lines_are_bad_then_each_is_told_with_number_and_remedy_and_kept():
    bad = (
        ('{"servce": "x"}', "unknown key 'servce' (did you mean service?)"),
        ('{"metric": true}', "metric is true; give a number"),
        ('{"metric": "12"}', 'metric is a text; give a number'),
        ('{"metric": 9223372036854775808}', "beyond a 64-bit integer"),
        ('{"metric": 1e999}', "beyond a double"),
        ('{"ttl": 1e39}', "ttl '1e39' is not a time to live"),
        ('{"time": 1e30}', "time '1e30'"),
        ('{"time_micros": 1.5}', "time_micros '1.5' is not a time"),
        ('{"service": 1}', "service is a number; give a text in quotes"),
        ('{"service": "a", "service": "b"}', "key 'service' is there twice; leave one out"),
    )
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        kept = os.path.join(directory, "bad")
        text = '{"service": "good"}\n' + "".join(line + "\n" for line, _ in bad)
        numbers, said = stream(server.port, text, "--reject-file", kept, code=BAD_INPUT)
        expect(numbers["bad"] == len(bad) and numbers["acked"] == 1, numbers)
        for number, (line, saying) in enumerate(bad, 2):
            expect(any(s.startswith(f"riemann-cli: line {number}: ") and saying in s for s in said.splitlines()),
                   line, "is not refused by", repr(saying), "in", said)
        with open(kept, encoding="utf-8") as file:
            expect(file.read().splitlines() == [line for line, _ in bad], "another text is kept")
        for line, saying in (('{"tags": "a"}', "tags is a text; give an array"), ('{"tags": [1]}', "a tag is a number"),
                             ('{"attributes": {"k": 1}}', "attribute 'k' is a number"), ("[1]", "the line is an array"),
                             ('{"a', "no JSON from column"), ('{} {}', "no JSON from column"),
                             (b'{"service": "\xff"}', "line 1: not UTF-8"),
                             ('{"service": "' + "x" * (1 << 20) + '"}', "longer than 1 MiB")):
            numbers, said = stream(server.port, line, "--format", "ndjson", code=BAD_INPUT)
            expect(saying in said and numbers["bad"] == 1 and numbers["lines"] == 1, saying, said[:500], numbers)


def lines_of(ranges):
    """Those of `15, 17-40`."""
    found = set()
    for one in ranges.split(", "):
        first, _, last = one.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


@case
def stdin_when_more_lines_are_bad_than_are_told_then_the_last_sentence_has_their_numbers():
    with Server() as server:
        # Not within the second after which another would be told of.
        text = "{\n" * 10 + '{"service": "a"}\n' + "{\n" + '{"service": "b"}\n' + "{\n" * 3
        _, said = stream(server.port, text, "--format", "ndjson", code=BAD_INPUT)
        numbers = re.findall(r"^riemann-cli: line (\d+): .*?(?: \(\d+ more before it: ([-0-9, ]+)\))?$", said, re.M)
        told = {int(line) for line, _ in numbers}.union(*(lines_of(before) for _, before in numbers if before))
        last = re.search(r"^riemann-cli: and (\d+) more bad lines?: ([-0-9, ]+)$", said, re.M)
        if last:
            expect(int(last[1]) == len(lines_of(last[2])), last[0])
            told |= lines_of(last[2])
        expect(told == {*range(1, 11), 12, 14, 15, 16}, said)


@case
def stdin_when_a_flood_of_lines_is_bad_then_all_are_counted_and_some_told():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        kept = os.path.join(directory, "bad")
        numbers, said = stream(server.port, "{\n" * 100_000, "--reject-file", kept, code=BAD_INPUT)
        expect(numbers["bad"] == 100_000 and numbers["lines"] == 100_000, numbers)
        expect(10 < len(said.splitlines()) < 1_000, "lines told:", len(said.splitlines()))
        told = set(map(int, re.findall(r"^riemann-cli: line (\d+): ", said, re.M)))
        others = re.findall(r"(?: \(|and )(\d+) more (?:before it|bad lines): ([-0-9, ]+)", said)
        expect(sum(int(count) for count, _ in others) == 100_000 - len(told), len(told), "told and", others)
        for _, ranges in others:
            told |= lines_of(ranges)
        expect(told == set(range(1, 100_001)), "not all numbers are told:", said[-2000:])
        expect(os.path.getsize(kept) == 200_000, "the reject file has", os.path.getsize(kept))


@case
def stdin_when_metric_type_is_forced_then_every_metric_is_of_it():
    with Server() as server:
        for kind, given, shown in (("double", "42", "42.0"), ("float", "0.1", "0.1"), ("int", "2.0", "2"),
                                   ("auto", "42", "42"), ("double", "9223372036854775808", "9223372036854775808.0")):
            stream(server.port, f'{{"service": "m", "metric": {given}}}', "--metric-type", kind)
            text = succeed(*to(server.port), "query", "true")
            expect(f'"metric": {shown}' in text, kind, given, "is shown as", text)
            succeed(*to(server.port), "send", "-s", "m", "-m", given, "--metric-type", kind)
            text = succeed(*to(server.port), "query", "true")
            expect(f'"metric": {shown}' in text, kind, given, "is shown as", text)
        numbers, said = stream(server.port, '{"metric": 1.5}', "--metric-type", "int", code=BAD_INPUT)
        expect("is not a 64-bit integer" in said, said)
        numbers, said = stream(server.port, '{"metric": 1e300}', "--metric-type", "float", code=BAD_INPUT)
        expect("beyond a float" in said, said)


@case
def stdin_when_a_csv_header_has_line_ends_between_quotes_then_read():
    with Server() as server, Server() as other:
        server.send("-s", "x", "-a", "k\ny=v\nw", "-l", "600")
        expected = server.query("true")
        text = succeed(*to(server.port), "query", "true", "--output", "csv")
        for given in ((), ("--format", "csv")):
            numbers, said = stream(other.port, text, *given)
            expect(numbers["acked"] == 1 and numbers["lines"] == text.count("\n") and said == "", numbers, said)
            expect(other.query("true") == expected, other.query("true"))


@case
def stdin_when_a_line_of_an_array_is_bad_then_it_is_kept_so_that_it_can_be_sent():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        kept = os.path.join(directory, "bad")
        text = '[\n  {"service": "a"},\n  {"servce": "b"},\n  {"service": "c"}\n]\n'
        stream(server.port, text, "--reject-file", kept, code=BAD_INPUT)
        with open(kept, encoding="utf-8") as file:
            mended = file.read().replace("servce", "service")
        stream(server.port, mended)
        expect([e["service"] for e in server.query("true")] == ["a", "b", "c"], server.query("true"))


@case
def stdin_when_its_format_cannot_be_told_then_exit_code_2():
    with Server() as server:
        _, said = stream(server.port, "hello\n", code=USAGE)
        expect("line 1 does not tell the input's format; give --format" in said, said)
        numbers, _ = stream(server.port, "")
        expect(numbers["lines"] == 0, numbers)
        for arguments, saying in ((("--format", "csv"), "--format is for --stdin"),
                                  (("--reject-file", "x"), "--reject-file is for --stdin"),
                                  (("--stdin", "--echo"), "--echo is for a single event"),
                                  (("--stdin", "--format", "xml"), "give ndjson, csv or metrics"),
                                  (("--metric-type", "long"), "give auto, int, double or float"),
                                  (("--time", "1", "--time-micros", "2"), "exclude each other"),
                                  (("--time-micros", "1.5"), "whole microseconds")):
            harness.fail(USAGE, *to(server.port), "send", *arguments, saying=saying)


@case
def stdin_when_the_reject_file_cannot_be_written_then_exit_code_1_and_a_sentence():
    with Server() as server:
        done = run(*to(server.port), "send", "--stdin", "--reject-file", "/nowhere/bad", input=b'{"service": "x"}\n')
        expect(done.returncode == OTHER and b"cannot open the reject file '/nowhere/bad'" in done.stderr, done)
        expect(server.query("true") == [], "an event was sent all the same")
        numbers, said = stream(server.port, events(10) + "{\n" * 10, "--reject-file", "/dev/full", code=OTHER)
        expect("cannot write the reject file '/dev/full'" in said and numbers["acked"] == 10, said, numbers)


@case
def stdin_when_it_is_the_reject_file_then_refused_and_nothing_is_lost():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        kept = os.path.join(directory, "kept")
        with open(kept, "w") as file:
            file.write(events(2))
        with open(kept, "rb") as file:
            done = run(*to(server.port), "send", "--stdin", "--reject-file", kept, stdin=file)
        expect(done.returncode == USAGE and b"is the input itself" in done.stderr, done)
        with open(kept) as file:
            expect(file.read() == events(2), "the file was changed")


@case
def stdin_when_nothing_is_bad_then_the_reject_file_is_left_and_else_begun_anew():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        kept = os.path.join(directory, "kept")
        stream(server.port, "{\n", "--format", "ndjson", "--reject-file", kept, code=BAD_INPUT)
        stream(server.port, events(1), "--reject-file", kept)
        with open(kept) as file:
            expect(file.read() == "{\n", "what was kept is gone")
        stream(server.port, "{{\n", "--format", "ndjson", "--reject-file", kept, code=BAD_INPUT)
        with open(kept) as file:
            expect(file.read() == "{{\n", "what was kept before is there")


@case
def stdin_when_it_cannot_be_read_then_exit_code_1_and_a_sentence():
    with Server() as server:
        directory = os.open("/", os.O_RDONLY)
        try:
            done = run(*to(server.port), "send", "--stdin", stdin=directory)
        finally:
            os.close(directory)
        expect(done.returncode == OTHER and b"cannot read standard input" in done.stderr, done)


@case
def stdin_when_somebody_has_made_it_non_blocking_then_waited_for():
    def write():
        with os.fdopen(writer, "w") as pipe:
            for written, line in enumerate(events(3).splitlines(keepends=True), 1):
                pipe.write(line)
                pipe.flush()
                # There is nothing to read until the server has this one.
                wait_until(lambda: len(server.query("true")) == written, "a line was not sent")

    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    with Server() as server:
        slow = threading.Thread(target=write)
        slow.start()
        done = run(*to(server.port), "send", "--stdin", stdin=reader)
        # Whoever writes is not to be left without a reader.
        slow.join(timeout=PATIENCE)
    os.close(reader)
    expect(done.returncode == 0 and b" acked 3 " in done.stdout, done)


@case
def stdin_when_the_summary_has_no_reader_then_exit_code_1_quietly():
    with Server() as server:
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = run(*to(server.port), "send", "--stdin", input=events(3).encode(), stdout=writer)
        finally:
            os.close(writer)
        expect(done.returncode == OTHER and done.stderr == b"", done)
        expect(len(server.query("true")) == 3, "the events are missing")


@case
def stdin_when_no_echo_then_nothing_is_printed():
    with Server() as server:
        done = run(*to(server.port), "send", "--stdin", "--no-echo", input=events(3).encode())
        expect(done.returncode == 0 and done.stdout == b"" and done.stderr == b"", done)
        expect(len(server.query("true")) == 3, "the events are missing")


@case
def stdin_when_there_is_no_server_then_exit_code_3():
    with refusing() as port:
        done = run(*to(port), "send", "--stdin", input=events(3).encode())
        expect(done.returncode == CANNOT_CONNECT and b"cannot connect to" in done.stderr, done)


def answering(count, then, answered=lambda: None):
    """An answerer that acknowledges `count` messages, says so, and, when some of another has
    come, does something else."""
    def answer(connection):
        def serve():
            buffer = b""
            for _ in range(count):
                while len(buffer) < 4 or len(buffer) < 4 + int.from_bytes(buffer[:4], "big"):
                    more = connection.recv(65536)
                    if not more:
                        return
                    buffer += more
                buffer = buffer[4 + int.from_bytes(buffer[:4], "big"):]
                connection.sendall(b"\0\0\0\2\x10\x01")
            answered()
            if buffer or connection.recv(1):
                then(connection)

        threading.Thread(target=serve, daemon=True).start()

    return answer


@case
def stdin_when_the_server_goes_silent_then_exit_code_5_and_what_was_acknowledged_is_told():
    with listening(answering(3, lambda connection: None)) as port:
        numbers, said = stream(port, events(100_000), before=("-I", "0.5"), code=TIMED_OUT)
        expect(numbers["unknown"] > 0 and numbers["acked"] > 0, numbers)
        expect(numbers["acked"] + numbers["unknown"] + numbers["not_sent"] == numbers["lines"], numbers)
        expect("the rest of the input is left" in said, said)
        expect(": no answer came within 0.5 s; the rest of the input is left" in said and ".;" not in said, said)


@case
def stdin_when_the_connection_breaks_then_exit_code_7_and_the_rest_goes_on_the_next():
    first = [True]

    def answer(connection):
        once, first[0] = first[0], False
        answering(2 if once else 1_000_000, lambda c: c.shutdown(socket.SHUT_RDWR))(connection)

    with listening(answer) as port:
        numbers, said = stream(port, events(20_000), before=("-I", "20"), code=UNKNOWN)
        expect(numbers["lines"] == 20_000, numbers)
        expect(numbers["acked"] + numbers["unknown"] == 20_000 and numbers["acked"] > numbers["unknown"] > 0, numbers)
        expect("whether they were applied is unknown" in said, said)


@case
def stdin_when_the_server_rejects_then_exit_code_4_and_the_count():
    def answer(connection):
        def serve():
            # ok=false, error="no"
            while connection.recv(1 << 20):
                connection.sendall(b"\0\0\0\6\x10\0\x1a\2no")

        threading.Thread(target=serve, daemon=True).start()

    with listening(answer) as port:
        numbers, said = stream(port, events(3), code=REJECTED)
        expect(numbers["rejected"] == 3 and "3 events were rejected by" in said and said.endswith(": no\n"), numbers, said)
        numbers, said = stream(port, events(1), code=REJECTED)
        expect("1 event was rejected by" in said, said)


@case
def stdin_when_over_udp_then_counted_as_sent():
    with Server() as server:
        numbers, _ = stream(server.port, events(50), before=("-T", "udp"))
        expect(numbers["sent"] == 50 and numbers["acked"] == 0, numbers)


@case
def stdin_when_one_event_is_too_large_for_a_datagram_then_the_rest_is_sent():
    with Server() as server:
        text = events(50) + json.dumps({"description": "x" * 20_000}) + "\n" + events(20_000)
        numbers, said = stream(server.port, text, before=("-T", "udp"), code=OTHER)
        expect(numbers["lines"] == 20_051 and numbers["sent"] == 20_050 and numbers["not_sent"] == 1, numbers, said)
        expect("the rest of the input is left" not in said, said)


@case
def stdin_when_over_none_then_the_events_are_shown_and_can_be_sent():
    with Server() as server:
        text = 'service,metric,attributes.k\n' + "".join(f"s{i},{i}.5,v\n" for i in range(5_000)) + "bad\n"
        dry = run("-T", "none", "send", "--stdin", "-S", "ok", "-l", "600", input=text.encode())
        expect(dry.returncode == BAD_INPUT, "exited with", dry.returncode)
        said = dry.stderr.decode().splitlines()
        expect(len(said) == 2 and said[-1] == "riemann-cli: lines 5002 bad 1 shown 5000", said)
        shown = [json.loads(line) for line in dry.stdout.decode().splitlines()]
        expect([e["service"] for e in shown] == [f"s{i}" for i in range(5_000)], "shown are", len(shown))
        expect(shown[7]["metric"] == 7.5 and shown[7]["state"] == "ok" and shown[7]["attributes"] == {"k": "v"}, shown[7])
        numbers, _ = stream(server.port, dry.stdout)
        expect(numbers["acked"] == 5_000 and server.query("true") == sorted(shown, key=lambda e: e["service"]), numbers)
    quiet = run("-T", "none", "send", "--stdin", "--no-echo", input=events(2).encode())
    expect(quiet.returncode == 0 and quiet.stderr == b"" and quiet.stdout.count(b"\n") == 2, quiet)


@case
def stdin_when_over_none_and_the_events_have_no_reader_then_exit_code_1_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run("-T", "none", "send", "--stdin", input=events(3).encode(), stdout=writer)
    finally:
        os.close(writer)
    expect(done.returncode == OTHER and done.stderr == b"", done)


@case
def stdin_when_over_none_then_each_event_is_shown_as_it_comes():
    process = subprocess.Popen([harness.binary, "-T", "none", "send", "--stdin"], env=environment(), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        for i in range(3):
            process.stdin.write(f'{{"service": "s{i}"}}\n'.encode())
            process.stdin.flush()
            expect(json.loads(process.stdout.readline())["service"] == f"s{i}", "another event")
        process.send_signal(signal.SIGINT)
        expect(process.wait(timeout=PATIENCE) == INTERRUPTED, "exited with", process.returncode)
        expect(process.stderr.read() == b"riemann-cli: lines 3 bad 0 shown 3\n", "another last line")
    finally:
        process.kill()
        for end in (process.stdin, process.stdout, process.stderr):
            end.close()


@case
def stdin_when_interrupted_in_mid_stream_then_what_is_on_its_way_is_waited_for_and_told():
    for sent, code in ((signal.SIGHUP, HUNG_UP), (signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
        with Server() as server:
            process = subprocess.Popen([harness.binary, *to(server.port), "send", "--stdin"], env=environment(),
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdin.write(events(5_000).encode() + b'{"service": "not whole')
            process.stdin.flush()
            harness.wait_until(lambda: len(server.query("true")) == 5_000, "the events do not come while it waits")
            process.send_signal(sent)
            # The input's end has not come, and is not waited for.
            expect(process.wait(timeout=PATIENCE) == code, "exited with", process.returncode)
            found = re.fullmatch(SUMMARY, process.stdout.read().decode())
            expect(found and found.groups()[:6] == ("5000", "0", "5000", "0", "0", "0"), found)
            for end in (process.stdin, process.stdout, process.stderr):
                try:
                    end.close()
                except BrokenPipeError:
                    pass


@case
def stdin_when_interrupted_and_the_server_is_silent_then_bounded_by_the_timeout_and_unknown():
    silent = threading.Event()
    with listening(answering(1, lambda connection: None, answered=silent.set)) as port:
        process = subprocess.Popen([harness.binary, *to(port), "-I", "1", "send", "--stdin"], env=environment(),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(events(1).encode())
        process.stdin.flush()
        expect(silent.wait(PATIENCE), "nothing arrived")
        process.stdin.write(events(10).encode())
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        expect(process.wait(timeout=PATIENCE) == INTERRUPTED, "exited with", process.returncode)
        found = re.fullmatch(SUMMARY, process.stdout.read().decode())
        expect(found, "no summary")
        lines, bad, acked, rejected, unknown, not_sent = map(int, found.groups()[:6])
        expect(acked == 1 and bad == rejected == 0 and lines == acked + unknown + not_sent, found.groups())
        process.stdin.close()
        process.stdout.close()
        process.stderr.close()


@case
def stdin_when_standard_error_is_a_terminal_then_progress_is_shown_there():
    with Server("--sink") as server:
        ours, theirs = pty.openpty()
        process = subprocess.Popen([harness.binary, *to(server.port), "send", "--stdin"], env=environment(),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        process.stdin.write(events(1_000).encode())
        process.stdin.flush()
        shown = b""
        while b"1,000 acked" not in shown:
            shown += os.read(ours, 65536)
        expect(b"1,000 lines" in shown and b"on their way" in shown, shown)
        process.stdin.close()
        expect(process.wait(timeout=PATIENCE) == 0, "exited with", process.returncode)
        process.stdout.close()
        os.close(ours)


@case
def stdin_when_the_input_is_long_then_memory_does_not_grow_with_it():
    # The address sanitizer keeps what is freed, up to 256 MB unless told otherwise.
    sanitizer = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}

    def peak(count):
        with Server("--sink") as server:
            process = subprocess.Popen([harness.binary, *to(server.port), "send", "--stdin"], env=environment(sanitizer),
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            block = events(1_000).encode()
            for _ in range(count // 1_000):
                process.stdin.write(block)
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
            expect(process.returncode == 0, "exited with", process.returncode)
            return usage.ru_maxrss

    short, long = peak(50_000), peak(400_000)
    expect(long < short * 1.5 + 4_096, "kB at most:", short, "for 50,000 lines,", long, "for 400,000")


@case
def stdin_when_metrics_are_of_nothing_then_refused_before_one_takes_the_place_of_another():
    with Server() as server:
        for given in ((), ("--format", "metrics")):
            fail(USAGE, *to(server.port), "send", "--stdin", "--no-echo", *given, input=b"1\n2\n", saying="give --service")
        expect(server.query("true") == [], "something was sent")


@case
def stdin_when_a_line_is_wrong_and_long_then_the_complaint_is_not():
    with Server() as server:
        line = '{"service": "a", "metric": "' + "1" * 500_000 + '"}\n'
        _, said = stream(server.port, line, code=BAD_INPUT)
        expect(len(said) < 5_000 and "line 1" in said, len(said), said[:200])
