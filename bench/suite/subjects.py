"""What is measured: a program, its mode, and how it is told."""

import json
import subprocess
from dataclasses import dataclass, field

PATIENCE = 180  # seconds one run may take


class RunFailure(Exception):
    """A program failed; the message says which and what it said."""


@dataclass(frozen=True)
class Subject:
    """One program in one mode. `messages`: fixed, or nothing: as many as take the time."""

    name: str
    program: str
    mode: str
    options: dict = field(default_factory=dict)
    messages: int = 0
    repeat: int = 1  # runs a turn, of which the middle one counts: for short ones
    latency: bool = False

    @property
    def is_peer(self):
        return self.program == "bench-peer"

    @property
    def is_secure(self):
        return self.options.get("transport") == "tls"

    def command(self, programs, address, messages):
        port = address.udp if self.mode == "udp" else address.tls if self.is_secure else address.tcp
        told = {"host": address.host, "port": port, "messages": messages, **self.options}
        if self.is_secure:
            told |= address.tls_options()
        command = [str(programs / self.program), self.mode]
        for name, value in told.items():
            command += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        return command + (["--latency"] if self.latency else [])


def run(command):
    """Does one run and returns what it printed."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as late:
        raise RunFailure(f"{' '.join(command)} took over {PATIENCE} s") from late
    if said.returncode != 0:
        raise RunFailure(f"{' '.join(command)} failed: {said.stderr.strip()}")
    return json.loads(said.stdout)
