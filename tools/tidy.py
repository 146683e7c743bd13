#!/usr/bin/env python3
"""Runs clang-tidy on sources, and not again on one that it had nothing to say of, as long
as neither that one, nor anything it includes, nor the rules have changed.

usage: tidy.py BUILD_DIRECTORY JOBS SOURCE...
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

TIDY = "clang-tidy-16"


def said_by(*command, **more):
    return subprocess.run(command, capture_output=True, check=True, **more).stdout


def cache_directory():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(home) / "riemann-asio" / "tidy"


def read_commands(directory):
    """How each source is compiled; of one that is so more than once, how it was first."""
    commands = {}
    for entry in json.loads((directory / "compile_commands.json").read_text()):
        path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
        words = [word for word in shlex.split(entry["command"]) if os.path.basename(word) != "ccache"]
        commands.setdefault(path, (words, entry["directory"]))
    return commands


class Checker:
    def __init__(self, directory):
        self.directory = directory
        self.commands = read_commands(directory)
        rules = sorted(pathlib.Path().glob("**/.clang-tidy"))
        self.rules = said_by(TIDY, "--version") + b"".join(path.read_bytes() for path in rules)
        self.cache = cache_directory()
        self.cache.mkdir(parents=True, exist_ok=True)

    def fingerprint(self, source):
        """Of all that clang-tidy sees: comments and macros, too."""
        words, where = self.commands[os.path.realpath(source)]
        output = words.index("-o")
        words = [*words[:output], *words[output + 2 :], "-E", "-C", "-dD", "-o", "-"]
        text = said_by(*words, cwd=where)
        digest = hashlib.sha256(self.rules)
        digest.update(" ".join(words).replace(where, "").encode())
        digest.update(text)
        return digest.hexdigest()

    def check(self, source):
        """What is said of it; nothing if that is nothing."""
        known = self.cache / self.fingerprint(source)
        if known.exists():
            known.touch()  # what is old may be deleted
            return None
        done = subprocess.run([TIDY, "-p", self.directory, "--quiet", source], capture_output=True, text=True)
        if done.returncode == 0 and not done.stdout.strip():
            known.touch()
            return ""
        return done.stdout + done.stderr


def main():
    directory, jobs, sources = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    checker = Checker(directory)
    known = bad = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for said in pool.map(checker.check, sources):
            known += said is None
            if said:
                bad += 1
                print(said, end="", flush=True)
    print(f"tidy: {len(sources)} sources, {known} of them unchanged since they were good, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
