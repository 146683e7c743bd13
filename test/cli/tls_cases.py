"""TLS: what is sent, what is served, and what is said when it is refused."""

import os
import signal
import socket
import stat
import tempfile

from harness import (
    CANNOT_CONNECT,
    TLS_REFUSED,
    UNKNOWN,
    USAGE,
    Server,
    case,
    expect,
    fail,
    listening,
    succeed,
)

WHO = ("--certfile", "client.pem", "--keyfile", "client.key")


class TlsServer(Server):
    """`riemann-cli serve --tls`, and arguments for its clients."""

    def __init__(self, *arguments):
        super().__init__("--tls", *arguments)

    def file(self, name):
        return os.path.join(self.certificates, name)

    def reach(self, *more):
        """What tells riemann-cli how to reach it; files by their names."""
        named = [self.file(one) if one.endswith((".pem", ".key")) else one for one in more]
        return ("-H", "127.0.0.1", "-P", self.tls_port, "-T", "tls", "-C", self.file("ca.pem"), *named)


@case
def tls_when_the_server_asks_for_nothing_then_its_authority_is_enough():
    with TlsServer() as server:
        succeed(*server.reach(), "send", "-s", "over tls")
        expect('"over tls"' in succeed(*server.reach(), "query", "true"), "not found over TLS")
        expect(server.query("true")[0]["service"] == "over tls", "not found over TCP")
        for name in ("localhost", "127.0.0.1", "::1"):
            succeed(*server.reach("--tls-server-name", name), "query", "true")
        succeed(*server.reach("--tls-min-version", "1.3"), "agent", "--count", "1", "--interval", "0.05")


@case
def tls_when_mutual_then_the_clients_certificate_is_wanted():
    with TlsServer("--mutual") as server:
        succeed(*server.reach(*WHO), "send", "-s", "x")
        said = fail(TLS_REFUSED, *server.reach(), "send", "-s", "x", saying="certificate required")
        expect("give ours with --certfile and --keyfile" in said, said)
        expect("127.0.0.1:" + server.tls_port in said, said)
        with TlsServer() as other:
            stranger = ("--certfile", other.file("client.pem"), "--keyfile", other.file("client.key"))
            fail(TLS_REFUSED, *server.reach(*stranger), "send", "-s", "x",
                 saying="the server's authority has signed")
        expect(server.end(signal.SIGTERM) == 0, "exit code")
        expect("(1 events" in server.lines["stderr"][-1], server.lines["stderr"])


@case
def tls_when_told_by_the_environment_then_the_same():
    with TlsServer("--mutual") as server:
        told = {
            "RIEMANN_HOST": "127.0.0.1", "RIEMANN_PORT": server.tls_port, "RIEMANN_TRANSPORT": "tls",
            "RIEMANN_CA_CERTS": server.file("ca.pem"), "RIEMANN_CERTFILE": server.file("client.pem"),
            "RIEMANN_KEYFILE": server.file("client.key"), "RIEMANN_TLS_SERVER_NAME": "localhost",
            "RIEMANN_TLS_MIN_VERSION": "1.3",
        }
        succeed("query", "true", env=told)
        fail(TLS_REFUSED, "query", "true", env=told | {"RIEMANN_TLS_SERVER_NAME": "elsewhere.test"},
             saying="--tls-server-name")
        fail(USAGE, "query", "true", env=told | {"RIEMANN_TLS_MIN_VERSION": "1.1"},
             saying="RIEMANN_TLS_MIN_VERSION '1.1' is not offered")
        # For TLS alone; on plain TCP they say nothing.
        plain = told | {"RIEMANN_TRANSPORT": "tcp", "RIEMANN_PORT": server.port, "RIEMANN_CA_CERTS": "/nowhere"}
        succeed("query", "true", env=plain)


@case
def tls_when_the_server_is_not_trusted_then_exit_code_6_and_the_remedy():
    with TlsServer() as server:
        at = ("-H", "127.0.0.1", "-P", server.tls_port, "-T", "tls")
        fail(TLS_REFUSED, *at, "query", "true", saying="give its authority's certificate with --ca-certs")
        fail(TLS_REFUSED, *server.reach("--tls-server-name", "elsewhere.test"), "query", "true",
             saying="give the name it is for with --tls-server-name")
        succeed(*at, "--insecure-skip-verification", "query", "true")


@case
def tls_when_the_port_does_not_speak_it_then_exit_code_6():
    def http(connection):
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening(http) as port:
        fail(TLS_REFUSED, "-H", "127.0.0.1", "-P", port, "-T", "tls", "query", "true",
             saying="see that the port speaks TLS")
    with listening() as port:
        fail(TLS_REFUSED, "-H", "127.0.0.1", "-P", port, "-T", "tls", "-I", "0.3", "query", "true",
             saying="within 0.3 s; see that the port speaks TLS")
    with TlsServer() as server:
        fail(UNKNOWN, "-H", "127.0.0.1", "-P", server.tls_port, "send", "-s", "x", saying="-T tls")


@case
def files_when_they_cannot_be_used_then_exit_code_2_and_their_names():
    with TlsServer() as server:
        def refuse(*arguments, saying):
            fail(USAGE, "-T", "tls", *arguments, "query", "true", saying=saying)

        refuse("-C", "/nowhere", saying='--ca-certs "/nowhere" cannot be opened: No such file or directory')
        refuse("-C", server.file("client.key"), saying="holds no certificate in PEM: no start line")
        refuse("--certfile", "/nowhere", saying='--certfile "/nowhere" cannot be opened')
        refuse("--certfile", server.file("client.pem"), saying="holds no private key")
        refuse("--certfile", server.file("client.pem"), "--keyfile", server.file("server.key"),
               saying=f'--keyfile "{server.file("server.key")}" cannot be used with --certfile')
        refuse("--keyfile", server.file("client.key"), saying="give its --certfile too")
        fail(USAGE, "-C", server.file("ca.pem"), "query", "true", saying="give -T tls too")
        fail(USAGE, "-T", "udp", "--insecure-skip-verification", "send", saying="give -T tls too")


@case
def serve_when_it_makes_certificates_then_for_the_owner_alone_and_they_go_with_it():
    for number in (signal.SIGTERM, signal.SIGHUP):
        with TlsServer() as server:
            expect(sorted(os.listdir(server.certificates)) ==
                   ["ca.pem", "client.key", "client.pem", "server.key", "server.pem"], os.listdir(server.certificates))
            for name in os.listdir(server.certificates):
                mode = stat.S_IMODE(os.stat(server.file(name)).st_mode)
                expect(mode == 0o600, name, oct(mode))
            expect(server.end(number) == 0, "exit code")
            expect(not os.path.exists(server.certificates), "they are still there")


@case
def serve_when_told_where_certificates_go_then_they_stay_and_serve_again():
    with tempfile.TemporaryDirectory() as base:
        where = os.path.join(base, "tls")
        with TlsServer("--tls-dir", where) as server:
            expect(server.certificates == where, server.certificates)
            succeed(*server.reach(), "query", "true")
            expect(server.end(signal.SIGTERM) == 0, "exit code")
        expect(len(os.listdir(where)) == 5, os.listdir(where))
        os.chmod(where, 0o777)
        fail(1, "serve", "--port", "0", "--tls", "--tls-dir", where, saying="yours alone to write in")
        os.chmod(where, 0o700)
        # Nothing that is there is written over.
        fail(1, "serve", "--port", "0", "--tls", "--tls-dir", where, saying="File exists")

        def of(name):
            return os.path.join(where, name)

        with Server("--tls", "--certfile", of("server.pem"), "--keyfile", of("server.key"),
                    "--ca-certs", of("ca.pem")) as server:
            at = ("-H", "127.0.0.1", "-P", server.tls_port, "-T", "tls", "-C", of("ca.pem"))
            expect(server.certificates is None, "it made some")
            succeed(*at, "--certfile", of("client.pem"), "--keyfile", of("client.key"), "query", "true")
            fail(TLS_REFUSED, *at, "query", "true", saying="certificate required")
        fail(USAGE, "serve", "--port", "0", "--tls", "--certfile", of("server.pem"), "--keyfile",
             of("client.key"), saying="key values mismatch")


@case
def serve_when_options_of_tls_exclude_each_other_then_exit_code_2():
    for arguments, saying in (
        (("--mutual",), "--mutual is for TLS; give --tls too"),
        (("--tls-port", "1"), "--tls-port is for TLS"),
        (("--tls", "--certfile", "x", "--mutual"), "--mutual is for throw-away certificates"),
        (("--tls", "--certfile", "x", "--tls-dir", "y"), "--tls-dir is for throw-away certificates"),
        (("--tls", "--keyfile", "x"), "give its --certfile too"),
        (("--tls", "--mutual", "--ca-certs", "x"), "give one of them"),
        (("--tls", "--certfile", "/nowhere"), '--certfile "/nowhere" cannot be opened'),
        (("--tls", "--ca-certs", "/nowhere"), '--ca-certs "/nowhere" cannot be opened'),
        (("--tls", "--tls-port", "65536"), "--tls-port '65536' is not a port"),
    ):
        fail(USAGE, "serve", "--port", "0", *arguments, saying=saying)


@case
def serve_when_the_tls_port_is_taken_then_exit_code_3():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        fail(CANNOT_CONNECT, "serve", "--port", "0", "--tls", "--tls-port", port,
             saying=f"cannot listen on 127.0.0.1:{port}: Address already in use; give another --address or --tls-port")
