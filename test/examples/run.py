#!/usr/bin/env python3
"""Runs every example against a server of ours, and checks that the programs in
the README, and on pages like it, are cut from those compiled.

usage: run.py SOURCE_ROOT RIEMANN_CLI EXAMPLE...
"""

import pathlib
import re
import subprocess
import sys
import textwrap

EXPECTED = {
    "example_batch": "acked 100001 of 100001",
    "example_callbacks": "acked 1000 of 1000",
    "example_coroutine": "as an exception: ",
    "example_futures": "1 event found",
    "example_quick_start": "api latency is ok",
    "example_reporter": ", 40 orders",
    "example_stackful": "1 event found",
    "example_sync": "1 event found",
    "example_testing": "the server has it",
    "example_tls": "not for elsewhere.example: hostname mismatch",
    "example_transports": "udp: Success",
}
# Which marks in the examples each page shows, all of them and nothing else.
PAGES = {"README.md": ("readme",), "doc/reporter.md": ("reporter", "recording", "stopping")}
PATIENCE = 60


def run_example(path, ready):
    arguments = {
        "example_testing": [],
        "example_tls": [ready["host"], ready["tls"], ready["certificates"]],
    }.get(path.name, [ready["host"], ready["port"]])
    run = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=PATIENCE)
    if run.returncode != 0:
        return f"exit code {run.returncode}: {run.stderr.strip()}"
    if EXPECTED[path.name] not in run.stdout:
        return f"printed {run.stdout!r}, not {EXPECTED[path.name]!r}"
    return None


def foreign_blocks(root, page, marks):
    """The page's programs that are cut from none of the examples."""
    cuts = set()
    for path in sorted((root / "examples").glob("*.cpp")):
        for mark in marks:
            for cut in re.findall(rf"// \[{mark}\]\n(.*?) *// \[/{mark}\]", path.read_text(), re.DOTALL):
                cuts.add(textwrap.dedent(cut).strip())
    blocks = {block.strip() for block in re.findall(r"```cpp\n(.*?)```", (root / page).read_text(), re.DOTALL)}
    if not blocks:
        return f"{page} has no program"
    if cuts - blocks:
        return f"{page} does not show what an example says it does:\n{sorted(cuts - blocks)[0]}"
    return f"no example has this:\n{sorted(blocks - cuts)[0]}" if blocks - cuts else None


def main():
    root, cli = pathlib.Path(sys.argv[1]), sys.argv[2]
    examples = [pathlib.Path(argument) for argument in sys.argv[3:]]
    server = subprocess.Popen(
        [cli, "serve", "--port", "0", "--tls", "--mutual"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    verdicts = {}
    try:
        line = server.stdout.readline()
        ready = re.match(
            r"ready tcp=(?P<host>\S+):(?P<port>\d+) udp=\S+ tls=\S+:(?P<tls>\d+) certificates=(?P<certificates>\S+)$",
            line,
        )
        for example in examples:
            verdicts[example.name] = run_example(example, ready)
    finally:
        server.terminate()
        server.wait()
    for name in EXPECTED:
        verdicts.setdefault(name, "was not built")
    for page, marks in PAGES.items():
        verdicts[f"programs of {page}"] = foreign_blocks(root, page, marks)
    failed = {name: why for name, why in verdicts.items() if why}
    for name, why in failed.items():
        print(f"FAILED {name}: {why}")
    print(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
