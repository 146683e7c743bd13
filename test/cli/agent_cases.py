"""Agent."""

import json
import os
import re
import signal
import time

from harness import (
    CANNOT_CONNECT,
    KEYS,
    OTHER,
    PATIENCE,
    Process,
    Server,
    TIMED_OUT,
    USAGE,
    case,
    expect,
    fail,
    listening,
    refusing,
    run,
    succeed,
    wait_until,
)


@case
def agent_when_count_is_given_then_so_many_rounds():
    with Server() as server:
        text = succeed("-H", "127.0.0.1", "-P", server.port, "agent", "--count", "2", "--interval", "0.2",
                       "--event-host", "box", "-t", "one", "--tag", "two")
        expect(text == "acked 2 rejected 0 unknown 0 not_sent 0\n", text)
        # Twice the interval they live.
        succeed("-H", "127.0.0.1", "-P", server.port, "agent", "--count", "1", "--interval", "900", "--event-host", "box",
                "-t", "one", "--tag", "two")
        found = {e["service"]: e for e in server.query('host = "box" and tagged "one" and tagged "two"')}
        for service in ("load", "load 1", "load 5", "load 15", "memory", "uptime", "processes"):
            expect(service in found, service, "is missing among", sorted(found))
            expect(found[service]["state"] in ("ok", "warning", "critical"), found[service])
            expect(found[service]["ttl"] == 1800, "ttl is", found[service]["ttl"])
        expect(0 <= found["memory"]["metric"] <= 1, "memory is", found["memory"]["metric"])
        if "cpu" in found:
            expect(0 <= found["cpu"]["metric"] <= 1, "cpu is", found["cpu"]["metric"])
        expect(server.end(signal.SIGTERM) == 0, "the server failed")
        expect("served 4 messages" in server.lines["stderr"][-1], server.lines["stderr"])


@case
def agent_when_signalled_then_drains_and_tells():
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        with Server() as server, Process("-H", "127.0.0.1", "-P", server.port, "agent", "--interval", "0.1",
                                         "--echo") as agent:
            agent.wait_for('"service": "uptime"')
            agent.wait_for('"service": "uptime"')
            expect(agent.end(number) == 0, "exit code; it said", agent.lines["stderr"])
            expect(re.fullmatch(r"acked [1-9]\d* rejected 0 unknown 0 not_sent 0", agent.last_line() or ""),
                   agent.last_line())
            expect(agent.lines["stderr"] == [], agent.lines["stderr"])


@case
def agent_when_signalled_between_rounds_then_ends_at_once():
    with Server() as server, Process("-H", "127.0.0.1", "-P", server.port, "agent", "--interval", "900", "--echo") as agent:
        agent.wait_for('"service": "uptime"')
        begin = time.monotonic()
        expect(agent.end(signal.SIGTERM) == 0, "exit code; it said", agent.lines["stderr"])
        expect(time.monotonic() - begin < PATIENCE / 2, "it waited for its next round")


def sleeps(process):
    with open(f"/proc/{process.process.pid}/stat") as stat:
        return stat.read().rpartition(") ")[2].startswith("S")


def catches(process, number):
    with open(f"/proc/{process.process.pid}/status") as status:
        return int(re.search(r"^SigCgt:\s*(\S+)$", status.read(), re.M)[1], 16) >> (number - 1) & 1


@case
def agent_when_signalled_before_its_first_round_then_the_exit_code_says_that_nothing_was_acknowledged():
    for number, code in ((signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)):
        with Server() as server, Process("-H", "127.0.0.1", "-P", server.port, "agent", "--interval", "900") as agent:
            # (Before it waits, the thread sanitizer may lose one.)
            wait_until(lambda: catches(agent, number) and sleeps(agent), "it does not heed the signal")
            ended = agent.end(number)
            # A slow machine may have come to the round after all.
            acked = int(re.fullmatch(r"acked (\d+) rejected 0 unknown 0 not_sent 0", agent.last_line() or "")[1])
            expect(ended == (0 if acked else code), "exited with", ended, "and said", agent.lines)


@case
def agent_when_there_is_no_server_then_goes_on_and_says_so_once():
    with refusing() as port:
        done = run("-H", "127.0.0.1", "-P", port, "agent", "--count", "3", "--interval", "0.1")
        expect(done.returncode == CANNOT_CONNECT, "exited with", done.returncode)
        expect(done.stdout == b"acked 0 rejected 0 unknown 0 not_sent 3\n", done.stdout)
        expect(done.stderr.count(b"\n") == 1 and b"the agent goes on" in done.stderr, done.stderr)
        expect(done.stderr.count(b"cannot connect") == 1, done.stderr)


@case
def agent_when_the_server_is_lost_and_back_then_says_both_and_goes_on():
    with Server() as server:
        port = server.port
        with Process("-H", "127.0.0.1", "-P", port, "agent", "--interval", "0.1", "--echo") as agent:
            agent.wait_for('"service": "uptime"')
            agent.wait_for('"service": "uptime"')
            expect(server.end(signal.SIGTERM) == 0, "the server failed")
            agent.wait_for("the agent goes on", "stderr")
            with Server(port=port) as again:
                agent.wait_for("answers again", "stderr")
                expect(len(again.query("true")) > 5, "the new server has no events")
                expect(agent.end(signal.SIGINT) == 0, "exit code")
            expect(len(agent.lines["stderr"]) == 2, agent.lines["stderr"])
            expect(re.fullmatch(r"acked [1-9]\d* rejected 0 unknown \d+ not_sent \d+", agent.last_line() or ""),
                   agent.last_line())


@case
def agent_when_the_server_never_answers_then_times_out_and_can_be_stopped():
    with listening() as port:
        with Process("-H", "127.0.0.1", "-P", port, "-I", "0.3", "agent", "--interval", "0.1") as agent:
            agent.wait_for("did not answer within 0.3 s", "stderr")
            expect(agent.end(signal.SIGTERM) == TIMED_OUT, "exit code; it said", agent.lines)
            expect(re.fullmatch(r"acked 0 rejected 0 unknown [1-9]\d* not_sent \d+", agent.last_line() or ""),
                   agent.last_line())


@case
def agent_when_shown_then_every_kind_of_figure_by_its_name():
    done = run("-T", "none", "agent", "--count", "2", "--interval", "0.3")
    expect(done.returncode == 0 and done.stderr == b"riemann-cli: shown 2\n", done.returncode, done.stderr)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    services = {e["service"] for e in events}
    if os.path.exists("/proc/stat"):
        for kind in ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"):
            expect(f"cpu {kind}" in services, f"cpu {kind} is missing among", sorted(services))
    for service in ("memory available", "processes running", "processes blocked"):
        expect(service in services, service, "is missing among", sorted(services))
    expect(any(s.startswith("disk /") for s in services) or not mounted_devices(), "no filesystem among", sorted(services))
    for e in events:
        expect(set(e) <= KEYS and {"host", "service", "state", "metric", "ttl", "time"} <= set(e), e)


def mounted_devices():
    with open("/proc/self/mountinfo") as mounts:
        return [line for line in mounts if re.search(r" - \S+ /dev/", line)]


@case
def agent_when_thresholds_are_given_then_states_by_them():
    text = succeed("-T", "none", "agent", "--count", "1", "--interval", "0.2",
                   "--threshold", "uptime=0:0", "--threshold", "processes=1:", "--threshold", "memory=off",
                   "--threshold", "load *=<:1e9", "--threshold", "load 5=off")
    states = {e["service"]: e["state"] for e in map(json.loads, text.splitlines())}
    expect(states["uptime"] == "critical", states["uptime"])
    expect(states["processes"] == "warning", states["processes"])
    expect(states["memory"] == "ok", states["memory"])
    expect(states["load 1"] == "critical" and states["load 5"] == "ok", states)


@case
def agent_when_a_threshold_is_wrong_then_one_sentence_with_a_remedy():
    fail(USAGE, "agent", "--threshold", "cpu=high", saying="give a threshold such as cpu=0.9:0.95")
    fail(USAGE, "agent", "--threshold", "cpus=1:2", saying="names no figure of the agent's")
    fail(USAGE, "agent", "--threshold", "network=1:2", saying="'network * errors'")


@case
def agent_when_over_udp_then_sent():
    with Server() as server:
        text = succeed("-T", "udp", "-H", "127.0.0.1", "-P", server.port, "agent", "--count", "1", "--interval", "900")
        expect(text == "acked 0 rejected 0 unknown 0 not_sent 0 sent 1\n", text)
        wait_until(lambda: server.query('service = "uptime"'), "the server has no uptime")


@case
def agent_when_the_reader_of_its_events_is_gone_then_ends_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    done = run("-T", "none", "agent", "--interval", "0.1", stdout=writer)
    os.close(writer)
    expect(done.returncode == OTHER and done.stderr == b"", done)
