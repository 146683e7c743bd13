"""riemann-client for Ruby. It has no TLS of its own."""

import json
import subprocess
from pathlib import Path

from comparison import PATIENCE, RECENT, REFUSED_QUERY, TEXT, Client, Server, as_float, expect, now, program, version_of, with_time

PACKAGE = "ruby-riemann-client"
SCRIPT = str(Path(__file__).resolve().parent / "ruby_client.rb")


def ruby(way, server, *text, sent=""):
    done = subprocess.run([program("ruby", PACKAGE), SCRIPT, way, server.port, *text], input=sent, text=True,
                          capture_output=True, timeout=PATIENCE, encoding="utf-8")
    expect(done.returncode == 0, way, done.stderr)
    return done.stdout


def events(way):
    """Given to it, and expected. It takes attributes as fields that it does not know."""
    given = [
        {"service": "all fields", "host": "box", "state": "ok", "description": TEXT, "tags": ["one", "two"],
         "ttl": 600.5, "time": RECENT, "metric": -42, "k": "v", "number": 7},
        {"service": "least", "host": "box", "metric": -(2**63)},
        {"service": "greatest", "host": "box", "metric": 2**63 - 1},
        {"service": "double", "host": "box", "metric": 0.1},
        {"service": "float", "host": "box", "metric_f": 0.1},
        {"service": "long", "host": "box", "description": "x" * (15_000 if way == "udp" else 40_000)},
        {"service": "nothing", "host": "box"},
    ]
    expected = []
    for event in given:
        event["service"] = f"{way} {event['service']}"
        micros = event["time"] * 1_000_000 if "time" in event else now()
        kept = {name: event[name] for name in event if name not in ("time", "metric_f", "k", "number")}
        if "k" in event:
            kept["attributes"] = {"k": "v", "number": "7"}
        if "metric_f" in event:
            kept["metric"] = as_float(event["metric_f"])
        expected.append(with_time(kept, micros))
    return given, expected


def of_answer(event):
    """One that it got, as riemann-cli shows it; microseconds are unknown to it."""
    for kind in ("metric_sint64", "metric_d", "metric_f"):
        if kind in event:
            event.setdefault("metric", event.pop(kind))
    if "attributes" in event:
        event["attributes"] = {one["key"]: one["value"] for one in event["attributes"]}
    return event


def check():
    client = Client(PACKAGE, version_of(PACKAGE))
    with Server() as server:
        for way in ("tcp", "udp", "either", "message"):
            given, expected = events(way)
            ruby(way, server, sent=json.dumps(given))
            client.compare_index(server, expected, way)
        text = 'service =~ "either %"'
        kept = server.query(text)
        for event in kept:
            del event["time_micros"]
        client.compare_all(kept, [of_answer(e) for e in json.loads(ruby("query", server, text))], "query over tcp")
        refused = ruby("query", server, REFUSED_QUERY)
        expect("refused: malformed query" in refused, "a malformed query:", refused)
    return client
