#!/usr/bin/env python3
"""Runs every example against a server of ours, and checks that every program on every
page of the documentation is cut from those compiled.

usage: run.py SOURCE_ROOT RIEMANN_CLI EXAMPLE...
"""

import pathlib
import re
import signal
import subprocess
import sys
import textwrap

EXPECTED = {
    "example_batch": "acked 100001 of 100001",
    "example_blank": "as it was told",
    "example_callbacks": "acked 1000 of 1000",
    "example_certificates": "sent: Success",
    "example_coroutine": "as an exception: ",
    "example_futures": "1 event found",
    "example_own_allocator": "all memory came from here, and is back",
    "example_own_executor": "told on the main thread",
    "example_own_transport": "the file has it",
    "example_query": 'disk "a" used: 0.95',
    "example_quick_start": "api latency is ok",
    "example_reporter": ", 40 orders",
    "example_server": "Riemann knows of 3 requests",
    "example_several": "pool: Success",
    "example_shutdown": "\n0 events lost",
    "example_stackful": "1 event found",
    "example_sync": "1 event found",
    "example_testing": "the server has it",
    "example_thread_pool": "acked 1000 of 1000",
    "example_tls": "not for elsewhere.example: hostname mismatch",
    "example_transports": "udp: Success",
}
# Those that need no server of ours.
ALONE = ("example_blank", "example_certificates", "example_own_transport", "example_testing")
PATIENCE = 60


def run_example(path, ready):
    arguments = {
        **{name: [] for name in ALONE},
        "example_tls": [ready["host"], ready["tls"], ready["certificates"]],
    }.get(path.name, [ready["host"], ready["port"]])
    pipe = subprocess.PIPE
    with subprocess.Popen([path, *arguments], stdout=pipe, stderr=pipe, text=True) as run:
        said = ""
        if path.name == "example_shutdown":
            said = run.stdout.readline()
            run.send_signal(signal.SIGTERM)
        try:
            more, complaints = run.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            run.kill()
            return f"did not end within {PATIENCE} s"
    said += more
    if run.returncode != 0:
        return f"exit code {run.returncode}: {complaints.strip()}"
    if EXPECTED[path.name] not in said:
        return f"printed {said!r}, not {EXPECTED[path.name]!r}"
    return None


def blocks_of(page, language):
    return [
        block.strip()
        for block in re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)
    ]


def pages_of(root):
    return [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "doc").glob("*.md"))]


def foreign_programs(root):
    """A program on a page that is cut from none of the examples, or a cut on no page."""
    cuts = {}
    for path in sorted((root / "examples").glob("*.cpp")):
        for cut in re.findall(r"// \[shown\]\n(.*?) *// \[/shown\]", path.read_text(), re.DOTALL):
            cuts[textwrap.dedent(cut).strip()] = path.name
    shown = {}
    for page in pages_of(root):
        shown.update({block: page.name for block in blocks_of(page, "cpp")})
    if not blocks_of(root / "README.md", "cpp"):
        return "the README has no program"
    for cut in cuts.keys() - shown.keys():
        return f"no page shows what {cuts[cut]} says is shown:\n{cut}"
    for block in shown.keys() - cuts.keys():
        return f"no example has this, of {shown[block]}:\n{block}"
    return None


def foreign_languages(root):
    """A block of which nobody knows whether it is checked."""
    known = {"cpp", "meson", "sh", "bash", "text", "clojure", "cmake"}
    for page in pages_of(root):
        fences = re.findall(r"^```(.*)$", page.read_text(), re.MULTILINE)
        for language in fences[::2]:
            if language not in known:
                return f"{page.name} has a block of {language!r}"
    return None


def main():
    root, cli = pathlib.Path(sys.argv[1]), sys.argv[2]
    examples = [pathlib.Path(argument) for argument in sys.argv[3:]]
    server = subprocess.Popen(
        [cli, "serve", "--port", "0", "--tls", "--mutual"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
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
    verdicts["programs_on_pages"] = foreign_programs(root)
    verdicts["languages_on_pages"] = foreign_languages(root)
    failed = {name: why for name, why in verdicts.items() if why}
    for name, why in failed.items():
        print(f"FAILED {name}: {why}")
    print(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
