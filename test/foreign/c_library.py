"""libriemann-client, the C library, by a program of ours: it sets fields that the command
does not, and sends several events in one message."""

import os

from comparison import RECENT, TEXT, Client, Server, as_float, expect, run, version_of, with_time

PACKAGE = "libriemann-client-dev"
AGES = 4e9  # seconds, which lie between 1970 and the ttl's end


def check(built):
    command = os.path.join(built, "foreign-c-library")
    expect(os.access(command, os.X_OK), f"it was not there to build with: apt-get install {PACKAGE}, and configure anew")
    client = Client("libriemann-client", version_of("libriemann-client0"))
    micros = RECENT * 1_000_000 + 123_456
    with Server("--tls", "--mutual") as server:
        files = [os.path.join(server.certificates, name) for name in ("ca.pem", "client.pem", "client.key")]
        for way, port in (("tcp", server.port), ("udp", server.port), ("tls", server.tls_port)):
            done = run(
                command, way, port, *files,
                "event", f"service={way} all fields", "host=box", "state=ok", f"description={TEXT}", "tag=one", "tag=two",
                "attribute:k=v", "attribute:empty=", "ttl=600.5", f"time_micros={micros}", "metric_sint64=-42",
                "event", f"service={way} seconds", f"time={RECENT}", "metric_d=-0.1",
                "event", f"service={way} before 1970", "time_micros=-2000000", f"ttl={AGES}", "metric_f=0.1",
                "event", f"service={way} float before double", f"time={RECENT}", "metric_f=1.5", "metric_d=2.5",
                "event", f"service={way} double before integer", f"time={RECENT}", "metric_d=2.5", "metric_sint64=3",
            )
            expect(done.returncode == 0, way, done.stderr)
            client.compare_index(server, [
                with_time({"service": f"{way} all fields", "host": "box", "state": "ok", "description": TEXT,
                           "tags": ["one", "two"], "attributes": {"k": "v", "empty": ""}, "ttl": 600.5,
                           "metric": -42}, micros),
                with_time({"service": f"{way} seconds", "metric": -0.1}, RECENT * 1_000_000),
                {"service": f"{way} before 1970", "time": -2, "time_micros": -2_000_000, "ttl": AGES, "metric": as_float(0.1)},
                with_time({"service": f"{way} float before double", "metric": 2.5}, RECENT * 1_000_000),
                with_time({"service": f"{way} double before integer", "metric": 3}, RECENT * 1_000_000),
            ], way)
    return client
