#!/usr/bin/env python3
"""Compiles each case twice: as it is it must compile, with -DMISTAKE it must not,
for the reason its first line names (a regular expression after `// refused: `;
`// only: PREDEFINED` lines name a macro without which the case does not apply).

usage: run.py CASES_DIR COMPILER [ARGUMENT...]
"""

import pathlib
import re
import subprocess
import sys


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


def main():
    cases, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    passed = failed = 0
    for case in sorted(cases.glob("*.cpp")):
        text = case.read_text()
        reason = re.search(r"^// refused: (.*)$", text, re.MULTILINE)[1]
        good, output = compiles(command, case)
        if not good:
            verdict = f"its right half does not compile:\n{output}"
        elif not applies(command, text):
            bad, output = compiles(command, case, "-DMISTAKE")
            verdict = None if bad else f"this compiler is not to refuse it:\n{output}"
        else:
            bad, output = compiles(command, case, "-DMISTAKE")
            if bad:
                verdict = "its mistake compiles"
            elif not re.search(reason, output):
                verdict = f"its mistake is refused, but not for /{reason}/:\n{output}"
            else:
                verdict = None
        passed, failed = passed + (verdict is None), failed + (verdict is not None)
        if verdict is not None:
            print(f"FAILED {case.name}: {verdict}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
