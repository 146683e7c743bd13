"""What the cases of riemann-cli are made of: processes, servers, expectations."""

import contextlib
import json
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs this may have it ignored, as `nohup` does

PATIENCE = 60  # seconds; a bound for what should take a moment
KEYS = {"host", "service", "state", "description", "metric", "tags", "ttl", "time", "time_micros", "attributes"}
OK, OTHER, USAGE, CANNOT_CONNECT, REJECTED, TIMED_OUT, TLS_REFUSED, UNKNOWN, BAD_INPUT = range(9)

binary = ""  # set before any case runs
slow_resolver = ""  # likewise, if there is one
cases = []


def case(function):
    cases.append(function)
    return function


class Wrong(Exception):
    pass


class Skipped(Exception):
    """The case cannot be tried here: it is told, and counts for nothing."""


def expect(condition, *what):
    if not condition:
        raise Wrong(" ".join(str(one) for one in what))


def environment(extra=None):
    env = {k: v for k, v in os.environ.items() if not k.startswith("RIEMANN_")}
    env["LC_ALL"] = "C.UTF-8"
    env["TERM"] = "xterm"  # that of whoever runs this may be dumb
    env["XDG_CONFIG_HOME"] = "/nowhere"  # the user's own config file is not for tests
    env.update(extra or {})
    return env


def run(*arguments, env=None, program=None, **more):
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    if "input" not in more:
        more.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([program or binary, *arguments], env=environment(env), timeout=PATIENCE, **more)


def succeed(*arguments, **more):
    done = run(*arguments, **more)
    expect(done.returncode == 0, arguments, "exited with", done.returncode, done.stderr)
    return done.stdout.decode()


def fail(code, *arguments, saying="", **more):
    """Runs what is to fail with that exit code and one sentence, which it returns."""
    done = run(*arguments, **more)
    sentence = done.stderr.decode()
    expect(done.returncode == code, arguments, "exited with", done.returncode, "not", code, done.stderr)
    expect(sentence.startswith("riemann-cli: ") and sentence.count("\n") == 1, "no single sentence:", sentence)
    expect(saying in sentence, repr(saying), "is not in", sentence)
    expect(not done.stdout, "something on standard output:", done.stdout)
    return sentence


class Process:
    """A process of riemann-cli whose lines can be waited for."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [binary, *arguments],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self.lines = {"stdout": [], "stderr": []}
        self.news = queue.Queue()
        self.readers = [
            threading.Thread(target=self.read, args=(name, getattr(self.process, name)), daemon=True)
            for name in self.lines
        ]
        for reader in self.readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *why):
        # Its connections end before it does: where something is wrong, it has a moment to end.
        ended = self.has_ended(1 if any(why) else 0)
        if not ended:
            self.process.kill()
        code = self.end()
        if ended and any(why):
            print(f"{self.process.args} had ended with {code}: {self.lines}", flush=True)

    def has_ended(self, within):
        try:
            self.process.wait(timeout=within)
            return True
        except subprocess.TimeoutExpired:
            return False

    def read(self, name, stream):
        for line in stream:
            self.news.put((name, line.rstrip("\n")))
        self.news.put((name, None))

    def wait_for(self, pattern, name="stdout"):
        """The match of the next line of that stream that holds the pattern."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                where, line = self.news.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise Wrong(f"no line like {pattern!r} came; {self.lines}") from None
            if line is None:
                expect(where != name, "ended before a line like", repr(pattern), "came;", self.lines)
                continue
            self.lines[where].append(line)
            found = re.search(pattern, line)
            if where == name and found:
                return found

    def end(self, sent=None):
        """Waits for the exit, after a signal if one is given; returns the exit code."""
        if sent is not None:
            self.process.send_signal(sent)
        code = self.process.wait(timeout=PATIENCE)
        for reader in self.readers:
            reader.join(timeout=PATIENCE)
        while not self.news.empty():
            where, line = self.news.get()
            if line is not None:
                self.lines[where].append(line)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def last_line(self):
        return self.lines["stdout"][-1] if self.lines["stdout"] else None


class Server(Process):
    """`riemann-cli serve`, once it is ready."""

    def __init__(self, *arguments, port="0"):
        super().__init__("serve", "--port", port, *arguments)
        try:
            found = self.wait_for(
                r"^ready tcp=(\S+):(\d+) udp=(\S+):(\d+)(?: tls=\S+:(\d+)(?: certificates=(\S+))?)?$"
            )
        except BaseException:
            self.__exit__()
            raise
        self.address, self.port = found[1], found[2]
        self.tls_port, self.certificates = found[5], found[6]
        expect(found[2] == found[4], "TCP and UDP listen on different ports:", found[0])

    def query(self, text):
        return json.loads(succeed("-H", "127.0.0.1", "-P", self.port, "query", text))

    def send(self, *arguments):
        return json.loads(succeed("-H", "127.0.0.1", "-P", self.port, "send", *arguments))


@contextlib.contextmanager
def listening(answer=None):
    """A port that accepts. Each connection is answered by `answer`; None: never."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    held.append(connection)
                    if answer:
                        answer(connection)

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield str(listener.getsockname()[1])
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for connection in held:
                connection.close()


@contextlib.contextmanager
def refusing():
    """A port that is taken and does not listen, so that it refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield str(taken.getsockname()[1])


@contextlib.contextmanager
def refusing_datagrams():
    """A port whose datagrams nobody takes."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield str(port)


def wait_until(true, otherwise):
    deadline = time.monotonic() + PATIENCE
    while not true():
        expect(time.monotonic() < deadline, otherwise)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
            return True
    except OSError:
        return False
