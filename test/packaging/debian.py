#!/usr/bin/env python3
"""Builds the Debian packages, has lintian look at them, installs them into a root that is
made for it, with nothing in it but a minimal Debian, and uses them there.

usage: debian.py SOURCE_ROOT CONSUMER_DIRECTORY WORK_DIRECTORY

It needs Debian's packages, from a mirror, and to be root or to have user namespaces.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

BUILD_PATIENCE = 2400
ROOT_PATIENCE = 900
OUTPUT_SHOWN = 4000
# Nobody has an address for this project yet, and one is not to be made up.
NOT_OURS_TO_MEND = ("bogus-mail-host", "bogus-mail-host-in-debian-changelog")
NOT_SOURCES = shutil.ignore_patterns("build", "build-*", ".git", ".cache", "__pycache__", "results")


class Failure(Exception):
    pass


def run(*command, patience, **more):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=patience, **more)
    if done.returncode != 0:
        raise Failure(f"exit code {done.returncode} of {' '.join(map(str, command))}\n{done.stdout[-OUTPUT_SHOWN:]}")
    return done.stdout


def build(source, work):
    """The packages, built of a copy of the sources."""
    if work.exists():
        shutil.rmtree(work)
    shutil.copytree(source, work / "riemann-asio", ignore=NOT_SOURCES, symlinks=True)
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("CXX", "CC", "CFLAGS", "CXXFLAGS", "LDFLAGS", "DESTDIR")}
    environment["DEB_BUILD_OPTIONS"] = f"parallel={os.cpu_count()}"
    if pathlib.Path("/usr/lib/ccache").is_dir():
        environment["PATH"] = f"/usr/lib/ccache:{environment['PATH']}"
    run("dpkg-buildpackage", "-us", "-uc", "-b", patience=BUILD_PATIENCE, cwd=work / "riemann-asio", env=environment)


def packages(work):
    """By their names; those with debug symbols apart."""
    found = {path.name.split("_")[0]: path for path in sorted(work.glob("*.deb"))}
    return {name: path for name, path in found.items() if not name.endswith("-dbgsym")}


def all_there(source, work):
    control = (source / "debian/control").read_text()
    wanted = sorted(re.findall(r"^Package: (.*)$", control, re.MULTILINE))
    if sorted(packages(work)) != wanted:
        raise Failure(f"{sorted(packages(work))} were built, not {wanted}")


def depends_on_what_it_links(work):
    """What is linked: protobuf, OpenSSL and RE2, by the program toml++ too; and no compiler's."""
    for name, words in (("libriemann-asio", ("libprotobuf-lite", "libssl3")),
                        ("libriemann-testkit", ("libriemann-asio", "libre2-")),
                        ("riemann-cli", ("libssl3", "libre2-", "libtomlplusplus"))):
        path = next(path for package, path in packages(work).items() if re.fullmatch(rf"{name}[\d.]*", package))
        depends = run("dpkg-deb", "-f", path, "Depends", patience=60)
        missing = [word for word in words if word not in depends]
        if missing or "-dev" in depends:
            raise Failure(f"{path.name} depends on {depends.strip()}; missing: {missing}")


def lintian(work):
    changes = next(work.glob("*.changes"))
    run("lintian", "--fail-on", "error,warning", "--allow-root", "--suppress-tags", ",".join(NOT_OURS_TO_MEND), changes,
        patience=ROOT_PATIENCE)


def use(consumer, work):
    """What a user would do, on a machine that has never seen the sources."""
    debs, programs = work / "debs", work / "consumer"
    for directory in (debs, programs):
        if directory.exists():
            shutil.rmtree(directory)
    debs.mkdir()
    for path in packages(work).values():
        shutil.copy(path, debs)
    shutil.copytree(consumer, programs)
    codename = re.search(r"^VERSION_CODENAME=(\w+)", pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)[1]
    said = run("mmdebstrap", "--variant=minbase", "--format=null", "--customize-hook=copy-in " f"{debs} {programs} /srv",
               '--customize-hook=chroot "$1" sh /srv/consumer/use-packages.sh', codename, "/dev/null",
               patience=ROOT_PATIENCE)
    told = re.findall(r"^in the root: (.*)$", said, re.MULTILINE)
    if not told or told[-1] != "all done":
        raise Failure(f"the root was left early:\n{said[-OUTPUT_SHOWN:]}")
    print("\n".join(f"debian: {line}" for line in told[:-1]))
    return len(told) - 1


def main():
    source, consumer, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    steps = [lambda: build(source, work), lambda: all_there(source, work), lambda: depends_on_what_it_links(work),
             lambda: lintian(work), lambda: use(consumer, work)]
    passed = 0
    try:
        for step in steps:
            passed += step() or 1
    except Failure as failure:
        print(f"FAILED {failure}\n{passed} passed, 1 failed")
        return 1
    print(f"{passed} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
