"""One session: every measure's subjects in turns, round by round."""

import json
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import calls, cipher
from .subjects import RunFailure, run

LONGEST = 8.0  # seconds one run of a fixed count may take
PROBE = 0.05  # seconds a trial run must take to be believed
SETTLE = 0.1  # seconds for the server to read what the kernel holds for it


@dataclass(frozen=True)
class Pace:
    rounds: int
    target: float  # seconds a run; 0: `messages` each, whatever they take
    messages: int = 0
    quick: bool = False


PACES = {
    # Many short turns rather than few long ones: machines have moods that last seconds.
    "full": Pace(rounds=7, target=0.3),
    "quick": Pace(rounds=1, target=0, messages=300, quick=True),
}


class Session:
    """Runs measures and keeps what each run printed."""

    def __init__(self, programs, make_server, pace, say):
        self._programs = programs
        self._make_server = make_server
        self._pace = pace
        self._say = say
        self.notes = []  # what could not be measured, in words
        self.has_peer = (programs / "bench-peer").exists()
        if not self.has_peer:
            self.notes.append(
                "riemann-c-client was not found: install libriemann-client-dev and build again; "
                "nothing below is compared with it"
            )

    def take(self, measure):
        """{subject's name: [what each run printed]}, in the order of the subjects."""
        began = time.monotonic()
        own = measure.name == "udp" and self._make_server().counts
        subjects = [s for s in measure.subjects if self.has_peer or not s.is_peer]
        with self._make_server() as server:
            subjects = self._reachable(subjects, server.address, measure)
            counts = {s.name: self._count(s, server.address) for s in subjects}
            subjects = [s for s in subjects if counts[s.name]]
            runs = {s.name: [] for s in subjects}
            for _ in range(self._pace.rounds):
                for s in subjects:
                    turn = [self._one(s, server.address, counts[s.name], own)
                            for _ in range(s.repeat)]
                    turn.sort(key=lambda told: told["cpu_ns"])
                    runs[s.name].append(turn[len(turn) // 2])
                self._time_ciphers([each[-1] for each in runs.values()])
        self._say(f"{measure.name}: {time.monotonic() - began:.0f} s")
        return runs

    def _reachable(self, subjects, address, measure):
        if address.tls or not any(s.is_secure for s in subjects):
            return subjects
        self._note(f"{measure.name}: the server given is not known to speak TLS")
        return [s for s in subjects if not s.is_secure]

    def _note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def _time_ciphers(self, round_of_runs):
        """Each cipher once: what a byte costs by itself, at the time of these runs."""
        known = {}
        for run_told in round_of_runs:
            if "cipher" not in run_told:
                continue
            try:
                name = cipher.name_for_speed(run_told["cipher"])
                if name not in known:
                    known[name] = cipher.nanoseconds_a_byte(run_told["cipher"])
                run_told["cipher_ns_a_byte"] = known[name]
            except cipher.CannotTime as why:
                self._note(f"the cipher was not timed: {why}")

    def _one(self, subject, address, messages, own_server):
        """`own_server`: a server for this run alone, whose counts are this run's."""
        if not own_server:
            return run(subject.command(self._programs, address, messages))
        with self._make_server() as server:
            told = run(subject.command(self._programs, server.address, messages))
            time.sleep(SETTLE)
        told["arrived"] = server.events_counted
        return told

    def _count(self, subject, address):
        """How many messages take about the target's time; 0 when a fixed count would
        take too long."""
        if not self._pace.target:
            few = max(1, self._pace.messages // subject.options.get("events", 1))
            return subject.messages // 1_000 or few
        messages = min(max(1, 2_000 // subject.options.get("events", 1)), subject.messages or 2_000)
        told = run(subject.command(self._programs, address, messages))
        while told["wall_s"] < PROBE:
            messages *= 4
            told = run(subject.command(self._programs, address, messages))
        if not subject.messages:
            return max(1, int(told["rate"] * self._pace.target))
        seconds = subject.messages / told["rate"]
        if seconds <= LONGEST:
            return subject.messages
        self.notes.append(f"{subject.messages:,} messages would take {seconds:.0f} s here: left out")
        return 0

    def count_calls(self, measure):
        """{subject's name: system calls a message}; says so when they cannot be counted."""
        few, many = (20, 120) if self._pace.quick else (200, 1_200)
        found = {}
        with self._make_server() as server:
            for s in measure.subjects:
                if s.is_peer and not self.has_peer:
                    continue
                commands = [s.command(self._programs, server.address, n) for n in (few, many)]
                try:
                    found[s.name] = calls.per_message(commands, many - few)
                except calls.CannotCount as why:
                    self.notes.append(f"system calls were not counted: {why}")
                    return {}
        return found

    def take_micro(self):
        """google-benchmark's own report."""
        began = time.monotonic()
        program = self._programs / "bench-micro"
        if not program.exists():
            self.notes.append("google-benchmark was not found: no micro-benchmarks")
            return None
        with tempfile.TemporaryDirectory() as scratch:
            out = Path(scratch) / "micro.json"
            how = ["0.001", "1"] if self._pace.quick else ["0.05", "5"]
            said = subprocess.run(
                [str(program), f"--benchmark_min_time={how[0]}", f"--benchmark_repetitions={how[1]}",
                 "--benchmark_enable_random_interleaving=true",
                 f"--benchmark_out={out}", "--benchmark_out_format=json"],
                capture_output=True, text=True, timeout=180,
            )
            if said.returncode != 0:
                raise RunFailure(f"bench-micro failed: {said.stderr.strip()}")
            report = json.loads(out.read_text())
        self._say(f"micro: {time.monotonic() - began:.0f} s")
        return report["benchmarks"]
