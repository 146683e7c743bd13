"""What the figures are to be, and by how much they are not."""

from dataclasses import dataclass, field
from statistics import median

from . import cipher
from .figures import of, ratios, spread
from .measures import ANSWER, BATCH, COUNTS, THREADS, WINDOW, WINDOWS

FLAT = 1.15  # the largest over the least
OVER_TLS = 0.6  # of plain TCP
NEAR = 0.9  # so much of what a cap allows is all that can be asked


@dataclass(frozen=True)
class Goal:
    """`values`: one a round; none: it could not be measured, and `instead` says why.
    `caps`, one a round: what is possible at most, `cap` says by what."""

    measure: str
    what: str
    limit: float
    at_least: bool
    values: list
    instead: str = ""
    caps: list = field(default_factory=list)
    cap: str = ""

    def target(self):
        return f"{'>=' if self.at_least else '<='} {self.limit:g}"

    def verdict(self):
        if not self.values:
            return f"not measured: {self.instead}"
        found = median(self.values)
        if found >= self.limit if self.at_least else found <= self.limit:
            return "met"
        missed = f"missed by {abs(found / self.limit - 1):.0%}"
        if not self.caps:
            return missed
        allowed = median(self.caps)
        if allowed < self.limit and found >= NEAR * allowed:
            return f"capped by {self.cap}, which allows {allowed:.2f}"
        return f"{missed}, where {self.cap} allows {allowed:.2f}"

    def found(self):
        return spread(self.values).text() if self.values else "-"


NO_PEER = "riemann-c-client was not found"


def judge(taken, system_calls):
    """Every goal whose measure was taken, in their order."""
    goals = []
    for name, judged in _BY_MEASURE.items():
        if name in taken:
            goals += judged(taken[name])
    if system_calls is not None:
        goals.insert(_behind(goals, "one"), _calls(system_calls))
    return goals


def _behind(goals, measure):
    return max((i + 1 for i, g in enumerate(goals) if g.measure == measure), default=len(goals))


def _best(runs, names):
    """Of several subjects the fastest; nothing without the peer."""
    there = [runs[n] for n in names if n in runs]
    return max(there, key=lambda r: median(of(r, "rate"))) if there else None


def _against(measure, what, limit, ours, peer, field="rate"):
    values = ratios(ours, peer, field) if peer else []
    return Goal(measure, what, limit, True, values, NO_PEER)


def _window(runs):
    peer = _best(runs, ("C client", "C client, event made anew"))
    floor, encode = runs["floor"], runs["direct encode"]
    goals = [
        _against("window", f"{kind}: messages/s at window {WINDOW:,}, to the C client's, "
                 "pipelined by its API", limit, runs[kind], peer)
        for kind, limit in (("callbacks", 15), ("coroutines", 12))
    ]
    least = [e + f for e, f in zip(of(encode, "cpu_ns"), of(floor, "cpu_ns"))]
    for kind, limit in (("callbacks", 2.0), ("coroutines", 2.5)):
        values = [cpu / base for cpu, base in zip(of(runs[kind], "cpu_ns"), least)]
        goals.append(Goal("window", f"{kind}: client CPU a message, to direct encode + floor",
                          limit, False, values))
    return goals


def _batches(runs):
    made = runs["callbacks, built from events"]
    gathered = [Goal("batches", f"batch client, {how}: events/s, to hand-made batches of {BATCH}", limit,
                     True, ratios(runs[f"batch client, {how}"], made, "rate"))
                for how, limit in (("posts", 0.8), ("every event awaited", 0.5))]
    return [_against("batches", f"batches of {BATCH}: events/s, to the C client's batches of {BATCH}, "
                     f"{how}", 12, runs[f"callbacks, {ours}"], runs.get(f"C client, {theirs}"))
            for how, ours, theirs in (
                ("each event made anew by both", "each event made anew", "each event made anew"),
                ("of events that are there already by both", "built from events",
                 "one batch encoded again"))] + gathered


def _one(runs):
    values = ratios(runs["callbacks"], runs["raw epoll ping-pong"], "cpu_ns")
    return [Goal("one", "one at a time: client CPU a round trip, to the raw epoll ping-pong", 1.25,
                 False, values)]


def _calls(found):
    values = [found["callbacks"] / found["raw epoll ping-pong"]] if found else []
    return Goal("one", "one at a time: system calls a round trip, to the raw epoll ping-pong", 1.25,
                False, values, "strace could not count them")


def _threads(runs):
    base = runs[f"{THREADS[0]} submitting"]
    return [Goal("threads", f"{n} submitting threads: messages/s, to one's", 0.8, True,
                 ratios(runs[f"{n} submitting"], base, "rate")) for n in THREADS[1:]]


def _udp(runs):
    """By what arrived, where the server counts it: what is lost was not sent fast."""
    what = "UDP with coalescing: events/s that arrive, to the C client's over UDP"
    ours, peer = runs["callbacks, coalesced"], runs.get("C client")
    values = [_arriving(a) / _arriving(b) for a, b in zip(ours, peer)] if peer else []
    return [Goal("udp", what, 20, True, values, NO_PEER)]


def _arriving(run):
    sent = run["messages"] * run["events"]
    part = run["arrived"] / sent if run.get("arrived") is not None else 1
    return run["rate"] * run["events"] * part


def cipher_caps(runs, plain):
    """Round by round the share of plain TCP's rate that is left if TLS costs no more than
    the cipher itself, of both sides: at a full window they do not work at the same time,
    as the one waits for what the other has, and may share the cores besides."""
    caps = []
    for told, base in zip(runs, plain):
        if "cipher_ns_a_byte" in told:
            ns = 1e9 / base["rate"]
            caps.append(ns / (ns + 2 * cipher.nanoseconds_a_message(told)))
    return caps


def _tls(runs):
    what = f"TLS 1.3: messages/s at window {WINDOW:,}, to plain TCP's"
    if "TLS 1.3" not in runs:
        return [Goal("tls", what, OVER_TLS, True, [], "the server does not speak TLS")]
    ours, plain = runs["TLS 1.3"], runs["TCP"]
    return [Goal("tls", what, OVER_TLS, True, ratios(ours, plain, "rate"),
                 caps=cipher_caps(ours, plain), cap=f"the cipher, {ours[0]['cipher']},")]


def _flat(measure, what, values, instead):
    found = [max(values) / min(values)] if values else []
    return Goal(measure, what, FLAT, False, found, instead)


def _cost(runs):
    there = all(f"{n:,} messages" in runs for n in COUNTS)
    values = [median(of(runs[f"{n:,} messages"], "cpu_ns")) for n in COUNTS] if there else []
    return [_flat("cost", f"client CPU a message at {COUNTS[0]:,} to {COUNTS[-1]:,} messages: "
                  "the largest over the least", values, "not every count fits the time")]


def _windows(runs):
    there = all(f"callbacks, {n:,}" in runs for n in WINDOWS)
    values = [median(ratios(runs[f"callbacks, {n:,}"], runs[f"floor, {n:,}"], "cpu_ns"))
              for n in WINDOWS] if there else []
    return [_flat("windows", f"client CPU a message to the floor's, at windows {WINDOWS[0]:,} to "
                  f"{WINDOWS[-1]:,}: the largest over the least", values, "")]


def _decode(runs):
    peer = runs.get("C client")
    what = f"answer of {ANSWER:,} events"
    return [_against("decode", f"{what}: views, to the C client's decoding", 3, runs["views"], peer),
            _against("decode", f"{what}: to_events(), to the C client's decoding", 1,
                     runs["to_events()"], peer)]


_BY_MEASURE = {"window": _window, "batches": _batches, "one": _one, "threads": _threads, "udp": _udp,
               "tls": _tls,
               "cost": _cost, "windows": _windows, "decode": _decode}

