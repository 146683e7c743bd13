"""System calls a message, counted by strace in short runs of their own."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

PATIENCE = 60


class CannotCount(Exception):
    """strace is missing, or may not trace."""


def per_message(commands, messages):
    """What the longer of two runs has more, by the message: starting up cancels out."""
    fewer, more = (_total(command) for command in commands)
    return (more - fewer) / messages


def _total(command):
    if not shutil.which("strace"):
        raise CannotCount("strace is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "calls"
        said = subprocess.run(
            ["strace", "-f", "-c", "-o", str(out), *command],
            capture_output=True, text=True, timeout=PATIENCE,
        )
        if said.returncode != 0:
            raise CannotCount((said.stderr.strip() or "strace failed").splitlines()[0])
        return total(out.read_text())


def total(summary):
    """strace's last line, `100.00 0.000123 1 5678 12 total`: the calls stand before the
    errors, if there are any."""
    found = re.search(r"^\s*100\.00\s+\S+\s+\d+\s+(\d+)(?:\s+\d+)?\s+total$", summary, re.M)
    if not found:
        raise CannotCount("strace's summary could not be read")
    return int(found[1])
