"""riemann-client, the command of riemann-c-client."""

import json

from comparison import REFUSED_QUERY, TEXT, Client, Server, as_float, expect, now, program, run, version_of, with_time

PACKAGE = "riemann-c-client"


def flag_of(server, way):
    if way != "tls":
        return [{"tcp": "-T", "udp": "-U"}[way]], server.port
    files = {"cafile": "ca.pem", "certfile": "client.pem", "keyfile": "client.key"}
    options = [word for name, file in files.items() for word in ("-o", f"{name}={server.certificates}/{file}")]
    return ["-G", *options], server.tls_port


def send(command, server, way, service, *arguments):
    flags, port = flag_of(server, way)
    done = run(command, "send", *flags, "-S", f"{way} {service}", *arguments, "127.0.0.1", port)
    expect(done.returncode == 0, f"{way} {service}:", done.stderr)


def send_all(command, server, way):
    """Every field it has, and each kind of metric; returns what is to be in the index."""
    own = {"x-client": PACKAGE}
    cases = {
        "all fields": (
            ["-s", "ok", "-h", "box", "-D", TEXT, "-t", "one", "-t", "two", "-a", "k=v", "-a", "empty=", "-L", "600.5"],
            {"state": "ok", "host": "box", "description": TEXT, "tags": ["one", "two"], "ttl": 600.5,
             "attributes": {**own, "k": "v", "empty": ""}},
        ),
        "least": (["-i", "-9223372036854775808"], {"metric": -(2**63)}),
        "greatest": (["-i", "9223372036854775807"], {"metric": 2**63 - 1}),
        "double": (["-d", "0.1"], {"metric": 0.1}),
        "float": (["-f", "0.1"], {"metric": as_float(0.1)}),
        "nothing": ([], {}),
    }
    expected = []
    for service, (arguments, fields) in cases.items():
        event = with_time({"service": f"{way} {service}", "attributes": own, **fields}, now())
        send(command, server, way, service, *arguments)
        expected.append(event)
    return expected


def of_answer(event):
    """One of its own JSON, as riemann-cli shows it. Beside its kind a metric comes as a float, too."""
    for kind in ("metric_sint64", "metric_d", "metric_f"):
        if kind in event:
            event.setdefault("metric", event.pop(kind))
    return event


def query(command, server, way, text):
    flags, port = flag_of(server, way)
    done = run(command, "query", "-j", *flags, text, "127.0.0.1", port)
    expect(done.returncode == 0, way, "query:", done.stderr)
    return [of_answer(event) for event in json.loads(done.stdout)]


def check():
    command = program("riemann-client", PACKAGE)
    client = Client(PACKAGE, version_of(PACKAGE))
    with Server("--tls", "--mutual") as server:
        for way in ("tcp", "udp", "tls"):
            client.compare_index(server, send_all(command, server, way), way)
        for way in ("tcp", "tls"):
            text = 'service =~ "udp %"'
            client.compare_all(server.query(text), query(command, server, way, text), f"query over {way}")
        done = run(command, "query", REFUSED_QUERY, "127.0.0.1", server.port)
        expect(done.returncode != 0 and b"malformed query" in done.stderr, "a malformed query:", done)
        done = run(command, "send", "-G", "-S", "stranger", "127.0.0.1", server.tls_port)
        expect(done.returncode != 0, "no certificate, and yet it sent")
        expect(server.query('service = "stranger"') == [], "what a stranger sent was taken")
    return client
