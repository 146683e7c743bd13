"""The write_riemann plugin of collectd, which is told values and a notification through
its socket, and compares the values with thresholds."""

import grp
import os
import socket
import time

import harness
from comparison import Client, Server, expect, program, version_of, with_time
from daemon import Daemon, own_directory

PACKAGE = "collectd-core"

TYPES = """
level value:GAUGE:U:U
derived value:DERIVE:U:U
counted value:COUNTER:U:U
absolute value:ABSOLUTE:0:U
two rx:DERIVE:0:U, fill:GAUGE:U:U
"""

# Numbers as they are by TCP, where thresholds make the states; by UDP the sources' names are
# always appended; by TLS they are rates, in batches.
CONFIGURATION = """
Hostname "collector"
FQDNLookup false
BaseDir "{where}"
PIDFile "{where}/pid"
TypesDB "{where}/types"
Interval 10
LoadPlugin logfile
<Plugin logfile>
  File "stderr"
</Plugin>
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "{where}/socket"
  SocketGroup "{group}"
</Plugin>
LoadPlugin threshold
<Plugin threshold>
  <Type "level">
    WarningMax 100
    FailureMax 200
    Persist false
  </Type>
</Plugin>
LoadPlugin write_riemann
<Plugin write_riemann>
  <Node "tcp">
    Host "127.0.0.1"
    Port "{port}"
    Protocol TCP
    Batch false
    StoreRates false
    CheckThresholds true
    EventServicePrefix "tcp "
  </Node>
  <Node "udp">
    Host "127.0.0.1"
    Port "{port}"
    Protocol UDP
    StoreRates false
    AlwaysAppendDS true
    TTLFactor 4.0
    Notifications false
    EventServicePrefix "udp "
  </Node>
  <Node "tls">
    Host "127.0.0.1"
    Port "{tls_port}"
    Protocol TLS
    TLSCAFile "{files}/ca.pem"
    TLSCertFile "{files}/client.pem"
    TLSKeyFile "{files}/client.key"
    StoreRates true
    Notifications false
    EventServicePrefix "tls "
  </Node>
  Tag "one"
  Tag "two"
  Attribute "k" "v"
</Plugin>
"""

INTERVAL = 1000  # seconds; twice or four times that is the ttl
BEGIN = int(time.time()) - INTERVAL
HALF = 500_000  # microseconds


class Source:
    """What a value comes from. Its identity is told in the service and in attributes."""

    def __init__(self, type_, kind, *sources, instance="", type_instance=""):
        self.type, self.kind, self.sources = type_, kind, sources or ("value",)
        self.instance, self.type_instance = instance, type_instance

    def name(self):
        return (f"plugin{'-' if self.instance else ''}{self.instance}/"
                f"{self.type}{'-' if self.type_instance else ''}{self.type_instance}")

    def event(self, way, index, metric, micros, **more):
        kind = self.kind[index]
        appended = f"/{self.sources[index]}" if way == "udp" or len(self.sources) > 1 else ""
        attributes = {"plugin": "plugin", "type": self.type, "ds_name": self.sources[index], "ds_index": str(index),
                      "ds_type": kind + (":rate" if way == "tls" and kind != "gauge" else ""), "k": "v"}
        if self.instance:
            attributes["plugin_instance"] = self.instance
        if self.type_instance:
            attributes["type_instance"] = self.type_instance
        return with_time({"host": "box", "service": f"{way} {self.name()}{appended}", "metric": metric,
                          "ttl": INTERVAL * (4.0 if way == "udp" else 2.0), "tags": ["one", "two"], "attributes": attributes,
                          **more}, micros)


LEVEL = Source("level", ["gauge"], instance="i", type_instance="x")
HIGH = Source("level", ["gauge"], instance="high")
TOO_HIGH = Source("level", ["gauge"], instance="too high")
DERIVED = Source("derived", ["derive"])
COUNTED = Source("counted", ["counter"], type_instance="y")
ABSOLUTE = Source("absolute", ["absolute"])
TWO = Source("two", ["derive", "gauge"], "rx", "fill")

# First values, and those an interval later: rates need two.
VALUES = [
    (LEVEL, ("42.5",), ("-0.125",)),
    (HIGH, ("150",), ("150",)),
    (TOO_HIGH, ("250",), ("250",)),
    (DERIVED, ("-30",), ("2470",)),
    (COUNTED, ("7",), ("2007",)),
    (ABSOLUTE, ("9",), ("4000",)),
    (TWO, ("1000", "0.25"), ("1500", "0.75")),
]
RATES = {DERIVED: 2.5, COUNTED: 2.0, ABSOLUTE: 4.0}
STATES = {LEVEL: "ok", HIGH: "warning", TOO_HIGH: "critical"}


def expected(way):
    events = []
    for source, _, values in VALUES:
        for index, value in enumerate(values):
            if source.kind[index] == "gauge":
                metric = float(value)
            elif way == "tls":
                metric = RATES.get(source, 0.5)
            else:
                metric = int(value)
            more = {"state": STATES[source]} if way == "tcp" and source in STATES else {}
            events.append(source.event(way, index, metric, (BEGIN + INTERVAL) * 1_000_000 + HALF, **more))
    return events


NOTICE = (f'PUTNOTIF severity=failure time={BEGIN}.500 host=box plugin=notice plugin_instance=i type=level '
          'type_instance=z s:reason=none message="it is gr\u00f6\u00dfer"')
NOTICED = with_time(
    {"host": "box", "service": "notice-i/level-z", "state": "critical", "description": "it is gr\u00f6\u00dfer",
     "tags": ["notification", "one", "two"],
     "attributes": {"plugin": "notice", "plugin_instance": "i", "type": "level", "type_instance": "z",
                    "reason": "none", "k": "v"}}, BEGIN * 1_000_000 + HALF)


class Told:
    """Its socket: each command is answered before the next."""

    def __init__(self, daemon, path):
        def connected():
            daemon.expect_alive()
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(harness.PATIENCE)
            if self._socket.connect_ex(path) == 0:
                return True
            self._socket.close()
            return False

        harness.wait_until(connected, "its socket does not open")
        self._stream = self._socket.makefile("rw", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()
        self._socket.close()

    def tell(self, command):
        self._stream.write(command + "\n")
        self._stream.flush()
        answer = self._stream.readline()
        expect(answer.startswith("0 "), command, "was answered:", answer)

    def put(self, source, seconds, values):
        self.tell(f'PUTVAL "box/{source.name()}" interval={INTERVAL} {seconds}.5:{":".join(values)}')


def configure(where, server):
    group = grp.getgrgid(os.getgid()).gr_name
    with open(f"{where}/types", "w", encoding="utf-8") as file:
        file.write(TYPES)
    with open(f"{where}/configuration", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(where=where, group=group, port=server.port, tls_port=server.tls_port,
                                        files=server.certificates))


def await_values(server, way, seconds):
    """Until all of that time are there: it writes by several threads, in no order."""
    text = f'service =~ "{way} %" and time > {seconds}'
    awaited = len(expected(way))
    harness.wait_until(lambda: len(server.query(text)) == awaited, f"by {way} not all {awaited} values came")


def tell_values(told, server, seconds, which):
    for source, *values in VALUES:
        told.put(source, seconds, values[which])
    for way in ("tcp", "udp"):
        await_values(server, way, seconds)
    told.tell("FLUSH")  # what is kept for a batch
    await_values(server, "tls", seconds)


def mended(version, built):
    """What is preloaded into the version that needs it."""
    if not version.startswith("5.12."):
        return {}
    library = os.path.join(built, "libforeign-ends-arguments.so")
    expect(os.path.exists(library), "what mends it was not built: apt-get install libriemann-client-dev, "
           "and configure anew")
    return {"LD_PRELOAD": library}


def check(built):
    command = program("collectd", PACKAGE)
    version = version_of(PACKAGE)
    env = mended(version, built)
    client = Client("collectd", version + (" (one of its calls mended)" if env else ""))
    with Server("--tls", "--mutual") as server, own_directory() as where:
        configure(where, server)
        with Daemon(command, "-f", "-C", f"{where}/configuration", where=where, env=env) as daemon:
            with Told(daemon, f"{where}/socket") as told:
                tell_values(told, server, BEGIN, 0)
                tell_values(told, server, BEGIN + INTERVAL, 1)
                told.tell(NOTICE)
            for way in ("tcp", "udp", "tls"):
                client.compare_index(server, expected(way), way)
            text = 'service = "notice-i/level-z"'
            harness.wait_until(lambda: server.query(text), "the notification is missing")
            client.compare_all([NOTICED], server.query(text), "notification")
            daemon.expect_alive()
            # It is killed: 5.12 locks a lock twice when it ends this plugin.
    return client
