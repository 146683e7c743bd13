#!/usr/bin/env python3
"""Compiles each case twice: as it is it must compile, with -DMISTAKE it must not,
for the reason its first line names (a regular expression after `// refused: `;
`// only: PREDEFINED` lines name a macro without which the case does not apply).

usage: run.py CASES_DIR COMPILER [ARGUMENT...]
"""

import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


def compiles(command, case, *more):
    run = subprocess.run([*command, *more, "-fsyntax-only", str(case)], capture_output=True, text=True)
    return run.returncode == 0, run.stderr


def applies(command, text):
    macro = re.search(r"^// only: (.*)$", text, re.MULTILINE)
    if not macro:
        return True
    probe = f"#include <riemann/detail/compiler.hpp>\n#if !({macro[1]})\n#error\n#endif\n"
    run = subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input=probe, capture_output=True, text=True)
    return run.returncode == 0


def judge(command, case):
    """Why the case fails, or none."""
    text = case.read_text()
    reason = re.search(r"^// refused: (.*)$", text, re.MULTILINE)[1]
    good, output = compiles(command, case)
    if not good:
        return f"its right half does not compile:\n{output}"
    bad, output = compiles(command, case, "-DMISTAKE")
    if not applies(command, text):
        return None if bad else f"this compiler is not to refuse it:\n{output}"
    if bad:
        return "its mistake compiles"
    return None if re.search(reason, output) else f"its mistake is refused, but not for /{reason}/:\n{output}"


def main():
    cases, command = sorted(pathlib.Path(sys.argv[1]).glob("*.cpp")), sys.argv[2:]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for case, why in zip(cases, pool.map(lambda case: judge(command, case), cases)):
            if why:
                failed += 1
                print(f"FAILED {case.name}: {why}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
