#!/usr/bin/env python3
"""What a user's file costs: its size after preprocessing, which is capped, and the
time to compile it beside that of Asio's headers alone, which is told.

usage: cost.py FILE WORK_DIRECTORY COMPILER [ARGUMENT...]
"""

import pathlib
import re
import subprocess
import sys
import time

MOST_OF_OURS = 1_500  # lines of this library's headers, without empty ones
MOST_BESIDE_ASIO = 1.15  # times what the file's other headers make without them


def preprocess(command, source):
    done = subprocess.run([*command, "-E", "-x", "c++", "-"], input=source, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.strip()]


def count_ours(lines):
    ours, here = 0, False
    for line in lines:
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            here = "include/riemann/" in marker[1]
        elif here:
            ours += 1
    return ours


def compile_seconds(command, source, output):
    begin = time.monotonic()
    subprocess.run([*command, "-O2", "-c", "-x", "c++", "-", "-o", output], input=source, text=True, check=True)
    return time.monotonic() - begin


def main():
    source = pathlib.Path(sys.argv[1]).read_text()
    output = str(pathlib.Path(sys.argv[2]) / "users_file.o")
    command = [argument for argument in sys.argv[3:] if pathlib.Path(argument).name != "ccache"]
    without = "\n".join(re.findall(r"^#include <(?:boost|[a-z_]+)[^>]*>$", source.replace("<riemann", "<-"), re.M))
    # What the library's headers themselves need of Asio and OpenSSL's absence is in.
    without += "\n#include <boost/asio/ip/tcp.hpp>\n#include <boost/asio/deferred.hpp>\n"
    lines = preprocess(command, source)
    ours = count_ours(lines)
    beside = len(lines) / len(preprocess(command, without))
    print(f"lines: {len(lines)}, of which ours {ours}; {beside:.2f} times the file without riemann's headers")
    print(f"compiled in {compile_seconds(command, source, output):.1f} s, "
          f"its other headers alone in {compile_seconds(command, without, output):.1f} s")
    failures = []
    if ours > MOST_OF_OURS:
        failures.append(f"FAILED our headers have {ours} lines, more than {MOST_OF_OURS}")
    if beside > MOST_BESIDE_ASIO:
        failures.append(f"FAILED {beside:.2f} times the file without them, more than {MOST_BESIDE_ASIO}")
    for unwanted in ("openssl/", "google/protobuf", "riemann.pb.h"):
        if any(line.startswith("# ") and unwanted in line for line in lines):
            failures.append(f"FAILED {unwanted} is included")
    print("\n".join([*failures, f"{5 - len(failures)} passed, {len(failures)} failed"]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
