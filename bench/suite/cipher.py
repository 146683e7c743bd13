"""What a cipher costs by itself, as OpenSSL's own program measures it."""

import re
import shutil
import subprocess

RECORD = 16_384  # bytes: the longest of TLS, which is what a busy connection is full of
PATIENCE = 30

# What `openssl speed` calls the part of a suite that is done for each byte.
_BY_PART = (("AES_?256_?GCM", "aes-256-gcm"), ("AES_?128_?GCM", "aes-128-gcm"),
            ("CHACHA20_?POLY1305", "chacha20-poly1305"))


class CannotTime(Exception):
    """openssl is missing, or does not know it."""


def name_for_speed(suite):
    """Of a suite, as the library tells it: `TLS_AES_256_GCM_SHA384`."""
    for part, name in _BY_PART:
        if re.search(part, suite.replace("-", "_")):
            return name
    raise CannotTime(f"what openssl calls the cipher of {suite} is not known here")


def nanoseconds_a_byte(suite):
    """On one core, a record at a time."""
    name = name_for_speed(suite)
    if not shutil.which("openssl"):
        raise CannotTime("openssl is not installed")
    said = subprocess.run(
        ["openssl", "speed", "-mr", "-evp", name, "-bytes", str(RECORD), "-seconds", "1"],
        capture_output=True, text=True, timeout=PATIENCE,
    )
    if said.returncode != 0:
        raise CannotTime((said.stderr.strip() or "openssl speed failed").splitlines()[0])
    return 1e9 / bytes_a_second(said.stdout)


def bytes_a_second(report):
    """`+F:25:AES-256-GCM:5388151466.67`, of what `-mr` prints."""
    found = re.search(r"^\+F:\d+:[^:]+:([\d.]+)$", report, re.M)
    if not found or not float(found[1]):
        raise CannotTime("what openssl speed said could not be read")
    return float(found[1])


def nanoseconds_a_message(run):
    """What either side spends in the cipher: one seals what the other opens."""
    return (run["wire_sent"] + run["wire_received"]) / run["messages"] * run["cipher_ns_a_byte"]
