#!/usr/bin/env python3
"""Sees that what is written down in several places says the same: the version, and the
packages that it takes to build.

usage: agreement.py SOURCE_ROOT VERSION
"""

import pathlib
import re
import sys

# Wanted by the tools, and not by a package's build, which has a compiler anyway.
TOOLS_ALONE = {"ca-certificates", "ccache", "g++", "ninja-build", "python3"}


def header_versions(text):
    """The version by its parts, and as a string."""
    parts = [re.search(rf"#define RIEMANN_ASIO_VERSION_{part} (\d+)$", text, re.MULTILINE)[1]
             for part in ("MAJOR", "MINOR", "PATCH")]
    return ".".join(parts), re.search(r'#define RIEMANN_ASIO_VERSION_STRING "(.*)"', text)[1]


def build_depends(control):
    field = re.search(r"^Build-Depends:((?:.*\n)(?:[ \t].*\n)*)", control, re.MULTILINE)[1]
    return {re.split(r"[ (|]", entry.strip())[0] for entry in field.split(",") if entry.strip()}


def wanted_packages(listed):
    lines = (line.split("#")[0].split() for line in listed.splitlines())
    return {words[0] for words in lines if len(words) > 1 and words[1] == "build"} - TOOLS_ALONE


def main():
    root, version = pathlib.Path(sys.argv[1]), sys.argv[2]
    parts, string = header_versions((root / "include/riemann/version.hpp").read_text())
    debian = re.match(r"riemann-asio \(([^)-]+)\)", (root / "debian/changelog").read_text())
    series = ".".join(version.split(".")[:2]) if version.startswith("0.") else version.split(".")[0]
    control = (root / "debian/control").read_text()
    checks = {
        "version.hpp's numbers": parts == version,
        "version.hpp's string": string == version,
        "debian/changelog": debian is not None and debian[1] == version,
        "debian/control's package of the library": f"Package: libriemann-asio{series}\n" in control,
        "debian/control's package of the testkit": f"Package: libriemann-testkit{series}\n" in control,
    }
    missing = wanted_packages((root / "tools/packages.txt").read_text()) - build_depends(control)
    checks[f"debian/control's Build-Depends (missing: {sorted(missing)})"] = not missing
    for what in (what for what, good in checks.items() if not good):
        print(f"FAILED {what}: not as meson.build ({version}) and tools/packages.txt say")
    print(f"{sum(checks.values())} passed, {len(checks) - sum(checks.values())} failed")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
