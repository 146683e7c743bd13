#!/usr/bin/env python3
"""Cuts a fuzzer's first inputs from what a real Riemann was asked and answered.

Writes DIR/TARGET/NAME for the targets that read such bytes; those of the others, whose
input is a script, are few and made here.
"""

import json
import struct
import sys
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "golden"
CORPUS = Path(__file__).parent / "corpus"
LONGEST = 2000


def lines_of(name):
    with open(GOLDEN / name, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def frames_of(stream):
    """The bodies of the whole frames in it."""
    bodies = []
    while len(stream) >= 4:
        (length,) = struct.unpack(">I", stream[:4])
        if length > len(stream) - 4:
            break
        bodies.append(stream[4 : 4 + length])
        stream = stream[4 + length :]
    return bodies


def recorded():
    """(name, request, response) over TCP, as bytes."""
    for line in lines_of("transcripts.jsonl"):
        if line["transport"] == "tcp" and "request_hex" in line:
            response = line.get("response_hex", "")
            yield line["name"], bytes.fromhex(line["request_hex"]), bytes.fromhex(response)


def text(data):
    """As the targets' scripts have it."""
    return bytes([len(data)]) + data


def block(data):
    return struct.pack("<H", len(data)) + data


# As make_event.hpp reads them: those that a query is asked about.
EVENTS = [
    b"\x07" + text(b"h") + text(b"s") + text(b"ok"),
    b"\xb7" + text(b"a") + text(b"api req 7%") + text(b"ok") + b"\0" + struct.pack("<qf", 42, 60)
    + b"\x22" + text(b"a") + text(b"b c") + text(b"x") + b"\1" + text(b"y") + text(b"a:b") + b"\0",
    b"\x12" + text(b"aXbXc") + b"\1" + struct.pack("<d", 0.5),
]


def asked_of_a_server(name, query):
    """Behind events; as in seeds() but cut after 3 bytes."""
    if len(query) < 256:
        told = b"".join(b"\2" + e for e in EVENTS)
        yield "connection", name, b"\0\3\1" + text(b"\2") + told + b"\3" + text(query)


def seeds():
    """(target, name, bytes)"""
    for name, request, response in recorded():
        for number, body in enumerate(frames_of(response)):
            yield "answer", f"{name}-{number}", body
        for number, body in enumerate(frames_of(request)):
            yield "answer", f"{name}-asked-{number}", body
            # No faults, a million bytes, a small buffer, cut after 3 and 8 bytes.
            yield "connection", f"{name}-{number}", b"\0\3\1" + text(b"\2\7") + b"\1" + block(body)
        pieces = b"".join(b"\1" + text(b) + b"\0" for b in frames_of(request + response) if len(b) < 256)
        yield "frame_reader", name, b"\7" + text(b"\2\7\x40") + pieces
    for number, line in enumerate(lines_of("queries.jsonl")[1:]):
        query = line["q"].encode()
        yield "query", f"query-{number}", query
        yield from asked_of_a_server(f"query-{number}", query)
    # What was found for `query`: a server is to understand it, too.
    for path in sorted((CORPUS / "query").iterdir()):
        yield from asked_of_a_server(f"found-{path.name}", path.read_bytes())
    for number, arguments in enumerate(COMMAND_LINES):
        yield "command_line", f"arguments-{number}", b"\0\4\0" + "\n".join(arguments).encode()
    for number, around in enumerate(SURROUNDINGS):
        script = b"\0\0\1" + b"".join(text(one.encode()) for one in around)
        yield "command_line", f"surroundings-{number}", script + "\n".join(["-s", "a"]).encode()
    for number, value in enumerate(VALUES):
        yield "command_line", f"value-{number}", b"\2" + value.encode()
    for number, content in enumerate(NDJSON):
        yield "command_line", f"ndjson-{number}", b"\4\7" + content.encode()
    for number, content in enumerate(CSV):
        yield "command_line", f"csv-{number}", b"\5\7" + content.encode()
    for number, content in enumerate(CONFIGS):
        yield "command_line", f"config-{number}", b"\7" + content.encode()
    for number, (command, key, value) in enumerate(SECTIONS):
        content = f"[{command}]\n{key} = {value}\n".encode()
        yield "command_line", f"section-{number}", b"\7" + content
        if command in COMMANDS:
            yield "command_line", f"section-of-{number}", bytes([8, COMMANDS.index(command)]) + content
    for number, script in enumerate(SESSIONS):
        yield "session", f"session-{number}", script


COMMAND_LINES = [
    ["send", "--service", "api latency", "--state", "ok", "--metric", "0.21", "--tag", "prod"],
    ["-H", "::1", "-P", "5555", "send", "-s", "a", "--timeout", "0.5", "--attribute", "env=prod", "--ttl", "60"],
    ["query", "service =~ \"api%\"", "--transport", "udp"],
    ["serve", "--port", "0", "--address", "127.0.0.1", "--sink", "--tls"],
    ["agent", "--interval", "5", "--count", "3", "--tag", "a"],
    ["--help"],
    ["--version"],
    ["help", "serve"],
    ["completion", "zsh"],
    ["send", "--stdin", "--format", "csv", "--reject-file", "r", "--metric-type", "double", "--attr", "a=b", "--echo"],
    ["send", "-s", "a", "--time", "-1.5", "--time-micros", "1700000000250000", "--description", "d", "--no-echo"],
    ["query", "true", "--output", "table", "--watch", "0.5"],
    ["ping", "--count", "3", "--interval", "1"],
    ["bench", "--batch", "--connections", "2", "--events", "10", "--seconds", "1", "--sink", "--threads", "2", "--window", "9"],
    ["agent", "--threshold", "cpu=0.9:0.95", "--threshold", "load", "--event-host", "h", "--no-echo"],
    ["serve", "--tls-port", "0", "--certfile", "c", "--keyfile", "k", "--ca-certs", "a", "--mutual", "--journal", "j", "--tls-dir", "d"],
    *(["serve", *rest] for rest in (
        ["--sink"], ["--journal", "j", "--address", "::1", "-P", "5556"], ["--address", "x"], ["--mutual"],
        ["--tls", "--certfile", "c", "--keyfile", "k", "-C", "a"], ["--tls", "--tls-port", "7", "--mutual", "--tls-dir", "d"],
        ["--tls", "--keyfile", "k"], ["--tls", "--certfile", "c", "--mutual"], ["--tls", "--certfile", "c", "--tls-dir", "d"],
        ["--tls", "--mutual", "-C", "a"], ["--journal", ""],
    )),
    ["-H", "h", "serve"],
    ["-P", "0", "serve", "--tls"],
    *(["agent", "-T", "none", "--threshold", value] for value in (
        "cpu=0.9:0.95", "load=3:", "memory=:<1", "swap=<0.5:0.1", "swap=<0.1:0.5", "disk /=0.95:0.9", "temperature=off",
        "disk *=1:2", "io=1:2", "network=1:2", "network * errors=1:", "n*=1:", "load=:", "load=x:1", "load=nan:1", "load=1",
        "=1:2", "cpu", "disk=1e1:inf",
    )),
    ["agent", "--interval", "0.05", "--count", "0", "--event-host", "h", "-t", "a", "--tag", "b", "--echo"],
    ["agent", "--interval", "0.049"],
    ["agent", "--event-host", ""],
    *(["bench", *rest] for rest in (
        [], ["--events", "10"], ["--seconds", "0.5", "--events", "1"], ["--batch", "100", "--window", "10", "--connections", "2", "--threads", "2"],
        ["--threads", "2"], ["--batch", "100000", "--window", "1000000"], ["--events", "0"], ["--connections", "1001"],
    )),
    ["ping", "--count", "0", "--interval", "0.001"],
    ["ping", "-c", "18446744073709551616"],
    ["-T", "udp", "ping"],
    ["-T", "none", "ping"],
    *(["query", "true", "--output", form] for form in ("json", "ndjson", "table", "csv", "yaml")),
    ["query"],
    ["query", "service", "=", "x"],
    *(["completion", shell] for shell in ("bash", "zsh", "fish", "tcsh")),
    ["completion"],
    ["man"],
    ["help"],
    *(["help", command] for command in ("send", "query", "ping", "serve", "agent", "bench", "completion", "man", "help", "sned")),
    *([command, "--help"] for command in ("send", "query", "ping", "serve", "agent", "bench")),
    *(["send", *rest] for rest in (
        [], ["--stdin"], ["--echo", "--no-echo"], ["--format", "csv"], ["--stdin", "--echo"], ["--reject-file", "r", "-s", "a"],
        ["--stdin", "--reject-file", "", "--no-echo"], ["--time", "1", "--time-micros", "2"], ["--host", "h", "--time-micros", "-1"],
        ["--attr", "state=x"], ["--attr", "=x"], ["--attr", "x"], ["-S", "a", "-m", "--", "-5"], ["-m", "-5"], ["-m"], ["-s", "\xff"],
        ["-m", "1e400"], ["-m", "1e-400"], ["-l", "-1"], ["-l", "1e39"], ["-l", "nan"], ["extra", "-s", "a"], ["-x"], ["--metric=", "-s", "a"],
        *(["--stdin", "--format", form] for form in ("ndjson", "csv", "metrics", "xml")),
        *(["-m", number, "--metric-type", form] for form in ("auto", "int", "double", "float", "long") for number in ("42", "42.5", "1e39", "NaN")),
    )),
    *(["-T", transport, *rest, "send", "-s", "a"] for transport, rest in (
        ("tls", []), ("tls", ["--keyfile", "k"]), ("tls", ["--certfile", "c"]), ("tls", ["--tls-min-version", "1.2"]),
        ("tls", ["--tls-min-version", "1.1"]), ("tls", ["--tls-server-name", ""]), ("tcp", ["--ca-certs", "a"]), ("udp", []),
        ("none", ["--insecure-skip-verification"]), ("sctp", []),
    )),
    *(["--timeout", time, "ping"] for time in ("0.0001", "3155760000", "1e3", "-1", "x", "0.0015", "1e400", "1.")),
    ["-T", "tls", "--ca-certs", "a", "--certfile", "c", "--keyfile", "k", "--tls-min-version", "1.3", "--tls-server-name", "n", "--insecure-skip-verification", "ping"],
    ["qurey", "x"],
    ["send", "--servce", "x"],
    ["--config", "f", "--timeout=0", "ping"],
]
# Host, port and transport as the environment has them.
SURROUNDINGS = [("h", "5556", "tls"), ("[::1]", "0", "udp"), ("", "x", ""), ("h:5555", "65536", "none")]
VALUES = ["state=x", "=", "a=", "a=\u00e9=", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "99999999999999999999",
          "0", "-0", "00", "1e308", "1e309", "1e-320", "0.0005", "0.05", "31557600000", "-1.9999999", "-1.0000001", "1.", ".5", "1e5", "+5",
          "[::1", "::1%lo", "127.0.0.1", "a.b", "a b", "[h]", "::ffff:1.2.3.4", "fe80::1%eth0", "\u0085", "\u00a0", "\x7f", "a\n\rb\n",
          "42", "-42", "0.5", "1e-3", "NaN", "-Infinity", "9223372036854775808", "1700000000.25", "-0.0000001",
          "3155760000", "65535", "65536", "[::1]", "localhost:5555", "env=prod", "caf\u00e9", "a b\tc\r\nd", "+.5"]

NDJSON = [
    '{"host": "h", "service": "s", "state": "ok", "description": "d\\n\\u00e4", "metric": 1.5, "tags": ["a"], "ttl": 60.0}\n'
    '{"metric": -42, "time": 1700000000, "time_micros": 1700000000250000, "attributes": {"k": "v", "l": null}}\n',
    '[\n  {"metric": "NaN", "host": null},\n  {}\n]\n',
    *(f'{{"{key}": {value}}}\n' for key, values in (
        ("metric", ("true", '"Infinity"', '"-Infinity"', '"x"', "9223372036854775808", "-9223372036854775808", "1e-400", "[1]", "{}")),
        ("ttl", ("-1", "0", "1e39", '"60"', "1e-50", "60")),
        ("time", ("1700000000.25", "-1", "1e3", '"2026-01-01T00:00:00Z"', "1e18", "9223372036854775807", "0.0000001")),
        ("time_micros", ("1.5", "-1", "null", "9223372036854775808")),
        ("tags", ("[]", "null", '"a"', '["a", 1]', '["a", null]', '["a", ["b"]]', '[{"a": 1}]')),
        ("attributes", ("null", "[]", '{"a": 1}', '{"a": true}', '{"a": 1.5}', '{"a": {"b": "c"}}', '{"a": ["b"]}', '{"state": "x"}', '{"": "x"}', '{"a": "b", "a": "c"}')),
        ("host", ("1", "true", '"\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '["a"]', '{"a": "b"}', "nul")),
        ("servcie", ("1", '"a"', "null", "[1]", '{"a": 1}')),
        ("", ("1",)), ("time\\u0041", ("1",)),
    ) for value in values),
    '{"host": "a", "host": "b"}\n{"time": 1, "time_micros": 1000000}\n{"time": 1, "time_micros": 2000000}\n',
    '{"a\n', "[]\n", "[{}]\n", "[{},\n{}]\n", "1\n", "null\n", '"a"\n', "{} {}\n", "{},\n", ",\n", "]\n", "[\n", "{", "\ufeff{}\n", "{\"host\": \"a\x01\"}\n", "# a\n", "[1]\n",
    '{"metric": 1e999}\r\n\n{"time": 1.5}\n{"servce": true}\n{',
]
CSV = [
    'service,metric,tags,attributes.k,time,time_micros\n"a,""b\nc",42,x;y\\;z,v,,1700000000250000\n,,,"",7,\n',
    'host,ttl\r\nh,60.0\r\n"h"x,1\r\n',
    '1.5 ok\n-3\nall is well\n1e999 x\n',
    "cpu 1.5\nload 1 0.5 ok\n1\n\n  a  b  \nNaN\nx Infinity\n-1e5 warning\n9223372036854775808\n0x10\n5 \u00e9\n",
    *(f"{key}\n{value}\n" for key, values in (
        ("metric", ("", '""', "x", "NaN", "-Infinity", "1e999", "9223372036854775808", "0x1", "+1", " 1", "-0")),
        ("ttl", ("-1", "x", "1e39", "0")), ("time", ("1.5", "x", "-1", "1e3")), ("time_micros", ("1.5", "-1", "x", "9223372036854775808")),
        ("tags", ("a;b", "\\", "a\\;b;", ";", "\\x", '""')), ("attributes.", ("a",)), ("attributes.a", ('""', "", "\u00e9")),
        ("attributes.state", ("x",)), ("servcie", ("x",)), ("host,host", ("a,b",)), ("metric,,", ("1,,",)), ('"host"', ('"a"',)), ("host,state", ("a", "a,b,c")),
    ) for value in values),
    'host\n"a\n', 'host\n"a"b\n', 'host\na"b\n', '"ho\nst"\nx\n', "\ufeffhost\nx\n", "\n\nhost\n\nx\n", "host\r\rx\r\n", 'host\n"a""b"\n', "time,time_micros\n1,1000000\n1,2000000\n",
]
CONFIGS = [
    'host = "h"\nport = 5555 # a comment\n[send]\ntag = ["a", "b"]\nno-echo = true\n[query]\noutput = \'csv\'\n',
    '[send]\nservice = x\n[[agent]]\n[a.b]\nc=1\n',
    'send.tag = ["\u00e4", 1.50, # why\n  0xFF, -1_0e3, true, """\n\\u0041"""]\ntimeout = 0.5\n',
    'send.time = 1979-05-27T07:32:00Z\nquery = {output = "csv"}\n[serve]\nport = inf\nsink = false\n',
    # Of each kind of value, all forms; and what TOML does not have.
    *(f"send.metric = {value}\n" for value in (
        "+99", "-17", "1_000", "0xdead_beef", "0o755", "0b1101", "9223372036854775808", "0x", "1__0", "01", "-0",
        "3.14", "-0.01", "5e+22", "6.626e-34", "1.", ".5", "1e", "1e400", "-inf", "+nan", "true", "tru", "False",
        "07:32:00", "00:32:00.999999", "24:00:00", "1979-05-27", "1979-02-30", "1979-05-27 07:32:00.5-07:30",
        "1979-05-27T07:32:60Z", "1979-05-27T07:32:00+25:00", "{a = 1, b.c = [2]}", "{a = 1,}", "{", "[1, [2, {}],\n]",
        "[1 2]", "[", '"\\b\\t\\n\\f\\r\\"\\\\\\u00e9\\U0001F600"', '"\\x"', '"\\ud800"', '"\\uZZZZ"', '"', '"a\n"',
        '"""\na \\\n   b""c"""""', '"""', "'a\\b'", "'''\na'b''\n'''", "''''", "'a\tb'", "\x01", "?",
    )),
    "\ufeff# a\r\n'a b' = 1\r\n\"c\\u0041\".d = 2\r\n",
    "a.b = 1\na.b.c = 2\n", "a = 1\na = 2\n", "[a]\n[a]\n", "[a]\n[[a]]\n", "[[a]]\nb=1\n[[a]]\n[a.c]\n", "[a", "[]", "[[a]",
    "a", "a =", "= 1", "a = 1 b = 2", "a..b = 1", ".a = 1", '"""a""" = 1', "# \x00\n", "# \x7f\n", "a\u00e4 = 1",
]

# Of a section each, for the command of its name too.
COMMANDS = ["send", "query", "ping", "serve", "agent", "bench"]
SECTIONS = [
    ("send", "state", '"ok"'), ("send", "ttl", "60"), ("send", "attribute", '["a=b", "c="]'), ("send", "stdin", "true"),
    ("send", "metric-type", '"int"'), ("query", "watch", "1.5"), ("ping", "count", "2"), ("bench", "window", "10"),
    ("agent", "threshold", '["cpu=0.9:0.95"]'), ("agent", "interval", "1"), ("serve", "address", '"::1"'),
    ("serve", "mutual", "false"), ("serv", "port", "1"), ("send", "servce", "1"), ("send", "help", "true"),
    ("send", "time", "1700000000.25"), ("send", "time-micros", "1700000000250000"), ("send", "metric", "42.0"), ("send", "host", '"h"'),
    ("send", "no-echo", "true"), ("send", "echo", "true"), ("send", "format", '"csv"'), ("send", "reject-file", '"r"'),
    ("query", "output", '"table"'), ("query", "output", '["csv"]'), ("query", "QUERY", '"x"'), ("ping", "interval", "0.5"), ("ping", "count", "-1"),
    ("bench", "batch", "100"), ("bench", "connections", "2"), ("bench", "threads", "2"), ("bench", "events", "1e6"), ("bench", "seconds", "1.5"),
    ("agent", "tag", '["a", "b"]'), ("agent", "tag", "[]"), ("agent", "echo", "true"), ("agent", "event-host", '"h"'), ("agent", "count", "0"),
    ("serve", "port", "0"), ("serve", "port", "65536"), ("serve", "sink", "true"), ("serve", "tls", "true\nmutual = true"),
    ("serve", "tls", 'true\ncertfile = "c"\nkeyfile = "k"\nca-certs = "a"'), ("serve", "tls", 'true\ntls-port = 0\ntls-dir = "d"'), ("serve", "journal", '"j"'),
]

# A connection with all options as they come, then a few steps: see session_script.hpp.
PLAIN = bytes(15)
HOLD = b"\x03\x04\x01"
RELEASE = b"\x03\x04\x00"


def room_for_one(policy):
    return bytes([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, policy, 0, 0, 0, 0])


CONNECT = b"\x03\x07\x05\x02"
SESSIONS = [
    PLAIN + CONNECT + b"\x00\x00" + b"\x06\x00" + b"\x08\x05\x01",
    PLAIN + CONNECT + b"\x00\x03" + b"\x00\x01" + b"\x06\x00" + b"\x08\x04\x01" + b"\x06\x00" + b"\x08\x03\x01",
    PLAIN + CONNECT + b"\x00\x00" * 5 + b"\x06\x01\x09" + b"\x06\x03\x05\x02" + b"\x08\x01\x00\x00" + b"\x05\x00",
    PLAIN + b"\x00\x08" + b"\x05\x00\x01" + b"\x04\x01" + b"\x05\x02" + b"\x06\x00" + b"\x03\x01\x50" + b"\x08\x05\x01" + b"\x05\x00",
    # What users do comes together: among sends of which one makes way, acts keep their place.
    *(room_for_one(policy) + HOLD + b"\x00\x00" + b"\x03\x03" + b"\x00\x00" + b"\x03\x0b\x01" + b"\x00\x00" + b"\x03\x07" + RELEASE
      + b"\x05\x02" + b"\x06\x00" + b"\x08\x05\x01" for policy in range(4)),
    room_for_one(2) + CONNECT + b"\x00\x00" * 2 + HOLD + b"\x00\x00" + b"\x03\x01\x50" + b"\x00\x00" + RELEASE + b"\x06\x00" + b"\x08\x05\x01" + b"\x05\x00",
]


def main():
    directory = Path(sys.argv[1])
    for target, name, data in seeds():
        if len(data) <= LONGEST:
            place = directory / target
            place.mkdir(parents=True, exist_ok=True)
            (place / f"seed-{name}".replace("/", "_")).write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: seeds.py DIR")
    main()
