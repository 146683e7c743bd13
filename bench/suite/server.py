"""The server everything talks to, in a process of its own."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

PATIENCE = 20  # seconds it may take to start, and to end


class ServerFailure(Exception):
    """It did not start, or said something else than was expected."""


@dataclass(frozen=True)
class Address:
    host: str
    tcp: int
    udp: int
    tls: Optional[int] = None  # none: it is not known to speak TLS
    certificates: Optional[Path] = None  # ca.pem, client.pem and client.key

    def tls_options(self):
        return {"ca-certs": self.certificates / "ca.pem", "certfile": self.certificates / "client.pem",
                "keyfile": self.certificates / "client.key"}


class GivenServer:
    """One that runs already, such as a real Riemann: TCP and UDP on one port."""

    counts = False

    def __init__(self, host, port):
        self.address = Address(host, port, port)
        self.what = f"the server at {host}:{port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class OwnServer:
    """riemann-cli's, which acknowledges and forgets, and counts what came. Over TLS it
    demands a client's certificate, as a Riemann does."""

    counts = True

    def __init__(self, cli):
        self._command = [str(cli), "serve", "--sink", "--port", "0", "--tls", "--mutual"]
        self._process = None
        self._scratch = None
        self.summary = ""
        self.what = " ".join(["riemann-cli", *self._command[1:]])

    def __enter__(self):
        self._scratch = tempfile.TemporaryDirectory()
        certificates = Path(self._scratch.name) / "certificates"
        self._process = subprocess.Popen(
            [*self._command, "--tls-dir", str(certificates)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        said = self._process.stdout.readline()
        ready = re.match(r"ready tcp=(\S+):(\d+) udp=\S+:(\d+) tls=\S+:(\d+)", said)
        if not ready:
            self._process.kill()
            failure = self._process.communicate()[1].strip()
            self._scratch.cleanup()
            raise ServerFailure(f"{self.what} did not start: {failure}")
        self.address = Address(ready[1].strip("[]"), int(ready[2]), int(ready[3]), int(ready[4]),
                               certificates)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self.summary = self._process.communicate(timeout=PATIENCE)[1]
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._scratch.cleanup()

    @property
    def events_counted(self):
        """What it told of itself when it ended; nothing if it did not."""
        found = re.search(r"\b(\d+) events\b", self.summary)
        return int(found[1]) if found else None
