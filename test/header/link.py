#!/usr/bin/env python3
"""usage: link.py SCRATCH-DIRECTORY LIBRARY... -- COMPILER FLAGS...

A program in which Asio's switches are as in the library links; one with another does not,
and is told which. Prints `N passed, M failed`.
"""

import subprocess
import sys
from pathlib import Path

PROGRAM = "#include <riemann/sync_client.hpp>\n#include <riemann/tcp_transport.hpp>\nint main() {}\n"
SWITCHES = {
    "-DBOOST_ASIO_NO_DEPRECATED": "with_BOOST_ASIO_NO_DEPRECATED",
    "-DBOOST_ASIO_ENABLE_HANDLER_TRACKING": "with_BOOST_ASIO_ENABLE_HANDLER_TRACKING",
    "-DBOOST_ASIO_DISABLE_EPOLL": "without_BOOST_ASIO_HAS_EPOLL",
    "-DBOOST_ASIO_DISABLE_THREADS": "without_BOOST_ASIO_HAS_THREADS",
    "-D_GLIBCXX_DEBUG": "with_GLIBCXX_DEBUG",
    "-fno-rtti": "with_BOOST_ASIO_NO_TYPEID",
}


def main():
    split = sys.argv.index("--")
    scratch, libraries, command = Path(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    source = scratch / "same_asio.cpp"
    source.write_text(PROGRAM, encoding="utf-8")

    def build(*switches):
        return subprocess.run([*command, *switches, str(source), "-o", str(scratch / "same-asio"), *libraries],
                              capture_output=True, text=True, check=False)

    failed = []
    done = build()
    if done.returncode:
        failed.append(f"does not link as it is: {done.stderr[-2000:]}")
    for switch, missing in SWITCHES.items():
        done = build(switch)
        if done.returncode == 0 or f"library_was_compiled::{missing}'" not in done.stderr:
            failed.append(f"with {switch} it is not told of {missing}: {done.returncode} {done.stderr[-2000:]}")
    for one in failed:
        print(one)
    print(f"{1 + len(SWITCHES) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
