#!/usr/bin/env python3
"""From a clean clone to the first acknowledged event, by following the README alone: its
files and its commands are cut from it and run as they stand, in order, in an empty
directory. Then what doc/tls.md says to type.

usage: run.py SOURCE_ROOT WORK_DIRECTORY

The commands name port 5555: where the kernel allows it they have a network of their own,
in which nobody else can be listening.
"""

import fcntl
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile

SECTION = r"## Your first event\n(.*?)\n## "
EXPECTED = "api latency is ok"
PATIENCE = 1500  # seconds for the longest step, which compiles the library
INSTALLS = re.compile(r"^apt-get install (?:.*\\\n)*.*\n", re.MULTILINE)
INSIDE = "RIEMANN_README_NETWORK"


class Failed(Exception):
    """A step that failed, and what it said."""


def own_network(arguments):
    """Begins anew in a network namespace, with a loopback of its own; where that is not
    allowed, goes on, if only the port is free."""
    command = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
        os.environ[INSIDE] = "1"
        os.execvp(command[0], [*command, "--", sys.executable, *arguments])
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 5555)) == 0:
            why = "not tried: port 5555 is taken, and there is no network of its own to be had"
            print(f"readme: {why}\nnote: readme was {why}")
            raise SystemExit(77)


def install(root):
    """The README's first command, where a test may do such a thing; else says so."""
    section = re.search(SECTION, (root / "README.md").read_text(), re.DOTALL)
    command = section and INSTALLS.search(section[1])
    if not command:
        raise Failed("the README does not say what to install")
    if os.geteuid() != 0 or os.environ.get("RIEMANN_NO_INSTALL") == "1":
        return print("step 0: left out (not root, or RIEMANN_NO_INSTALL=1): " + command[0].replace("\\\n", ""))
    done = subprocess.run(["bash", "-ec", command[0]], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failed(f"{command[0]}\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    print("step 0: ran " + command[0].replace("\\\n", ""), end="", flush=True)


def raise_loopback():
    """As `ip link set lo up`."""
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket() as any_socket:
        name = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, get_flags, name))[1]
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sH14x", b"lo", flags | up))


def steps(text):
    """Blocks of a text in order: commands to run, and files to write, each named in the
    line before it."""
    for name, language, block in re.findall(
        r"(?:^`([\w./]+)`:\n\n)?^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    ):
        if language in ("sh", "bash"):
            yield None, block
        elif name:
            yield name, block


class Shell:
    """One bash that takes the commands one block after the other, as a user's does."""

    def __init__(self, directory, environment):
        self.output = tempfile.NamedTemporaryFile("w+", prefix="readme-", suffix=".log")
        self.process = subprocess.Popen(
            ["bash", "-e"],
            cwd=directory,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.output,
            text=True,
            start_new_session=True,
        )

    def run(self, block):
        """What the block printed, the programs it left running included."""
        self.process.stdin.write(block + "\necho end-of-step\n")
        self.process.stdin.flush()
        said = []
        for line in self.process.stdout:
            if line == "end-of-step\n":
                return "".join(said)
            said.append(line)
        self.process.wait()
        raise Failed(f"{block}\n{''.join(said)[-3000:]}{pathlib.Path(self.output.name).read_text()[-3000:]}")

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def clean_clone(root, into):
    """What is committed, or, where something is not, what would be."""
    run = lambda *c, **more: subprocess.run(c, check=True, capture_output=True, text=True, **more)
    run("git", "init", "--quiet", "-b", "main", into)
    try:
        listed = run("git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    except subprocess.CalledProcessError as error:
        raise Failed(
            f"{root} is no git repository, and a clone of it is what the README begins with: {error.stderr}"
        ) from error
    for name in filter(None, listed.split("\0")):
        source, target = root / name, into / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    run("git", "-C", into, "add", "-A")
    run(
        "git",
        "-C",
        into,
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@localhost",
        "commit",
        "--quiet",
        "-m",
        "as it is",
    )


def follow(text, directory, environment, report):
    """Runs a page's steps; returns all that they printed."""
    shell, printed = Shell(directory, environment), ""
    try:
        where = directory
        for name, block in steps(text):
            if name:
                (where / name).write_text(block)
                report(f"wrote {name}")
                continue
            block = INSTALLS.sub("", block)  # done before: there may be no network here
            printed += shell.run(block)
            where = pathlib.Path(shell.run("pwd").strip().split("\n")[-1])
            report("ran " + "; ".join(filter(None, block.replace("\\\n", "").split("\n"))))
    finally:
        shell.end()
    return printed


def first_event(root, work, report):
    section = re.search(SECTION, (root / "README.md").read_text(), re.DOTALL)
    if not section:
        raise Failed("the README has no section `Your first event`")
    clone, user = work / "clone", work / "user"
    clean_clone(root, clone)
    user.mkdir()
    environment = {**os.environ, "RIEMANN_ASIO": str(clone)}
    printed = follow(section[1], user, environment, report)
    if EXPECTED not in printed.split("\n"):
        raise Failed(f"the program did not say {EXPECTED!r}:\n{printed}")
    report(f"the program said: {EXPECTED}")
    return user / "first/build/subprojects/riemann-asio/src/cli"


def same_steps(root):
    """The quick start repeats what the README says."""
    section = re.search(SECTION, (root / "README.md").read_text(), re.DOTALL)[1]
    blocks = lambda text: set(re.findall(r"^```(?:sh|meson)\n.*?^```$", text, re.DOTALL | re.MULTILINE))
    install = INSTALLS.search(section)[0]
    known = "\n".join(blocks(section)).replace(install, "")
    for block in blocks((root / "doc/quick-start.md").read_text()):
        body = "\n".join(block.split("\n")[1:-1])
        if body + "\n" != install and body not in known:
            raise Failed(f"doc/quick-start.md has other steps than the README:\n{block}")


def tls_page(root, work, path, report):
    """The certificates and commands of doc/tls.md."""
    directory = work / "tls"
    directory.mkdir()
    environment = {**os.environ, "PATH": f"{path}:{os.environ['PATH']}"}
    for block in re.findall(
        r"^```(?:sh|bash)\n(.*?)^```$", (root / "doc/tls.md").read_text(), re.DOTALL | re.MULTILINE
    ):
        shell = Shell(directory, environment)
        try:
            first, *rest = block.split(" &\n", 1)
            if rest:  # a person sees that the server is there before typing on
                shell.run(f"exec 5< <({first})\nread -r ready <&5\n{rest[0]}")
            else:
                shell.run(block + "openssl verify -CAfile ca.pem riemann.example.net.pem client.pem")
            report("ran a block of doc/tls.md: " + block.split("\n")[0])
        finally:
            shell.end()


def main():
    root, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    if os.environ.get(INSIDE):
        raise_loopback()
    else:
        try:
            install(root)
        except Failed as failure:
            print(f"FAILED: {failure}\n0 passed, 1 failed")
            return 1
        own_network(sys.argv)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    done = []

    def report(step):
        done.append(step)
        print(f"step {len(done)}: {step}", flush=True)

    try:
        same_steps(root)
        cli = first_event(root, work, report)
        tls_page(root, work, cli, report)
    except Failed as failure:
        print(f"FAILED after step {len(done)}: {failure}")
        print("0 passed, 1 failed")
        return 1
    shutil.rmtree(work, ignore_errors=True)
    print(f"readme: {len(done)} steps, from a clean clone to the first acknowledged event")
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
