"""The processes of the delivery tests: the load, the server that is killed, a server
that never reads, and a port that stays ours."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
import harness  # noqa: E402

PATIENCE = 120  # seconds for anything that is to happen; nothing is to take nearly so long

Wrong = harness.Wrong
expect = harness.expect


@contextlib.contextmanager
def reserved_port():
    """A port of the kernel's choice that nobody else is given, while one server after the
    other listens there. (It is bound, so that it is not picked as a client's own either:
    a client that connects to a port without a server may be connected to itself.)"""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield str(held.getsockname()[1])


class Server(harness.Server):
    """`riemann-cli serve` on that port, ready."""

    def __init__(self, port, *arguments):
        super().__init__(*arguments, port=port)

    def kill(self):
        self.process.kill()
        expect(self.end() == -signal.SIGKILL, "the server ended by itself:", self.lines)

    def stop(self):
        """It stands still, as if its machine hung: the kernel goes on accepting for it."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)


class Load:
    """The load, from its start to its verdict. What it tells can be waited for."""

    def __init__(self, program, port, **told):
        self.process = subprocess.Popen(
            [program, f"port={port}", *(f"{name}={value}" for name, value in told.items())],
            env=harness.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.last = {"submitted": 0, "waiting": 0, "connections_opened": 0, "connects_failed": 0, "acked": 0,
                     "errors": {}}
        self._news = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self):
        for line in self.process.stdout:
            self._news.put(json.loads(line))
        self._news.put(None)

    def _next(self, awaited, deadline):
        try:
            news = self._news.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise Wrong(f"in {PATIENCE} s there was not {awaited}; the last was {self.last}") from None
        expect(news is not None, "the load ended by itself, waiting for", awaited, "after", self.last)
        return news

    def wait(self, awaited, true):
        """Until that is true of what it tells; `awaited`, in words, is for people."""
        deadline = time.monotonic() + PATIENCE
        while not true(self.last):
            news = self._next(awaited, deadline)
            expect("tick" in news, "a verdict came, waiting for", awaited)
            self.last = news["tick"]
        return self.last

    def wait_for_acks(self, more):
        wanted = self.last["acked"] + more
        self.wait(f"{wanted} acknowledged", lambda now: now["acked"] >= wanted)

    def wait_for_connection(self, acks):
        """Until it has another connection than when it told last, and so many more acknowledged."""
        before = self.last
        self.wait(f"another connection and {acks} acknowledged",
                  lambda now: now["connections_opened"] > before["connections_opened"]
                  and now["acked"] >= before["acked"] + acks)

    def wait_for_failed_connect(self):
        before = self.last["connects_failed"]
        self.wait("a connect that fails", lambda now: now["connects_failed"] > before)

    def wait_for_errors(self, name, more):
        wanted = self.errors(name) + more
        self.wait(f"{name} {wanted} times", lambda now: now["errors"].get(name, 0) >= wanted)

    def errors(self, name):
        return self.last["errors"].get(name, 0)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def finish(self):
        """Its verdict, which is to be good, once it has stopped and nothing is owed."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        news = {}
        while "verdict" not in news:
            news = self._next("a verdict", deadline)
        found = news["verdict"]
        code = self.process.wait(timeout=PATIENCE)
        wrong = [found["in_snapshots"], found["at_the_end"]]
        expect(not any(wrong) and code == 0, "the books are wrong:", wrong, "exit code", code)
        outcomes = sum(found[o] for o in ("acked", "rejected", "not_sent", "unknown"))
        expect(found["submitted"] == outcomes, found["submitted"], "submitted,", outcomes, "ended")
        return found


class DeafServer:
    """Accepts, and never reads."""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held = []
        threading.Thread(target=self._accept, daemon=True).start()
        self.port = str(self._listener.getsockname()[1])
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._held:
            connection.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                self._held.append(self._listener.accept()[0])


def slope(samples):
    """By least squares, in bytes a second, of (seconds, bytes)."""
    expect(len(samples) > 1, "too few samples of memory:", samples)
    mean_time = sum(t for t, _ in samples) / len(samples)
    mean_size = sum(b for _, b in samples) / len(samples)
    spread = sum((t - mean_time) ** 2 for t, _ in samples)
    return sum((t - mean_time) * (b - mean_size) for t, b in samples) / spread


def after_warm_up(samples, share):
    """Those behind that share of the time."""
    begin = samples[0][0] + share * (samples[-1][0] - samples[0][0])
    return [s for s in samples if s[0] >= begin]
