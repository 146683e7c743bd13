"""What the figures were measured on: without it they are nobody's."""

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path


def _first_line(*command):
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except OSError:
        return "unknown"
    return said.stdout.strip().split("\n")[0] or "unknown"


def _cpu_model():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory_gib():
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return round(int(line.split()[1]) / 2**20, 1)
    return 0.0


def _governor():
    path = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    return path.read_text().strip() if path.exists() else "not told"


def _system():
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return platform.system()


def _build(folder):
    """Meson's build type, and the version of Boost it found."""
    info = Path(folder) / "meson-info"
    if not info.exists():
        return "unknown", "unknown"
    options = {o["name"]: o["value"] for o in json.loads((info / "intro-buildoptions.json").read_text())}
    found = {d["name"]: d["version"] for d in json.loads((info / "intro-dependencies.json").read_text())}
    return options["buildtype"], found.get("boost", "unknown")


def facts(root, build):
    """As they are now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    commit = _first_line("git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=10")
    build_type, boost = _build(build)
    return {
        "date": now.strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "governor": _governor(),
        "system": _system(),
        "kernel": platform.release(),
        "compiler": _first_line(os.environ.get("CXX", "g++"), "--version"),
        "build_type": build_type,
        "boost": boost,
        "commit": commit,
        "load_before": round(os.getloadavg()[0], 2),
    }


def in_short(told):
    """For the title of a plot."""
    return f"{told['cpu']}, {told['cores']} cores, {told['date']}"
