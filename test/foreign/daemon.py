"""A daemon in the foreground, with all that is its own in one directory."""

import contextlib
import subprocess
import tempfile

from comparison import PATIENCE, Wrong, expect
from harness import environment


class Daemon:
    def __init__(self, *command, where, env=None, **more):
        self._log = open(f"{where}/log", "w+b")
        self.process = subprocess.Popen(command, cwd=where, stdout=self._log, stderr=subprocess.STDOUT,
                                        env=environment(env), **more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self._log.close()

    def said(self):
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def expect_alive(self):
        expect(self.process.poll() is None, "it ended by itself, with", self.process.returncode, self.said())

    def ended(self):
        """By itself, with exit code 0."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Wrong(f"it does not end: {self.said()}") from None
        expect(code == 0, "exit code", code, self.said())


@contextlib.contextmanager
def own_directory():
    with tempfile.TemporaryDirectory(prefix="riemann-foreign-") as where:
        yield where
