"""The measures: which subjects take turns in each."""

from dataclasses import dataclass
from statistics import median

from .subjects import Subject

WINDOW = 1_000
DATAGRAM = 16_384  # bytes: what a Riemann takes unless configured
BATCH = 100  # events in a message, and messages of them in the window
ANSWER = 10_000  # events in the answer to a query
THREADS = (1, 2, 4, 16)
COUNTS = (10_000, 100_000, 1_000_000, 10_000_000)
WINDOWS = (1_000, 10_000, 100_000)
CONNECTIONS = 300
SWEEP = (1, 10, 100, 1_000, 10_000)


@dataclass(frozen=True)
class Measure:
    name: str
    title: str
    subjects: tuple
    floor: str = ""  # the subject the others are compared with, of their own window if there are several
    peers: tuple = ()
    apart: tuple = ()  # subjects that are no messages sent: compared with nobody
    unit: str = "messages"
    floor_name: str = "the floor"

    def floor_of(self, name, runs):
        """The subject that one's ratios are to; nothing for itself or where there is none."""
        return self._other(name, [self.floor], runs)

    def peer_of(self, name, runs):
        """As above; of several peers the fastest."""
        return self._other(name, self.peers, runs)

    def _other(self, name, others, runs):
        rest = name.partition(", ")[2]
        there = [o for o in (*others, *(f"{o}, {rest}" for o in others)) if o in runs]
        if name in self.apart or not there:
            return None
        best = max(there, key=lambda o: median(r["rate"] for r in runs[o]))
        return None if best == name else best


def _window():
    told = {"window": WINDOW}
    return Measure(
        "window",
        f"Acknowledged single-event messages, window {WINDOW:,}",
        (
            Subject("floor", "bench-floor", "window", told),
            Subject("floor, unbounded", "bench-floor", "unbounded"),
            Subject("floor, encoding", "bench-floor", "encoding", told),
            Subject("callbacks", "bench-load", "callbacks", told),
            Subject("coroutines", "bench-load", "coroutines", told),
            Subject("C client", "bench-peer", "pipelined", told),
            Subject("C client, event made anew", "bench-peer", "pipelined", {**told, "fresh": True}),
            Subject("C client, answers read past its API", "bench-peer", "pipelined-raw", told),
            Subject("direct encode", "bench-codec", "encode"),
        ),
        floor="floor",
        peers=("C client", "C client, event made anew", "C client, answers read past its API"),
        apart=("direct encode",),
    )


def _batches():
    told = {"window": BATCH, "events": BATCH}
    return Measure(
        "batches",
        f"Batches of {BATCH} events, {BATCH} of them in the window",
        (
            Subject("floor", "bench-floor", "window", told),
            Subject("callbacks, built from events", "bench-load", "batches", told),
            Subject("callbacks, each event made anew", "bench-load", "fresh-batches", told),
            Subject("batch client, posts", "bench-load", "posts", told),
            Subject("batch client, every event awaited", "bench-load", "gathered", told),
            Subject("C client, each event made anew", "bench-peer", "pipelined",
                    {**told, "fresh": True}),
            Subject("C client, one batch encoded again", "bench-peer", "pipelined", told),
        ),
        floor="floor",
        peers=("C client, each event made anew", "C client, one batch encoded again"),
        unit="events",
    )


def _one():
    return Measure(
        "one",
        "One message at a time",
        (
            Subject("raw epoll ping-pong", "bench-floor", "ping-pong"),
            Subject("bare Asio ping-pong", "bench-asio", "ping-pong"),
            Subject("callbacks", "bench-load", "one"),
            Subject("C client", "bench-peer", "sync"),
        ),
        floor="raw epoll ping-pong",
        peers=("C client",),
    )


def _threads():
    told = {"window": WINDOW}
    ours = [
        Subject(f"{n} submitting", "bench-load", "threads", {**told, "threads": n}) for n in THREADS
    ]
    return Measure(
        "threads",
        f"Submitting threads beside the context's one, window {WINDOW:,} among them",
        (
            Subject("floor", "bench-floor", "window", told),
            *ours,
            Subject("C client", "bench-peer", "pipelined", told),
        ),
        floor="floor",
        peers=("C client",),
    )


def _udp():
    return Measure(
        "udp",
        "UDP",
        (
            Subject("floor, one datagram a call", "bench-floor", "udp"),
            Subject("callbacks", "bench-load", "udp", {"window": WINDOW}),
            Subject("callbacks, coalesced", "bench-load", "udp",
                    {"window": WINDOW, "coalesced": DATAGRAM}),
            Subject("C client", "bench-peer", "udp"),
        ),
        floor="floor, one datagram a call",
        peers=("C client",),
        unit="events",
    )


def _decode():
    told = {"events": ANSWER}
    return Measure(
        "decode",
        f"The answer to a query, {ANSWER:,} events",
        (
            Subject("views", "bench-codec", "views", told),
            Subject("to_events()", "bench-codec", "owning", told),
            Subject("C client", "bench-peer", "decode", told),
        ),
        peers=("C client",),
        unit="events",
    )


def _cost():
    told = {"window": WINDOW}
    ours = [
        Subject(f"{n:,} messages", "bench-load", "callbacks", told, messages=n,
                repeat=5 if n <= 100_000 else 1)
        for n in COUNTS
    ]
    return Measure(
        "cost",
        f"Cost against message count, window {WINDOW:,}",
        (
            Subject("floor", "bench-floor", "window", told),
            *ours,
            Subject("C client", "bench-peer", "pipelined", told),
        ),
        floor="floor",
        peers=("C client",),
    )


def _windows():
    subjects = []
    for n in WINDOWS:
        # Many windows' worth: the first one touches all the memory there is.
        many = max(1_000_000, 20 * n)
        subjects.append(Subject(f"floor, {n:,}", "bench-floor", "window", {"window": n}))
        subjects.append(Subject(f"callbacks, {n:,}", "bench-load", "callbacks", {"window": n},
                                messages=many))
    subjects.append(Subject("C client", "bench-peer", "pipelined", {"window": WINDOW}))
    return Measure("windows", "Cost against window", tuple(subjects), floor="floor", peers=("C client",))


def _latency():
    told = {"window": WINDOW}
    each = (
        Subject("floor, one at a time", "bench-floor", "ping-pong", latency=True),
        Subject("callbacks, one at a time", "bench-load", "one", latency=True),
        Subject("C client, one at a time", "bench-peer", "sync", latency=True),
        Subject(f"floor, window {WINDOW:,}", "bench-floor", "window", told, latency=True),
        Subject(f"callbacks, window {WINDOW:,}", "bench-load", "callbacks", told, latency=True),
        Subject(f"C client, window {WINDOW:,}", "bench-peer", "pipelined", told, latency=True),
    )
    return Measure("latency", "Latency", each, floor="floor", peers=("C client",))


def _sweep():
    subjects = []
    for n in SWEEP:
        told = {"window": n}
        subjects += [
            Subject(f"floor, {n:,}", "bench-floor", "window", told),
            Subject(f"callbacks, {n:,}", "bench-load", "callbacks", told),
            Subject(f"coroutines, {n:,}", "bench-load", "coroutines", told),
            Subject(f"C client, {n:,}", "bench-peer", "pipelined", told),
        ]
    return Measure("sweep", "Throughput against window", tuple(subjects), floor="floor",
                   peers=("C client",))


TLS_1_3 = {"transport": "tls", "tls-version": "1.3"}
TLS_1_2 = {"transport": "tls", "tls-version": "1.2"}


def _tls():
    told = {"window": WINDOW}
    return Measure(
        "tls",
        f"TLS: acknowledged single-event messages, window {WINDOW:,}, by callbacks",
        (
            Subject("TCP", "bench-load", "callbacks", told),
            Subject("TLS 1.3", "bench-load", "callbacks", {**told, **TLS_1_3}),
            Subject("TLS 1.2", "bench-load", "callbacks", {**told, **TLS_1_2}),
        ),
        floor="TCP",
        floor_name="TCP",
    )


def _handshakes():
    full = {"no-resumption": True}
    return Measure(
        "handshakes",
        "Connections one after the other: opened, used for a message, closed",
        (
            Subject("TCP", "bench-load", "connections", messages=CONNECTIONS),
            Subject("TLS 1.3", "bench-load", "connections", {**TLS_1_3, **full}, messages=CONNECTIONS),
            Subject("TLS 1.3, resumed", "bench-load", "connections", TLS_1_3, messages=CONNECTIONS),
            Subject("TLS 1.2", "bench-load", "connections", {**TLS_1_2, **full}, messages=CONNECTIONS),
            Subject("TLS 1.2, resumed", "bench-load", "connections", TLS_1_2, messages=CONNECTIONS),
        ),
        floor="TCP",
        floor_name="TCP",
        unit="connections",
    )


ALL = (_window(), _batches(), _one(), _threads(), _udp(), _tls(), _handshakes(), _decode(), _cost(),
       _windows(), _latency(), _sweep())
MICRO = "micro"  # google-benchmark's, which repeats by itself
NAMES = (*(m.name for m in ALL), MICRO)
