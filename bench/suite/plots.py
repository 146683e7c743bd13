"""The plots, as SVG on white."""

from statistics import median

from .figures import of, percentiles, spread
from .machine import in_short
from .measures import COUNTS, SWEEP

COLOURS = {"floor": "#7f7f7f", "callbacks": "#1f77b4", "coroutines": "#2ca02c", "C client": "#d62728"}


def available():
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("svg")
    matplotlib.rcParams.update({
        "svg.hashsalt": "riemann-asio", "font.size": 10, "axes.grid": True, "grid.alpha": 0.3,
        "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
    })
    return True


def draw(folder, taken, told):
    """Every plot whose measure was taken; returns their names."""
    drawn = []
    for name, (file, make) in _PLOTS.items():
        if name in taken and make(folder / file, taken[name], in_short(told)):
            drawn.append(file)
    return drawn


def _figure(title, machine, across=1):
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, across, figsize=(8 if across == 1 else 11, 4.8), squeeze=False)
    figure.suptitle(f"{title}\n{machine}", fontsize=11)
    return figure, axes[0]


def _save(figure, path):
    from matplotlib import pyplot

    figure.tight_layout()
    figure.savefig(path, facecolor="white", metadata={"Date": None})
    pyplot.close(figure)
    return True


def _with_range(axis, places, spreads, label, colour):
    """The medians, joined, each with a bar from the least to the largest."""
    below = [s.median - s.least for s in spreads]
    above = [s.largest - s.median for s in spreads]
    axis.errorbar(places, [s.median for s in spreads], yerr=[below, above], marker="o", markersize=4,
                  capsize=3, elinewidth=1, label=label, color=colour)


def _throughput(path, runs, machine):
    figure, (axis,) = _figure("Acknowledged single-event messages against the window", machine)
    for kind in ("floor", "callbacks", "coroutines", "C client"):
        there = [n for n in SWEEP if f"{kind}, {n:,}" in runs]
        if there:
            spreads = [spread(of(runs[f"{kind}, {n:,}"], "rate")) for n in there]
            _with_range(axis, there, spreads, kind, COLOURS[kind])
    axis.set(xscale="log", yscale="log", xlabel="window (messages unanswered at most)",
             ylabel="messages a second")
    axis.legend()
    return _save(figure, path)


def _latency(path, runs, machine):
    figure, axes = _figure("Latency: what share of messages took longer", machine, across=2)
    for axis, where in zip(axes, ("one at a time", "window 1,000")):
        for name, each in runs.items():
            kind, _, rest = name.partition(", ")
            if rest == where:
                found = percentiles(each)
                shares = [100 - p for p in found if p < 100]
                axis.plot([found[p] / 1e3 for p in found if p < 100], shares, marker=".", label=kind,
                          color=COLOURS[kind])
        axis.set(xscale="log", yscale="log", title=where, xlabel="microseconds",
                 ylabel="share of messages, %")
        axis.yaxis.set_major_formatter("{x:g}")
        axis.legend()
    return _save(figure, path)


def _cost(path, runs, machine):
    there = [n for n in COUNTS if f"{n:,} messages" in runs]
    if not there:
        return False
    figure, (axis,) = _figure("Client CPU a message against the number of messages, window 1,000", machine)
    spreads = [spread(of(runs[f"{n:,} messages"], "cpu_ns")) for n in there]
    _with_range(axis, there, spreads, "callbacks", COLOURS["callbacks"])
    middle = median(s.median for s in spreads)
    axis.axhspan(middle / 1.075, middle * 1.075, color="#7f7f7f", alpha=0.12, linewidth=0,
                 label="15 % from side to side, about the median")
    axis.set(xscale="log", xlabel="messages", ylabel="nanoseconds a message")
    axis.set_ylim(bottom=0)
    axis.legend(loc="lower right")
    return _save(figure, path)


_PLOTS = {"sweep": ("throughput-window.svg", _throughput), "latency": ("latency.svg", _latency),
          "cost": ("cost-messages.svg", _cost)}
