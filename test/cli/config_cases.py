"""The config file and the environment."""

import json
import os
import tempfile

from harness import CANNOT_CONNECT, Server, TIMED_OUT, USAGE, case, expect, fail, listening, refusing, run, succeed


def written(directory, text, name="riemann-cli.toml"):
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


@case
def config_when_given_then_its_values_hold_and_command_line_and_environment_win():
    with Server() as server, refusing() as refused, tempfile.TemporaryDirectory() as directory:
        text = f'host = "127.0.0.1"\nport = {server.port}\n[send]\nservice = "of the file"\ntag = ["a", "b"]\nno-echo = true\n' \
               '[query]\noutput = "ndjson"\n'
        path = written(directory, text)
        expect(succeed("--config", path, "send") == "", "no-echo is not heeded")
        found = json.loads(succeed("query", "true", env={"RIEMANN_CONFIG": path}))
        expect(found["service"] == "of the file" and found["tags"] == ["a", "b"], found)
        succeed("--config", path, "send", "-s", "of the call", "--echo")
        fail(CANNOT_CONNECT, "--config", path, "query", "true", env={"RIEMANN_PORT": refused})
        fail(CANNOT_CONNECT, "--config", path, "-P", refused, "query", "true")
        succeed("--config", path, "query", "true", "-P", server.port, env={"RIEMANN_PORT": refused})


@case
def config_when_in_its_usual_place_then_found_there():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        written(directory, f'host = "127.0.0.1"\nport = {server.port}\n', "riemann/riemann-cli.toml")
        succeed("query", "true", env={"XDG_CONFIG_HOME": directory})
        written(directory, f'host = "127.0.0.1"\nport = {server.port}\n', ".config/riemann/riemann-cli.toml")
        succeed("query", "true", env={"XDG_CONFIG_HOME": "", "HOME": directory})
        with refusing() as port:
            fail(CANNOT_CONNECT, "--config", "", "-H", "127.0.0.1", "-P", port, "query", "true",
                 env={"XDG_CONFIG_HOME": directory})


@case
def config_when_named_by_an_empty_text_then_none_is_read():
    with tempfile.TemporaryDirectory() as directory:
        written(directory, "hots = 1\n", "riemann/riemann-cli.toml")
        fail(USAGE, "-T", "none", "send", "-s", "x", env={"XDG_CONFIG_HOME": directory}, saying="unknown key 'hots'")
        succeed("--config", "", "-T", "none", "send", "-s", "x", env={"XDG_CONFIG_HOME": directory})
        succeed("--config=", "-T", "none", "send", "-s", "x", env={"XDG_CONFIG_HOME": directory})
        succeed("-T", "none", "send", "-s", "x", env={"XDG_CONFIG_HOME": directory, "RIEMANN_CONFIG": ""})
        # Of the other variables an empty one is as good as none.
        succeed("send", "-s", "x", env={"RIEMANN_TRANSPORT": "none", "RIEMANN_CONFIG": "", "RIEMANN_PORT": ""})


@case
def config_when_wrong_then_exit_code_2_and_what_in_which_file():
    with tempfile.TemporaryDirectory() as directory:
        for text, saying in (
            ("hots = 1\n", "unknown key 'hots' in PATH (did you mean host?)"),
            ("[send]\nservce = 1\n", "unknown key 'send.servce' in PATH (did you mean service?)"),
            ("[sned]\nservice = 1\n", "unknown section [sned] in PATH (did you mean send?)"),
            ("port = 99999\n", "port in PATH '99999' is not a port"),
            ("port = [1, 2]\n", "port in PATH has several values"),
            ("[send]\nno-echo = 5\n", "send.no-echo in PATH is neither true nor false"),
            ('[query]\noutput = "xml"\n', "query.output in PATH 'xml' is not offered"),
            ("config = 1\n", "unknown key 'config'"),
            ("[send]\nno-echo = 'true'\n", "send.no-echo in PATH is neither true nor false"),
            ("[send]\nno-echo = [true]\n", "send.no-echo in PATH is neither true nor false"),
            ("[send]\nattribute = ['a=b']\nattr = ['c=d']\n", "send.attr in PATH is there twice"),
            ("port = []\n", "port in PATH has several values, or none"),
            ("[sned]\n", "unknown section [sned] in PATH (did you mean send?)"),
            ("send = 1\n", "unknown key 'send' in PATH"),
            ("send = {service = 'x'}\n", "send in PATH is an inline table; for a section write [send]"),
            ("[[send]]\nservice = 'x'\n", "send in PATH is a list of tables; for a section write [send]"),
            ("[send]\ntag = {a = 1}\n", "send.tag in PATH is an inline table, which no option takes"),
            ("[send.tag]\na = 1\n", "send.tag in PATH is a table, which no option takes"),
            ("[send]\ntag = [['a']]\n", "send.tag in PATH is a list within a list, which no option takes"),
            ("[send]\ntime = 2024-05-01\n", "send.time in PATH is a date, which no option takes"),
            ("[send]\ntime = 2024-05-01T10:00:00Z\n", "send.time in PATH is a date, which no option takes"),
            ("[send]\ntag = [10:00:00]\n", "send.tag in PATH is a time of day, which no option takes"),
            ('host = "a\\u0000"\n', "host in PATH has a character of value 0"),
            ("port = 1\nhost = localhost\n", "line 2, column 8 of PATH is no TOML"),
            ('host = "unclosed\n', "line 1, column 17 of PATH is no TOML"),
            ("port = 1\nport = 2\n", "line 2, column 8 of PATH is no TOML (Error while parsing key-value pair: cannot redefine"),
            ("[send]\n[send]\n", "line 2, column 1 of PATH is no TOML"),
            ("[]\n", "line 1, column 2 of PATH is no TOML"),
            ("port 5555\n", "line 1, column 6 of PATH is no TOML"),
            ("port = 05555\n", "line 1, column 13 of PATH is no TOML (Error while parsing decimal integer: leading zeroes"),
        ):
            path = written(directory, text)
            fail(USAGE, "--config", path, "query", "true", saying=saying.replace("PATH", path))
        for command, text, saying in (
            ("agent", '[agent]\ntag = ["a", ""]\n', "agent.tag in PATH '' is empty"),
            ("agent", '[agent]\nevent-host = ""\n', "agent.event-host in PATH '' is empty"),
            ("agent", '[agent]\nthreshold = ["cpu"]\n', "agent.threshold in PATH 'cpu' is not FIGURE"),
            ("send", '[send]\nattribute = ["novalue"]\n', "send.attribute in PATH 'novalue' is not KEY=VALUE"),
        ):
            path = written(directory, text)
            fail(USAGE, "--config", path, command, saying=saying.replace("PATH", path))
        fail(USAGE, "--config", "/nowhere/file", "query", "true", saying="--config '/nowhere/file' cannot be read")
        fail(USAGE, "query", "true", env={"RIEMANN_CONFIG": "/nowhere/file"}, saying="RIEMANN_CONFIG")


@case
def config_when_the_usual_file_cannot_be_read_then_exit_code_2():
    with tempfile.TemporaryDirectory() as directory:
        there = {"XDG_CONFIG_HOME": directory}
        expect(json.loads(succeed("-T", "none", "send", "-s", "x", env=there))["service"] == "x", "without one")
        os.makedirs(os.path.join(directory, "riemann", "riemann-cli.toml"))
        fail(USAGE, "-T", "none", "send", "-s", "x", env=there, saying="config file '" + directory)
        succeed("--config", "", "-T", "none", "send", "-s", "x", env=there)


@case
def config_when_wrong_then_completion_and_man_are_there_all_the_same():
    with tempfile.TemporaryDirectory() as directory:
        path = written(directory, "hots = 1\n")
        succeed("completion", "bash", env={"RIEMANN_CONFIG": path})
        succeed("man", env={"RIEMANN_CONFIG": path})


@case
def config_when_it_has_comments_and_quoted_values_then_read():
    with tempfile.TemporaryDirectory() as directory:
        path = written(directory, "# all\n\n[send]\nservice = 'it is \"x\"' # why\nstate = \"o'k\"\n")
        said = json.loads(succeed("--config", path, "-T", "none", "send"))
        expect(said["service"] == 'it is "x"' and said["state"] == "o'k", said)


@case
def config_when_it_has_what_toml_has_then_read():
    with tempfile.TemporaryDirectory() as directory:
        text = '[send] # one event\nservice = "a # b\\t\\u00e4" # why\nstate = \'a # \\ b\'\ntag = [\n  "a", # first\n' \
               '  "b",\n]\ndescription = """\nof two\nlines"""\n'
        said = json.loads(succeed("--config", written(directory, text), "-T", "none", "send"))
        expect(said["service"] == "a # b\t\u00e4" and said["state"] == "a # \\ b", said)
        expect(said["tags"] == ["a", "b"] and said["description"] == "of two\nlines", said)


@case
def config_when_a_number_then_taken_as_it_is_written():
    with tempfile.TemporaryDirectory() as directory:
        for written_as, metric in (("42", "42"), ("42.0", "42.0"), ("4_200", "4200"), ("0x2a", "42"), ("-0.5", "-0.5")):
            path = written(directory, f"[send]\nmetric = {written_as}\nservice = {written_as}\n")
            said = succeed("--config", path, "-T", "none", "send")
            expect(f'"metric":{metric},' in said.replace(" ", ""), written_as, said)
            expect(json.loads(said)["service"] == metric, written_as, said)
        path = written(directory, "[send]\ntime = 1700000000.123457\n")
        said = json.loads(succeed("--config", path, "-T", "none", "send"))
        expect(said["time_micros"] == 1700000000123457, said)


@case
def config_when_it_speaks_of_tls_then_that_is_for_those_who_use_it():
    with Server() as server, tempfile.TemporaryDirectory() as directory:
        path = written(directory, 'ca-certs = "/nowhere/ca.pem"\n')
        succeed("--config", path, "-H", "127.0.0.1", "-P", server.port, "query", "true")
        fail(USAGE, "--config", path, "-T", "tls", "query", "true", saying="/nowhere/ca.pem")


@case
def timeout_when_in_the_environment_then_kept():
    with listening() as port:
        fail(TIMED_OUT, "-H", "127.0.0.1", "-P", port, "query", "true", env={"RIEMANN_TIMEOUT": "0.2"}, saying="within 0.2 s")
    done = run("query", "true", env={"RIEMANN_TIMEOUT": "soon"})
    expect(done.returncode == USAGE and b"RIEMANN_TIMEOUT 'soon'" in done.stderr, done)
