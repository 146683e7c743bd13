#!/usr/bin/env python3
"""Builds and runs a program of a user's whose Meson project has this one as its
subproject, and sees that none of our tests and programs come along.

usage: run.py SOURCE_ROOT WORK_DIRECTORY
"""

import json
import pathlib
import subprocess
import sys

PROJECT = """\
project('consumer', 'cpp', default_options: ['cpp_std=c++20', 'warning_level=3', 'werror=true'])
riemann = dependency('riemann-asio')
testkit = dependency('riemann-testkit', fallback: 'riemann-asio')
test('consumer', executable('consumer', 'consumer.cpp', dependencies: [riemann, testkit]))
"""


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(f"FAILED {' '.join(command)}\n{(done.stdout + done.stderr)[-3000:]}\n0 passed, 1 failed")
    return done.stdout


def main():
    root, work = (pathlib.Path(argument) for argument in sys.argv[1:])
    source, build = work / "source", work / "build"
    (source / "subprojects").mkdir(parents=True, exist_ok=True)
    (source / "meson.build").write_text(PROJECT)
    (source / "consumer.cpp").write_text((root / "examples/testing.cpp").read_text())
    link = source / "subprojects/riemann-asio"
    if not link.is_symlink():
        link.symlink_to(root, target_is_directory=True)
    again = ["--reconfigure"] if (build / "build.ninja").exists() else []
    run("meson", "setup", *again, build, source)
    run("ninja", "-C", build)
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
    print("3 passed, 0 failed")


if __name__ == "__main__":
    main()
