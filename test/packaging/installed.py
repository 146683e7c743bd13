#!/usr/bin/env python3
"""Installs what is built into a root of its own, and builds programs against that, by
pkg-config and by CMake, with the shared libraries and with the archives; runs them.

usage: installed.py SOURCE_ROOT BUILD_ROOT CONSUMER_DIRECTORY WORK_DIRECTORY --prefix P --libdir L
       --version V [--static] [--program]
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

WARNINGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror"]
PATIENCE = 300
# Below share/, with something that each has in it.
WRITTEN_BY_THE_PROGRAM = {
    "man/man1/riemann-cli.1": ".SH ",
    "bash-completion/completions/riemann-cli": "complete ",
    "zsh/site-functions/_riemann-cli": "#compdef riemann-cli",
    "fish/vendor_completions.d/riemann-cli.fish": "complete -c riemann-cli",
}


class Failure(Exception):
    pass


def run(*command, good=True, env=None, cwd=None):
    """What it printed; `good`: whether it is to succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=PATIENCE,
                          env={**os.environ, **(env or {})}, cwd=cwd)
    said = done.stdout + done.stderr
    if (done.returncode == 0) != good:
        raise Failure(f"exit code {done.returncode} of {shlex.join(map(str, command))}\n{said[-3000:]}")
    return said


class Installation:
    """What is installed under a root, and how to build against it."""

    def __init__(self, options):
        self.options = options
        self.root = options.work / "root"
        # An absolute prefix, below the root.
        self.prefix = pathlib.Path(f"{self.root}{options.prefix}")
        self.lib = self.prefix / options.libdir
        self.include = self.prefix / "include"
        self.series = ".".join(options.version.split(".")[:2 if options.version.startswith("0.") else 1])
        self.compiler = shlex.split(os.environ.get("CXX", "c++"))
        self.of_shared = {"LD_LIBRARY_PATH": str(self.lib)}

    def make(self):
        if self.root.exists():
            shutil.rmtree(self.root)
        run("meson", "install", "-C", self.options.build, "--destdir", self.root, "--no-rebuild", "--quiet")

    def pkg_config(self, *what, alone=False):
        """Its flags. `alone`: with nobody else's files to be found."""
        return shlex.split(run("pkg-config", *what, env=self.of_pkg_config(alone)))

    def of_pkg_config(self, alone=False):
        ours = self.lib / "pkgconfig"
        others = run("pkg-config", "--variable", "pc_path", "pkg-config").strip()
        return {"PKG_CONFIG_LIBDIR": str(ours) if alone else f"{ours}:{others}",
                "PKG_CONFIG_SYSROOT_DIR": str(self.root)}

    def compile(self, name, flags):
        built = self.options.work / f"{name}.o"
        run(*self.compiler, *WARNINGS, *flags, "-MD", "-c", self.options.consumer / f"{name}.cpp", "-o", built)
        return built

    def link(self, name, kind, flags):
        program = self.options.work / f"{name}-{kind}"
        run(*self.compiler, self.options.work / f"{name}.o", "-o", program, *flags)
        return program

    def needed(self, file):
        return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", file))

    def run_shared(self, program):
        ours = [name for name in self.needed(program) if name.startswith("libriemann")]
        if not ours or any(not name.endswith(f".so.{self.series}") for name in ours):
            raise Failure(f"{program.name} needs {self.needed(program)}, not libraries of {self.series}")
        run(program, env=self.of_shared)

    def run_static(self, program):
        ours = [name for name in self.needed(program) if name.startswith("libriemann")]
        if ours:
            raise Failure(f"{program.name} needs {ours}, and was to have it all in itself")
        run(program)

    def archives_alone(self, flags):
        """The flags, with the archives in place of our libraries."""
        return [str(self.lib / f"lib{flag[2:]}.a") if flag.startswith("-lriemann") else flag for flag in flags]


def layout(at):
    """Everything is where it is looked for."""
    shared = [at.lib / f"lib{name}.so.{at.series}" for name in ("riemann-asio", "riemann-testkit")]
    for library in shared:
        soname = re.search(r"\(SONAME\).*\[(.*)\]", run("readelf", "-d", library))
        if not soname or soname[1] != library.name:
            raise Failure(f"{library} calls itself {soname and soname[1]}")
    wanted = [at.include / "riemann/riemann.pb.h", at.include / "riemann/testkit/server.hpp"]
    wanted += [at.include / "riemann" / name for name in ("client.hpp", "version.hpp", "detail/export.hpp")]
    if at.options.static:
        wanted += [at.lib / "libriemann-asio.a", at.lib / "libriemann-testkit.a"]
    missing = [str(path) for path in wanted if not path.exists()]
    bare = sorted(path.name for path in at.include.iterdir() if path.name != "riemann")
    if missing or bare:
        raise Failure(f"missing: {missing}; in include/ and not ours to name: {bare}")


def program_runs(at):
    said = run(at.prefix / "bin/riemann-cli", "--version")
    if at.options.version not in said:
        raise Failure(f"riemann-cli --version says {said!r}")
    for path, words in WRITTEN_BY_THE_PROGRAM.items():
        if words not in (at.prefix / "share" / path).read_text():
            raise Failure(f"{path} does not say {words!r}")


def without_protobuf(at):
    """The library alone takes no other package's file, and no other's headers but Boost's."""
    at.compile("base", at.pkg_config("--cflags", "riemann-asio", alone=True))
    depends = (at.options.work / "base.d").read_text()
    for unwanted in ("google/protobuf", "riemann.pb.h", "/openssl/"):
        if unwanted in depends:
            raise Failure(f"a program that uses neither was compiled with {unwanted}")
    at.run_shared(at.link("base", "shared", at.pkg_config("--libs", "riemann-asio", alone=True)))


def by_pkg_config(at):
    for name, package in (("border", "riemann-testkit"), ("protobuf", "riemann-asio-protobuf")):
        at.compile(name, at.pkg_config("--cflags", package))
        at.run_shared(at.link(name, "shared", at.pkg_config("--libs", package)))


def by_pkg_config_static(at):
    for name, package in (("base", "riemann-asio"), ("border", "riemann-testkit"),
                          ("protobuf", "riemann-asio-protobuf")):
        at.run_static(at.link(name, "static", at.archives_alone(at.pkg_config("--static", "--libs", package))))


def cmake(at, directory, *more, good=True):
    build = at.options.work / directory
    if build.exists():
        shutil.rmtree(build)
    compiler = [f"-DCMAKE_CXX_COMPILER={shutil.which(at.compiler[-1])}"]
    if len(at.compiler) == 2:
        compiler.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={at.compiler[0]}")
    said = run("cmake", "-S", at.options.consumer, "-B", build, f"-DCMAKE_PREFIX_PATH={at.prefix}", *compiler,
               f"-DWANTED_VERSION={at.series}", *more, good=good, env={"CXX": ""})
    return said, build


def by_cmake(at):
    said, build = cmake(at, "cmake")
    if f"riemann-asio {at.options.version}: SHARED_LIBRARY" not in said:
        raise Failure(f"CMake found something else:\n{said}")
    run("cmake", "--build", build)
    for name in ("base", "border", "protobuf"):
        at.run_shared(build / name)


def by_cmake_static(at):
    said, build = cmake(at, "cmake-static", "-DRIEMANN_ASIO_USE_STATIC_LIBS=ON")
    if f"riemann-asio {at.options.version}: STATIC_LIBRARY" not in said:
        raise Failure(f"CMake found something else:\n{said}")
    # As compiled before.
    run("cmake", "--build", build)
    for name in ("base", "border", "protobuf"):
        at.run_static(build / name)


def cmake_without_protobuf(at):
    cmake(at, "cmake-base", "-DWITH_COMPONENTS=OFF", "-DCMAKE_DISABLE_FIND_PACKAGE_Protobuf=ON",
          "-DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON")


def refused(at, words, *more):
    said, _ = cmake(at, "cmake-refused", *more, good=False)
    said = " ".join(said.split())
    if words not in said:
        raise Failure(f"it was refused, but not by saying {words!r}:\n{said}")


def cmake_refuses_versions(at):
    major, minor, patch = (int(part) for part in at.options.version.split("."))
    accepted = [f"{major}.{minor}", at.options.version, f"{major}"]
    wrong = [f"{major}.{minor + 1}", f"{major + 1}.0", f"{major}.{minor}.{patch + 1}"]
    for version in accepted:
        cmake(at, "cmake-version", f"-DWANTED_VERSION={version}", "-DWITH_COMPONENTS=OFF")
    for version in wrong:
        refused(at, f'compatible with requested version "{version}"', f"-DWANTED_VERSION={version}")


def cmake_refuses_components(at):
    refused(at, "component nonsense: there is none of that name; there are: testkit, protobuf",
            "-DMORE_COMPONENTS=nonsense")
    refused(at, "component protobuf: protobuf 3.21 or newer, with its headers, was not found",
            "-DCMAKE_DISABLE_FIND_PACKAGE_Protobuf=ON")


def documented(at, language):
    """What doc/packaging.md shows in that language."""
    text = (at.options.source / "doc/packaging.md").read_text()
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return next(block for block in blocks if "program" in block)


def as_documented(at):
    """The three builds of doc/packaging.md, as they stand there."""
    at_work = at.options.work / "documented"
    if at_work.exists():
        shutil.rmtree(at_work)
    at_work.mkdir()
    for name, to in (("base.cpp", "program.cpp"), ("check.hpp", "check.hpp")):
        shutil.copy(at.options.consumer / name, at_work / to)
    (at_work / "meson.build").write_text(
        "project('documented', 'cpp', default_options: 'cpp_std=c++20')\n" + documented(at, "meson"))
    (at_work / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(documented CXX)\n" + documented(at, "cmake"))
    run("sh", "-euc", documented(at, "sh"), cwd=at_work, env=at.of_pkg_config())
    run("meson", "setup", "by-meson", cwd=at_work, env=at.of_pkg_config())
    run("ninja", "-C", "by-meson", cwd=at_work)
    run("cmake", "-S", ".", "-B", "by-cmake", f"-DCMAKE_PREFIX_PATH={at.prefix}", cwd=at_work, env={"CXX": "g++"})
    run("cmake", "--build", "by-cmake", cwd=at_work)
    for program in ("program", "by-meson/program", "by-cmake/program"):
        at.run_shared(at_work / program)


def main():
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("source", type=pathlib.Path)
    told.add_argument("build", type=pathlib.Path)
    told.add_argument("consumer", type=pathlib.Path)
    told.add_argument("work", type=pathlib.Path)
    told.add_argument("--prefix", required=True)
    told.add_argument("--libdir", required=True)
    told.add_argument("--version", required=True)
    told.add_argument("--static", action="store_true", help="the archives are installed, too")
    told.add_argument("--program", action="store_true", help="riemann-cli is installed, too")
    options = told.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    at = Installation(options)
    at.make()
    cases = [layout, without_protobuf, by_pkg_config, by_cmake, cmake_without_protobuf, cmake_refuses_versions,
             cmake_refuses_components, as_documented]
    if options.static:
        cases += [by_pkg_config_static, by_cmake_static]
    if options.program:
        cases.append(program_runs)
    passed = 0
    for case in cases:
        try:
            case(at)
            passed += 1
        except Failure as failure:
            print(f"FAILED {case.__name__}: {failure}")
    print(f"{passed} passed, {len(cases) - passed} failed")
    return 0 if passed == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
