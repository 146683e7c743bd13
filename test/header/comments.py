#!/usr/bin/env python3
"""Sees that every public async function's comment has the headings, and that each
heading of each function has a test named after it.

usage: comments.py SOURCE_ROOT HEADER...
"""

import pathlib
import re
import sys

HEADINGS = ("Completes when", "Handler signature", "Outcomes and errors", "Cancellation", "Threads", "Lifetime")
FUNCTION = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*template <(?:(?!/\*\*).)*?\bauto (async_\w+)\(", re.DOTALL)
DECLARATION = re.compile(r"^\s*auto (async_\w+)\(", re.MULTILINE)


def main():
    root, headers = pathlib.Path(sys.argv[1]), sys.argv[2:]
    listed = set(headers)
    passed, failures, functions = 0, [], {}
    for path in sorted((root / "include/riemann").rglob("*.hpp")):
        name = str(path.relative_to(root / "include/riemann"))
        if not name.startswith("detail/") and name not in listed:
            failures.append(f"{name} is not among the headers that are tested")
    for header in headers:
        text = (root / "include/riemann" / header).read_text()
        found = FUNCTION.findall(text)
        declared = DECLARATION.findall(text)
        if len(found) != len(declared):
            failures.append(f"{header}: {len(declared)} async functions, {len(found)} of them with a comment")
        for comment, name in found:
            functions.setdefault(name, header)
            words = " ".join(comment.replace("*", " ").split())
            for heading in HEADINGS:
                if heading in words:
                    passed += 1
                else:
                    failures.append(f"{header}: the comment of {name} does not say '{heading}'")
    tests = "\n".join(path.read_text() for path in sorted((root / "test").rglob("*.cpp")))
    for name, header in functions.items():
        for heading in HEADINGS:
            test = f"{name}_{heading.lower().replace(' ', '_')}_"
            if re.search(rf"(?:BOOST_AUTO|TRANSPORT)_TEST_CASE\({test}", tests):
                passed += 1
            else:
                failures.append(f"{header}: no test of {name} is named {test}...")
    if not functions:
        failures.append("no async function was found")
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
