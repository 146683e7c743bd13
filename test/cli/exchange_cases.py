"""Send and query."""

import json
import socket
import time

from harness import (
    CANNOT_CONNECT,
    KEYS,
    OTHER,
    REJECTED,
    Server,
    Skipped,
    USAGE,
    case,
    expect,
    fail,
    has_ipv6,
    refusing,
    refusing_datagrams,
    succeed,
    wait_until,
)


@case
def send_when_everything_is_given_then_the_query_shows_it():
    with Server() as server:
        sent = server.send("-s", "svc", "-S", "ok", "-h", "box", "-d", "some words", "-t", "a", "-t", "b",
                           "-l", "1e9", "-T", "1700000000.123456", "-a", "k=v", "--attr", "x=", "-m", "42")
        expected = {
            "host": "box", "service": "svc", "state": "ok", "description": "some words", "metric": 42,
            "tags": ["a", "b"], "ttl": 1e9, "time": 1700000000, "time_micros": 1700000000123456,
            "attributes": {"k": "v", "x": ""},
        }
        expect(sent == expected, "the echo is", sent)
        found = server.query('service = "svc"')
        expect(found == [expected], "the index has", found)
        expect(set(found[0]) == KEYS, "the keys are", found[0].keys())


@case
def send_when_little_is_given_then_host_and_time_are_this_machines():
    before = time.time()
    with Server() as server:
        server.send("-s", "little")
        (found,) = server.query("true")
        expect(found["host"] == socket.gethostname(), "host is", found["host"])
        expect(before - 1 < found["time_micros"] / 1e6 < time.time() + 1, "time is", found["time_micros"])
        expect(set(found) <= {"host", "service", "time", "time_micros", "ttl"}, "more than was sent:", found)


@case
def metric_when_integer_or_decimal_then_keeps_its_kind():
    with Server() as server:
        for given, shown in (("42", "42"), ("42.0", "42.0"), ("-5", "-5"), ("-.5", "-0.5"), ("1e3", "1000.0"),
                             ("9223372036854775807", "9223372036854775807"), ("NaN", '"NaN"'),
                             ("-Infinity", '"-Infinity"')):
            server.send("-s", "m", "-m", given)
            text = succeed("-H", "127.0.0.1", "-P", server.port, "query", 'service = "m"')
            expect(f'"metric": {shown}' in text, "metric", given, "is shown as", text)
        server.send("-s", "m", "-m", "42")
        expect(len(server.query("metric = 42")) == 1, "42 is no integer")
        expect(len(server.query("metric = 42.0")) == 0, "42 is a double")


@case
def query_when_many_match_then_sorted_and_one_a_line():
    with Server() as server:
        expect(succeed("-P", server.port, "-H", "127.0.0.1", "query", "true") == "[]\n", "not empty")
        for host, service in (("b", "y"), ("a", "z"), ("b", "x"), ("a", "a")):
            server.send("-h", host, "-s", service)
        text = succeed("query", "true", "-P", server.port, "-H", "127.0.0.1")
        expect(len(text.splitlines()) == 6, "not one event a line:", text)
        found = [(e["host"], e["service"]) for e in json.loads(text)]
        expect(found == sorted(found) and len(found) == 4, "not sorted:", found)


def frame(service):
    """One event with that service, description and tag, whatever their bytes are."""
    event = b"".join(bytes([number << 3 | 2, len(service)]) + service for number in (3, 5, 7))
    message = bytes([6 << 3 | 2, len(event)]) + event
    return len(message).to_bytes(4, "big") + message


@case
def query_when_text_is_not_utf8_then_still_json():
    with Server() as server:
        with socket.create_connection(("127.0.0.1", int(server.port))) as other:
            other.sendall(frame(b'a"\\\n\xff\xc3\xa4'))
            expect(other.recv(100)[4:] == b"\x10\x01", "not acknowledged")
        (found,) = server.query("true")
        expect(found["service"] == found["description"] == found["tags"][0] == 'a"\\\n\ufffd\u00e4', found)


@case
def send_when_text_is_not_utf8_then_refused_and_nothing_is_sent():
    with Server() as server:
        common = ("-H", "127.0.0.1", "-P", server.port)
        for option in ("-s", "-S", "-h", "-d", "-t"):
            fail(USAGE, *common, "send", option, b"a\xff", saying="' is not UTF-8")
        fail(USAGE, *common, "send", "-a", b"k=\xff", saying="--attribute 'k=\ufffd' is not UTF-8")
        fail(USAGE, *common, "query", b'state = "\xff"', saying="QUERY")
        fail(USAGE, *common, "agent", "--tag", b"\xff", saying="--tag")
        fail(USAGE, *common, "agent", "--tag", "", saying="--tag '' is empty")
        fail(USAGE, *common, "agent", "--event-host", "", saying="--event-host '' is empty")
        expect(server.query("true") == [], "something was sent")


@case
def query_when_malformed_then_exit_code_4_and_the_servers_text():
    with Server() as server:
        sentence = fail(REJECTED, "-H", "127.0.0.1", "-P", server.port, "query", "state = ", saying="rejected the query")
        expect(len(sentence) < 300, "long-winded:", sentence)


@case
def send_when_no_echo_then_prints_nothing():
    with Server() as server:
        expect(succeed("-P", server.port, "-H", "127.0.0.1", "send", "--no-echo", "-s", "x") == "", "it printed")
        expect(len(server.query("true")) == 1, "it did not send")


@case
def environment_when_set_then_used_and_options_win():
    with Server() as server:
        env = {"RIEMANN_HOST": "127.0.0.1", "RIEMANN_PORT": server.port}
        succeed("send", "-s", "x", env=env)
        expect(len(json.loads(succeed("query", "true", env=env))) == 1, "the event is missing")
        with refusing() as port:
            fail(CANNOT_CONNECT, "-P", port, "query", "true", env=env)
            succeed("-P", server.port, "query", "true", env={**env, "RIEMANN_PORT": port})


@case
def ipv6_when_there_is_any_then_with_and_without_brackets():
    if not has_ipv6():
        raise Skipped("this machine has no IPv6")
    with Server("--address", "::1") as server:
        expect(server.address == "[::1]", "ready says", server.address)
        for host in ("::1", "[::1]"):
            succeed("-H", host, "-P", server.port, "query", "true")


@case
def transport_udp_when_given_then_events_arrive_and_a_query_is_refused():
    with Server() as server:
        common = ("-H", "127.0.0.1", "-P", server.port, "-T", "udp")
        event = json.loads(succeed(*common, "send", "-s", "by datagram", "-m", "1"))
        expect(event["service"] == "by datagram", event)
        succeed(*common, "agent", "--count", "1", "--interval", "900", "--event-host", "box")
        # Over TCP a query sees what came before it; over UDP it may be on its way yet.
        wait_until(lambda: len(server.query('service = "by datagram"')) == 1, "the datagram is missing")
        wait_until(lambda: len(server.query('host = "box" and service = "load"')) == 1, "the agent's is missing")
        fail(USAGE, *common, "query", "true", saying="udp brings none")
        fail(OTHER, *common, "send", "-d", "x" * 20_000, saying="give -T tcp")
    with refusing_datagrams() as port:
        fail(CANNOT_CONNECT, "-H", "127.0.0.1", "-P", port, "-T", "udp", "send", "-s", "x",
             saying=f"cannot connect to 127.0.0.1:{port}: Connection refused")


@case
def transport_none_when_given_then_no_server_is_needed():
    with refusing() as port:
        common = ("-H", "127.0.0.1", "-P", port, "-T", "none")
        event = json.loads(succeed(*common, "send", "-s", "dry", "-m", "1"))
        expect(event["service"] == "dry" and event["metric"] == 1, event)
        lines = succeed(*common, "agent", "--count", "1", "--interval", "0.05").splitlines()
        expect("load" in {json.loads(line)["service"] for line in lines}, "no load:", lines)


@case
def transport_none_when_an_answer_is_needed_then_refused_with_the_remedy():
    for command in (("query", "true"), ("query", "true", "--watch", "1"), ("ping",)):
        fail(USAGE, "-T", "none", *command, saying="with -T none nobody is asked; give -T tcp")
        fail(USAGE, *command, env={"RIEMANN_TRANSPORT": "none"}, saying="needs an answer")
