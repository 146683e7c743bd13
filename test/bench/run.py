#!/usr/bin/env python3
"""Sees that every measure runs and says what it is to say; its figures are nobody's
business here.

usage: run.py RIEMANN_CLI BUILD_FOLDER
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
BENCH = Path(__file__).resolve().parent.parent.parent / "bench"
sys.path.insert(0, str(BENCH))
from suite import calls, cipher, figures, goals, measures, plots  # noqa: E402

PATIENCE = 100


def run(*command):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=PATIENCE)


def suite(build, *told):
    return run(sys.executable, BENCH / "run.py", "--build", build, *told)


def whole_run(build, scratch):
    """Everything, in next to no time."""
    answer = suite(build, "--quick", "--results", scratch)
    if answer.returncode != 0:
        print(answer.stderr)
        return {"whole_run": False}
    found = json.loads((scratch / "results.json").read_text())
    table = (scratch / "table.md").read_text()
    expected = {m.name for m in measures.ALL}
    figures_there = [r["rate"] > 0 and r["cpu_ns"] > 0
                     for runs in found["runs"].values() for each in runs.values() for r in each]
    return {
        "whole_run": expected == set(found["runs"]) and all(figures_there),
        "table_has_goals": "## Goals" in table and all(g["what"] in table for g in found["goals"]),
        "machine_facts": all(found["machine"][f] for f in ("cpu", "cores", "kernel", "compiler", "server")),
        "udp_arrivals": found["runs"]["udp"]["callbacks"][0]["arrived"] is not None,
        **over_tls(found, table),
        "plots": not plots.available() or len(list(scratch.glob("*.svg"))) == 3,
    }


def over_tls(found, table):
    runs, connections = found["runs"]["tls"], found["runs"]["handshakes"]
    agreed = {name: (each[0]["transport"], each[0].get("tls_version")) for name, each in runs.items()}
    resumed = {name: each[0]["resumed"] for name, each in connections.items()}
    later = connections["TCP"][0]["messages"] - 1
    return {
        "tls_is_what_it_says": agreed == {"TCP": ("tcp", None), "TLS 1.3": ("tls", "TLSv1.3"),
                                          "TLS 1.2": ("tls", "TLSv1.2")},
        # Of a message as over TCP, and of a record's header and seal.
        "tls_on_the_wire": runs["TCP"][0]["wire_sent"] < runs["TLS 1.3"][0]["wire_sent"],
        "tls_resumed": resumed == {"TCP": 0, "TLS 1.3": 0, "TLS 1.3, resumed": later, "TLS 1.2": 0,
                                   "TLS 1.2, resumed": later},
        "tls_goal": any(g["what"].startswith("TLS 1.3") for g in found["goals"]),
        "tls_cipher": runs["TLS 1.3"][0]["cipher"] in table,
        "tls_cipher_timed": not shutil.which("openssl") or runs["TLS 1.3"][0]["cipher_ns_a_byte"] > 0,
    }


def without_peer(build, scratch):
    """The same programs, but riemann-c-client's."""
    (scratch / "bench").mkdir()
    (scratch / "src").symlink_to(build / "src")
    for program in (build / "bench").glob("bench-*"):
        if program.name != "bench-peer":
            (scratch / "bench" / program.name).symlink_to(program)
    answer = suite(scratch, "--quick", "--only", "batches", "--results", scratch / "results")
    told = "riemann-c-client was not found"
    return {
        "without_peer_table": f"**Note:** {told}" in answer.stdout,
        "without_peer_goal": f"**not measured: {told}**" in answer.stdout,
    }


def given_server(cli, build, scratch):
    """One that runs already."""
    server = subprocess.Popen([cli, "serve", "--port", "0"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        where = re.match(r"ready tcp=(\S+) ", server.stdout.readline())[1]
        answer = suite(build, "--quick", "--only", "udp", "--server", where, "--results", scratch)
        secure = suite(build, "--quick", "--only", "tls", "--server", where, "--results", scratch)
    finally:
        server.kill()
        server.wait()
    return {
        "given_server": answer.returncode == 0 and f"the server at {where}" in answer.stdout,
        "given_server_tls": secure.returncode == 0
        and "**not measured: the server does not speak TLS**" in secure.stdout,
    }


def refusals(build):
    """Wrong command lines: a sentence, and 2."""
    cases = {}
    for wrong, word in ((["--only", "nothing"], "nothing"), (["--server", "there"], "host:port"),
                        (["--server", "there:0"], "port"), (["--fast"], "--fast"), (["x"], "x")):
        answer = suite(build, *wrong)
        cases[f"refused_{'_'.join(wrong)}"] = answer.returncode == 2 and word in answer.stderr
    for wrong in (["bench-load", "fast"], ["bench-load", "one", "--window", "0"],
                  ["bench-floor", "window", "--port", "99999"], ["bench-codec"],
                  ["bench-load", "udp", "--transport", "tls"], ["bench-load", "one", "--no-resumption"],
                  ["bench-load", "one", "--transport", "tcp", "--tls-version", "1.3"],
                  ["bench-load", "one", "--transport", "tls", "--ca-certs", "/no/such"],
                  ["bench-floor", "window", "--transport", "tls"]):
        answer = run(build / "bench" / wrong[0], *wrong[1:])
        cases[f"refused_{'_'.join(wrong)}"] = answer.returncode == 2 and answer.stderr != ""
    nobody = run(build / "bench/bench-load", "one", "--port", "1")
    cases["nobody_listens"] = nobody.returncode == 1 and "bench-load: " in nobody.stderr
    return cases


def arithmetic():
    at_least = goals.Goal("m", "what", 15, True, [16, 9, 12])
    at_most = goals.Goal("m", "what", 2, False, [1, 2, 3])
    rounds = figures.ratios([{"x": 4}, {"x": 9}], [{"x": 2}, {"x": 3}], "x")
    return {
        "spread": figures.spread([3, 1, 2]) == figures.Spread(2, 1, 3),
        "ratios_are_of_a_round": rounds == [2, 3],
        "missed_by": at_least.verdict() == "missed by 20%",
        "met_at_the_limit": at_most.verdict() == "met",
        "calls": calls.total("  0.00  0.1  0  144  19 total\n100.00 0.2 0 144 19 total\n") == 144
        and calls.total("100.00 0.2 7 144 total\n") == 144,
    }


def of_the_cipher():
    def judged(found, allowed):
        goal = goals.Goal("tls", "what", 0.6, True, [found], caps=[allowed], cap="the cipher")
        return goal.verdict()

    told = {"messages": 10, "wire_sent": 1_000, "wire_received": 250, "cipher_ns_a_byte": 0.2}
    names = {cipher.name_for_speed(suite) for suite in
             ("TLS_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384")}
    try:
        cipher.name_for_speed("TLS_SM4_GCM_SM3")
        unknown = False
    except cipher.CannotTime:
        unknown = True
    return {
        "cipher_name": names == {"aes-256-gcm"} and unknown,
        "cipher_speed": cipher.bytes_a_second("+H:16384\n+F:25:AES-256-GCM:5388151466.67\n") > 5e9,
        "cipher_a_message": cipher.nanoseconds_a_message(told) == 25,
        # Plain TCP takes 50 ns a message; the cipher adds its 25 on either side.
        "cipher_cap": goals.cipher_caps([told], [{"rate": 2e7}]) == [0.5],
        "cipher_not_timed": goals.cipher_caps([{}], [{"rate": 2e7}]) == [],
        "capped_at_the_cap": judged(0.5, 0.5).startswith("capped by the cipher"),
        "missed_far_from_the_cap": judged(0.4, 0.5).startswith("missed by 33%"),
        "missed_where_no_cap_forbids": judged(0.58, 0.61).startswith("missed by 3%"),
        "met_whatever_the_cap": judged(0.7, 0.5) == "met",
    }


def main():
    cli, build = sys.argv[1], Path(sys.argv[2])
    cases = arithmetic() | of_the_cipher() | refusals(build)
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / name for name in ("whole", "peerless", "given")]
        for folder in folders:
            folder.mkdir()
        cases |= whole_run(build, folders[0]) | without_peer(build, folders[1])
        cases |= given_server(cli, build, folders[2])
    failed = [name for name, passed in cases.items() if not passed]
    for name in failed:
        print(f"FAILED {name}")
    print(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
