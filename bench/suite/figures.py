"""Medians, and ratios of what was measured in the same round."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The median of some values, with the least and the largest."""

    median: float
    least: float
    largest: float

    def text(self, form="{:.2f}"):
        return f"{form.format(self.median)} ({form.format(self.least)} .. {form.format(self.largest)})"


def spread(values):
    values = list(values)
    return Spread(median(values), min(values), max(values))


def of(runs, field):
    """That field of each run, in the order of the rounds."""
    return [run[field] for run in runs]


def ratios(ours, theirs, field):
    """Round by round: what disturbed the machine in one disturbed both."""
    return [a[field] / b[field] for a, b in zip(ours, theirs)]


def events_per_second(runs):
    return [run["rate"] * run["events"] for run in runs]


def percentiles(runs):
    """Of each percentile the median over the rounds, in nanoseconds."""
    names = runs[0]["latency_ns"]
    return {float(name): median(run["latency_ns"][name] for run in runs) for name in names}
