#!/usr/bin/env python3
"""Sees that a shared library shows what is public, all of it, and nothing else.

usage: symbols.py ARCHIVE SHARED_LIBRARY [LIBRARY_BELOW]

ARCHIVE is what the shared library is made of. What LIBRARY_BELOW has, the shared library
is not to have as well: there would be two of it in one process.
"""

import re
import subprocess
import sys

# The rooms of src/: nobody's business.
INSIDE = re.compile(r"\briemann::v0::(?:core|net|codec|clients|testkit::detail)::")
# Classes nested in public ones, defined in src/.
NESTED = re.compile(r"^riemann::v0::[\w:]+::(?:impl|content|writer)(?:::|$)")
OURS = re.compile(r"\briemann::(?:v0|proto)::")
GENERATED = re.compile(r"riemann_2friemann_2eproto|riemann::proto::")
STRONG = set("TDBR")


def symbols(path, *options):
    """(name, kind) of all that is defined there, demangled."""
    listed = subprocess.run(["nm", "-C", "--defined-only", *options, path], capture_output=True, text=True, check=True)
    found = set()
    for line in listed.stdout.splitlines():
        parts = line.split(" ", 2)
        if len(parts) == 3 and len(parts[1]) == 1:
            found.add((parts[2], parts[1]))
    return found


def what_of(name):
    """The entity of `vtable for X` and the like."""
    return re.sub(r"^(?:vtable|typeinfo|typeinfo name|VTT|guard variable|construction vtable) for ", "", name)


def is_public(name):
    return bool(OURS.search(name)) and not INSIDE.search(name) and not NESTED.search(name)


def main():
    archive, shared, *below = sys.argv[1:]
    shown = symbols(shared, "-D")
    names = {name for name, _ in shown}
    strong = {name for name, kind in shown if kind in STRONG}
    failures = []

    hidden = {n for n, kind in symbols(archive) if kind in STRONG and is_public(n)} - names
    # Of another library, whose archive has it in itself.
    failures += [f"public, and not to be seen: {name}" for name in sorted(hidden)]

    inside = {n for n in names if INSIDE.search(n) or NESTED.search(what_of(n))}
    failures += [f"inside, and to be seen: {n}" for n in sorted(inside)]

    stray = {n for n in strong if not what_of(n).startswith("riemann::") and not GENERATED.search(n)}
    failures += [f"neither ours nor a template's: {n}" for n in sorted(stray)]

    if below:
        doubled = strong & {name for name, kind in symbols(below[0], "-D") if kind in STRONG}
        failures += [f"in {below[0]}, too: {n}" for n in sorted(doubled)]

    public = sum(1 for name in strong if is_public(name))
    if not public:
        failures.append("it shows nothing of ours")
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"symbols: {public} public ones of its own, {len(names)} with what templates left")
    print(f"{public} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
