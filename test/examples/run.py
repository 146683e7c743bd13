#!/usr/bin/env python3
"""Runs every example against a server of ours, and checks that the program in the
README is the one compiled.

usage: run.py SOURCE_ROOT RIEMANN_CLI EXAMPLE...
"""

import pathlib
import re
import subprocess
import sys

EXPECTED = {
    "example_callbacks": "acked 1000 of 1000",
    "example_futures": "1 event found",
    "example_quick_start": "api latency is ok",
    "example_testing": "the server has it",
}
PATIENCE = 60


def run_example(path, host, port):
    arguments = [] if path.name == "example_testing" else [host, port]
    run = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=PATIENCE)
    if run.returncode != 0:
        return f"exit code {run.returncode}: {run.stderr.strip()}"
    if EXPECTED[path.name] not in run.stdout:
        return f"printed {run.stdout!r}, not {EXPECTED[path.name]!r}"
    return None


def readme_program(root):
    source = (root / "examples/quick_start.cpp").read_text()
    cut = re.search(r"// \[readme\]\n(.*?)// \[/readme\]", source, re.DOTALL)[1].strip()
    blocks = re.findall(r"```cpp\n(.*?)```", (root / "README.md").read_text(), re.DOTALL)
    if cut not in [block.strip() for block in blocks]:
        return "the README's program is not the one in examples/quick_start.cpp"
    return None


def main():
    root, cli = pathlib.Path(sys.argv[1]), sys.argv[2]
    examples = [pathlib.Path(argument) for argument in sys.argv[3:]]
    server = subprocess.Popen([cli, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    verdicts = {}
    try:
        ready = re.match(r"ready tcp=(\S+):(\d+) ", server.stdout.readline())
        for example in examples:
            verdicts[example.name] = run_example(example, ready[1], ready[2])
    finally:
        server.kill()
        server.wait()
    for name in EXPECTED:
        verdicts.setdefault(name, "was not built")
    verdicts["readme_program"] = readme_program(root)
    failed = {name: why for name, why in verdicts.items() if why}
    for name, why in failed.items():
        print(f"FAILED {name}: {why}")
    print(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
