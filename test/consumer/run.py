#!/usr/bin/env python3
"""Builds and runs a program of a user's whose Meson project has this one as its
subproject, and sees that none of our tests and programs come along; and that without RE2,
which the test server needs, there is the library, and who wants more is told of it.

usage: run.py SOURCE_ROOT WORK_DIRECTORY
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

PROJECT = """\
project('consumer', 'cpp', default_options: ['cpp_std=c++20', 'warning_level=3', 'werror=true'])
riemann = dependency('riemann-asio')
testkit = dependency('riemann-testkit', fallback: 'riemann-asio')
test('consumer', executable('consumer', 'consumer.cpp', dependencies: [riemann, testkit]))
"""

LIBRARY_ALONE = """\
project('alone', 'cpp', default_options: ['cpp_std=c++20'])
dependency('riemann-asio')
"""
PATIENCE = 120


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"FAILED {' '.join(command)}\n{(done.stdout + done.stderr)[-3000:]}\n0 passed, 1 failed")
    return done.stdout


def make_project(source, text, root):
    (source / "subprojects").mkdir(parents=True, exist_ok=True)
    (source / "meson.build").write_text(text)
    link = source / "subprojects/riemann-asio"
    if not link.is_symlink():
        link.symlink_to(root, target_is_directory=True)


def without_re2(folder):
    """An environment in which pkg-config knows all that it knew but RE2, and CMake nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places = subprocess.run(["pkg-config", "--variable=pc_path", "pkg-config"], capture_output=True, text=True)
    found = [*os.environ.get("PKG_CONFIG_PATH", "").split(":"), *places.stdout.strip().split(":")]
    for place in reversed([pathlib.Path(place) for place in found if place]):
        for file in place.glob("*.pc"):
            if file.name != "re2.pc":
                (folder / file.name).unlink(missing_ok=True)
                (folder / file.name).symlink_to(file)
    return {**os.environ, "PKG_CONFIG_PATH": "", "PKG_CONFIG_LIBDIR": str(folder), "CMAKE": "/nowhere/cmake"}


def try_without_re2(root, work):
    """The library configures without it; what needs the test server says what is missing."""
    source, build = work / "alone", work / "alone-build"
    make_project(source, LIBRARY_ALONE, root)
    environment = without_re2(work / "pkgconfig")
    for option, needs_it in (("cli=auto", False), ("cli=enabled", True), ("examples=enabled", True)):
        shutil.rmtree(build, ignore_errors=True)
        done = subprocess.run(["meson", "setup", "--wrap-mode=nodownload", f"-Driemann-asio:{option}", build, source],
                              capture_output=True, text=True, env=environment, timeout=PATIENCE)
        told = re.findall(r"^.*RE2.* libre2-dev.*$", done.stdout, re.MULTILINE)
        if (done.returncode != 0) != needs_it or not told or ("ERROR" in told[-1]) != needs_it:
            raise SystemExit(f"FAILED without RE2, {option}\n{done.stdout[-2000:]}\n3 passed, 1 failed")


def main():
    root, work = (pathlib.Path(argument) for argument in sys.argv[1:])
    source, build = work / "source", work / "build"
    make_project(source, PROJECT, root)
    (source / "consumer.cpp").write_text((root / "examples/testing.cpp").read_text())
    again = ["--reconfigure"] if (build / "build.ninja").exists() else []
    run("meson", "setup", *again, build, source)
    run("ninja", "-C", build)
    # What another compiler warns of in our sources is no error, even to who has it so in theirs.
    strict = [entry["file"] for entry in json.loads((build / "compile_commands.json").read_text())
              if "-Werror" in entry["command"].split()]
    if [pathlib.Path(file).name for file in strict] != ["consumer.cpp"]:
        raise SystemExit(f"FAILED with -Werror: {strict}\n0 passed, 1 failed")
    run("meson", "test", "-C", build, "--no-rebuild")
    tests = [test["name"] for test in json.loads(run("meson", "introspect", "--tests", build))]
    programs = [
        target["name"]
        for target in json.loads(run("meson", "introspect", "--targets", build))
        if target["type"] == "executable"
    ]
    for what, found in (("tests", tests), ("programs", programs)):
        if found != ["consumer"]:
            raise SystemExit(f"FAILED our {what} came along: {found}\n0 passed, 1 failed")
    # Nothing of ours is installed with a user's own, unless it is asked for.
    for asked, wanted in (("auto", False), ("enabled", True)):
        run("meson", "setup", "--reconfigure", build, source, f"-Driemann-asio:install={asked}")
        installed = json.loads(run("meson", "introspect", "--installed", build))
        if any("riemann" in pathlib.Path(path).name for path in installed.values()) != wanted:
            raise SystemExit(f"FAILED with install={asked}: {installed}\n1 passed, 1 failed")
    try_without_re2(root, work)
    print("4 passed, 0 failed")


if __name__ == "__main__":
    main()
