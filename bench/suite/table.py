"""The results as Markdown."""

from . import cipher
from .figures import events_per_second, of, percentiles, ratios, spread

PERCENTILES = (50, 90, 99, 99.9, 100)


def _rows(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def _machine(told):
    return _rows(("machine", ""), [(name.replace("_", " "), str(value)) for name, value in told.items()])


def _goals(goals):
    rows = [(g.what, g.target(), g.found(), f"**{g.verdict()}**") for g in goals]
    return _rows(("what is measured", "goal", "found", "verdict"), rows)


def _ratio(runs, name, other, field):
    return spread(ratios(runs[name], runs[other], field)).text() if other else "-"


def _cpu(measure, runs):
    """Client CPU: a message's, or an event's where those are the unit."""
    each = [r["cpu_ns"] / (r["events"] if measure.unit == "events" else 1) for r in runs]
    return spread(each).text("{:,.0f}")


def _section(measure, runs, system_calls):
    rates = {n: events_per_second(r) if measure.unit == "events" else of(r, "rate")
             for n, r in runs.items()}
    header = ["subject", f"{measure.unit}/s", f"client CPU, ns a {measure.unit.removesuffix('s')}"]
    if measure.floor:
        header += [f"rate to {measure.floor_name}'s", f"CPU to {measure.floor_name}'s"]
    if measure.peers:
        header.append("rate to the best C client's" if len(measure.peers) > 1 else "rate to the C client's")
    arrived = any("arrived" in r for each in runs.values() for r in each)
    secure = any("cipher" in r for each in runs.values() for r in each)
    header += ["arrived of sent"] * arrived + ["system calls a message"] * bool(system_calls)
    header += ["bytes a message, out", "in", "cipher", "it alone, ns a message and side"] * secure
    rows = []
    for name, each in runs.items():
        row = [name, spread(rates[name]).text("{:,.0f}"), _cpu(measure, each)]
        if measure.floor:
            floor = measure.floor_of(name, runs)
            row += [_ratio(runs, name, floor, "rate"), _ratio(runs, name, floor, "cpu_ns")]
        if measure.peers:
            row.append(_ratio(runs, name, measure.peer_of(name, runs), "rate"))
        if arrived:
            row.append(_arrived(each))
        if system_calls:
            row.append(f"{system_calls[name]:.2f}" if name in system_calls else "-")
        if secure:
            row += _on_the_wire(each)
        rows.append(row)
    return f"## {measure.title}\n\n" + _rows(header, rows)


def _on_the_wire(runs):
    carried = [spread(r[way] / r["messages"] for r in runs).text("{:.1f}")
               for way in ("wire_sent", "wire_received")]
    timed = [cipher.nanoseconds_a_message(r) for r in runs if "cipher_ns_a_byte" in r]
    return [*carried, runs[0].get("cipher", "-"), spread(timed).text("{:.1f}") if timed else "-"]


def _arrived(runs):
    parts = [r["arrived"] / (r["messages"] * r["events"]) for r in runs if r.get("arrived") is not None]
    return spread(parts).text("{:.0%}") if parts else "-"


def _latency(measure, runs):
    rows = []
    for name, each in runs.items():
        found = percentiles(each)
        row = [name, *(f"{found[p] / 1e3:,.1f}" for p in PERCENTILES)]
        for other in (measure.floor_of(name, runs), measure.peer_of(name, runs)):
            row.append(spread(_medians_to(each, runs[other])).text() if other else "-")
        rows.append(row)
    header = ["subject", *(f"{p:g} %" if p < 100 else "longest" for p in PERCENTILES),
              "50 % to the floor's", "50 % to the C client's"]
    return (f"## {measure.title}: percentiles in microseconds\n\nOf each the median over the rounds; "
            f"two looks at the clock a message are part of it. The floor of one at a time is the raw "
            f"epoll ping-pong.\n\n" + _rows(header, rows))


def _medians_to(ours, theirs):
    return [a["latency_ns"]["50"] / b["latency_ns"]["50"] for a, b in zip(ours, theirs)]


def _micro(benchmarks):
    rows = {}
    for b in benchmarks:
        if b.get("run_type") != "aggregate":
            rows.setdefault(b["run_name"], []).append(b)
    lines = []
    for name, each in sorted(rows.items()):  # they ran in a random order
        items = [1e9 / b["items_per_second"] for b in each if "items_per_second" in b]
        lines.append((name, spread(of(each, "cpu_time")).text("{:,.1f}"),
                      spread(items).text("{:,.1f}") if items else "-"))
    return "## Micro-benchmarks\n\n" + _rows(("what", "ns", "ns an item"), lines)


def markdown(results):
    """Everything, from what `run.py` put together."""
    parts = ["# Benchmark results", _machine(results.facts)]
    parts += [f"**Note:** {note}." for note in results.notes]
    parts.append(f"Median (least .. largest) of {results.rounds} rounds, the subjects in turns; ratios "
                 "are of figures of the same round. CPU is the client process's, user and system.")
    if results.quick:
        parts.append("**A quick run: it shows that everything works, and its figures mean nothing.**")
    if results.goals:
        parts += ["## Goals", _goals(results.goals)]
    for measure, runs in results.taken:
        if measure.name == "latency":
            parts.append(_latency(measure, runs))
        else:
            calls = results.system_calls if measure.name == "one" else None
            parts.append(_section(measure, runs, calls))
    if results.micro:
        parts.append(_micro(results.micro))
    return "\n\n".join(parts) + "\n"
