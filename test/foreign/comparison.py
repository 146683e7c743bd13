"""One foreign client: what it is, what it sent, and whether our server kept that."""

import contextlib
import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
import harness  # noqa: E402

PATIENCE = harness.PATIENCE
Server = harness.Server
Wrong = harness.Wrong
expect = harness.expect

TEXT = "gr\u00f6\u00dfe \"in\" \\ quotes\tand a tab"  # what escapes and encodings are lost on
REFUSED_QUERY = "service ="
# When events are said to have been: the server removes one whose ttl is over.
RECENT = int(time.time()) - 100  # in seconds


def program(name, package):
    """Where it is. Daemons lie where not every user's PATH leads."""
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"]))
    expect(path, f"{name} is not installed: apt-get install {package}")
    return path


def version_of(package):
    asked = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True)
    expect(asked.returncode == 0 and asked.stdout, f"{package} is not installed: apt-get install {package}")
    return asked.stdout


def run(*command, **more):
    return harness.run(*command[1:], program=command[0], **more)


def now():
    """A time that the client takes itself, in microseconds: not before this, nor after its end.
    Seconds are what some of them cut it to."""
    begin = int(time.time()) * 1_000_000

    def holds(found):
        return begin <= found <= time.time() * 1e6

    return holds


def with_time(expected, micros):
    """Both fields that tell it. Answers carry both, whichever was sent."""
    if callable(micros):
        return {**expected, "time": lambda seconds: seconds * 1_000_000 <= time.time() * 1e6, "time_micros": micros}
    return {**expected, "time": micros // 1_000_000, "time_micros": micros}


def same(wanted, found):
    """An integer is not the floating-point number that equals it."""
    if callable(wanted):
        return found is not None and wanted(found)
    return type(wanted) is type(found) and wanted == found


def as_float(number):
    """What is left of it in 32 bits."""
    return struct.unpack("f", struct.pack("f", number))[0]


class Client:
    """The name and version of one, and an account of what was compared."""

    def __init__(self, name, version):
        self.name, self.version = name, version
        self.events = 0
        self.values = 0
        self.fields = set()
        self.ways = []

    def compare(self, expected, found, where):
        """That event, field by field, neither one more nor one less."""
        wrong = [
            f"{field}: {wanted!r} was sent, {found.get(field)!r} found"
            for field, wanted in expected.items()
            if not same(wanted, found.get(field))
        ]
        # (Of an event without a host that is said.)
        wrong += [
            f"{field}: {value!r} found, which was not sent"
            for field, value in found.items()
            if field not in expected and value is not None
        ]
        expect(not wrong, f"{where}, {expected.get('service')!r}:", "; ".join(wrong))
        self.events += 1
        self.values += len(expected)
        self.fields |= expected.keys()

    def compare_all(self, expected, found, where):
        """Events that have different hosts or services, in any order."""

        def key(event):
            return event.get("host") or "", event.get("service") or ""

        expected, found = sorted(expected, key=key), sorted(found, key=key)
        expect([key(e) for e in expected] == [key(e) for e in found], f"{where}: found", [key(e) for e in found])
        for one, other in zip(expected, found):
            self.compare(one, other, where)
        if where not in self.ways:
            self.ways.append(where)

    def compare_index(self, server, expected, where):
        """What the server is asked for until it has as many, and then compared."""
        text = 'service =~ "' + where + ' %"'
        with contextlib.suppress(Wrong):  # the comparison tells better which are missing
            harness.wait_until(lambda: len(server.query(text)) >= len(expected), "")
        self.compare_all(expected, server.query(text), where)

    def summary(self):
        return (f"{self.name} {self.version}: {', '.join(self.ways)}; {self.events} events, {self.values} values of "
                f"{', '.join(sorted(self.fields))}")
