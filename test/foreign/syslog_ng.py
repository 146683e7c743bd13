"""The riemann destination of syslog-ng, which reads messages on its standard input."""

import json
import subprocess

from comparison import RECENT, TEXT, Client, Server, expect, now, program, version_of, with_time
from daemon import Daemon, own_directory

PACKAGES = ("syslog-ng-core", "syslog-ng-mod-riemann")

# One destination each: the ways, the kinds of metric, seconds and microseconds, and two
# messages in one batch.
CONFIGURATION = """
@version: 3.38
options {{ stats-freq(0); }};
source given {{ stdin(flags(no-parse)); }};
parser fields {{ json-parser(); }};
destination tcp {{ riemann(
  server("127.0.0.1") port({port}) type("tcp") persist-name("tcp") batch-lines(2)
  host("${{host}}") service("tcp ${{service}}") state("${{state}}") description("${{description}}")
  metric(int64("${{whole}}")) ttl("${{ttl}}") tags("one", "two") event-time("${{micros}}" microseconds)
  attributes(pair("k", "v of ${{service}}") pair("empty", ""))
); }};
destination udp {{ riemann(
  server("127.0.0.1") port({port}) type("udp") persist-name("udp")
  host("${{host}}") service("udp ${{service}}") state("${{state}}") description("${{description}}")
  metric(double("${{real}}")) ttl("${{ttl}}") event-time("${{seconds}}" seconds)
); }};
destination tls {{ riemann(
  server("127.0.0.1") port({tls_port}) persist-name("tls")
  type("tls" ca-file("{files}/ca.pem") cert-file("{files}/client.pem") key-file("{files}/client.key"))
  host("${{host}}") service("tls ${{service}}") state("${{state}}") description("${{description}}")
  metric("${{real}}") tags("one")
); }};
log {{ source(given); parser(fields); destination(tcp); destination(udp); destination(tls); }};
"""

GIVEN = [
    {"host": "box", "service": "first", "state": "ok", "description": TEXT, "whole": "-9223372036854775807",
     "real": "-0.1", "ttl": "600.5", "micros": f"{RECENT}123456", "seconds": f"{RECENT}"},
    {"host": "box", "service": "second", "state": "warning", "description": "", "whole": "9223372036854775807",
     "real": "1e300", "ttl": "60", "micros": f"{RECENT}123457", "seconds": f"{RECENT + 1}"},
]


def expected(way, micros_of_now):
    events = []
    for given in GIVEN:
        event = {name: given[name] for name in ("host", "state", "description") if given[name]}
        event["service"] = f"{way} {given['service']}"
        event["metric"] = int(given["whole"]) if way == "tcp" else float(given["real"])
        if way != "tls":
            event["ttl"] = float(given["ttl"])
        # Without any told, a message's own: the name of its source.
        event["tags"] = {"tcp": ["one", "two"], "udp": [".source.given"], "tls": ["one"]}[way]
        if way == "tcp":
            event["attributes"] = {"k": f"v of {given['service']}", "empty": ""}
        micros = {"tcp": int(given["micros"]), "udp": int(given["seconds"]) * 1_000_000, "tls": micros_of_now}
        events.append(with_time(event, micros[way]))
    return events


def check():
    command = program("syslog-ng", PACKAGES[0])
    client = Client("syslog-ng", "/".join(dict.fromkeys(version_of(package) for package in PACKAGES)))
    with Server("--tls", "--mutual") as server, own_directory() as where:
        with open(f"{where}/configuration", "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(port=server.port, tls_port=server.tls_port, files=server.certificates).lstrip())
        with Daemon(command, "--foreground", "--no-caps", "--stderr", f"--cfgfile={where}/configuration",
                    f"--persist-file={where}/persist", f"--pidfile={where}/pid", f"--control={where}/control",
                    where=where, stdin=subprocess.PIPE) as daemon:
            begin = now()
            for given in GIVEN:
                daemon.process.stdin.write(json.dumps(given).encode() + b"\n")
            daemon.process.stdin.flush()
            for way in ("tcp", "udp", "tls"):
                daemon.expect_alive()
                client.compare_index(server, expected(way, begin), way)
            daemon.process.stdin.close()
            daemon.ended()  # its only source has
        expect(len(server.query("true")) == 3 * len(GIVEN), "more than was sent:", server.query("true"))
    return client
