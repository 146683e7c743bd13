#!/usr/bin/env python3
"""Takes the pictures of doc/img: the site's front page, on a desk and on a phone; the
plots; and `riemann-cli query --watch` in a terminal.

usage: pictures.py SITE RIEMANN_CLI OUTPUT_DIRECTORY
"""

import fcntl
import html
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

import browser as chromium

COLUMNS, ROWS = 96, 18
PATIENCE = 20
PLOTS = ("throughput-window.svg", "latency.svg", "cost-messages.svg")
# What is to be seen in the terminal: service, state, metric and tags of each event.
EVENTS = (
    ("api latency", "ok", "0.021", "prod"),
    ("api requests", "ok", "1824", "prod"),
    ("cpu", "ok", "0.31", "system"),
    ("disk /", "warning", "0.86", "system"),
    ("disk /srv", "critical", "0.97", "system"),
    ("memory", "ok", "0.54", "system"),
    ("queue depth", "ok", "12", "prod"),
)

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: {background}; font: 15px/1.35 sans-serif; }}
{style}
</style><body>{body}"""
TERMINAL_STYLE = """
main { display: inline-block; margin: 18px; border-radius: 8px; background: #10191c; color: #d5dfe2;
  box-shadow: 0 2px 10px #0006; overflow: hidden; }
header { background: #22323a; color: #a9bcc3; padding: 7px 14px; font-size: 13px; }
pre { margin: 0; padding: 12px 16px; font: 14px/1.3 'DejaVu Sans Mono', monospace; }"""
PLOT_STYLE = "main { display: flex; flex-direction: column; width: 800px; } img { width: 800px; }"
COLOURS = {
    "black": "#5c6f77",
    "red": "#ff7a6b",
    "green": "#7fd18b",
    "brown": "#f2c14e",
    "yellow": "#f2c14e",
    "blue": "#6fb1ff",
    "magenta": "#d69cff",
    "cyan": "#5fd7d7",
    "white": "#ffffff",
}


def shot_of_page(browser, markup, width, path):
    """A page of our own, cut to what is on it."""
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory, "page.html")
        file.write_text(markup)
        browser.size(width, 800)
        browser.go(file.as_uri())
        box = browser.run(
            "(({x, y, right, bottom}) => ({x: 0, y: 0, width: right + x, height: bottom + y}))"
            "(document.querySelector('main').getBoundingClientRect())"
        )
        browser.picture(path, box)


# --- the terminal


def screen_as_html(screen):
    lines = []
    for row in range(screen.lines):
        cells = screen.buffer[row]
        line = ""
        for column in range(screen.columns):
            cell = cells[column]
            style = ""
            if cell.fg != "default":
                style += f"color:{COLOURS.get(cell.fg.removeprefix('bright'), '#' + cell.fg)};"
            style += "font-weight:bold;" if cell.bold else ""
            text = html.escape(cell.data)
            line += f'<span style="{style}">{text}</span>' if style else text
        lines.append(line.rstrip())
    while lines and not re.sub(r"<[^>]*>", "", lines[-1]).strip():
        lines.pop()
    return "\n".join(lines)


def watched(command):
    """The screen of a terminal in which the command runs, once all events are on it."""
    import pyte

    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)}
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    end = time.monotonic() + PATIENCE
    try:
        while not all(any(service in line for line in screen.display) for service, *_ in EVENTS):
            if time.monotonic() > end or process.poll() is not None:
                raise SystemExit(
                    f"pictures.py: {' '.join(command)} did not show the events but:\n" + "\n".join(screen.display)
                )
            if select.select([master], [], [], 1)[0]:
                stream.feed(os.read(master, 1 << 16))
        # The rest of the same frame is on its way.
        while select.select([master], [], [], 0.2)[0]:
            stream.feed(os.read(master, 1 << 16))
    finally:
        process.terminate()
        process.wait()
        os.close(master)
    return screen_as_html(screen)


def terminal(browser, cli, path):
    if "--watch" not in subprocess.run([cli, "query", "--help"], capture_output=True, text=True).stdout:
        print("note: query-watch.png was not taken: this riemann-cli has no query --watch")
        return
    server = subprocess.Popen(
        [cli, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        port = re.match(r"ready tcp=\S+:(\d+) ", server.stdout.readline())[1]
        where = [cli, "-H", "127.0.0.1", "-P", port]
        for service, state, metric, tag in EVENTS:
            subprocess.run(
                [
                    *where,
                    "send",
                    "-h",
                    "web1",
                    "-s",
                    service,
                    "-S",
                    state,
                    "-m",
                    metric,
                    "-t",
                    tag,
                    "-l",
                    "600",
                    "--no-echo",
                ],
                check=True,
            )
        shown = watched([*where, "query", "--watch", "2", "true"])
    finally:
        server.terminate()
        server.wait()
    body = f"<main><header>$ riemann-cli query --watch 2 true</header><pre>{shown}</pre></main>"
    shot_of_page(browser, PAGE.format(background="#fff", style=TERMINAL_STYLE, body=body), 1200, path)


def main():
    site, cli, output = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    if not chromium.executable():
        raise SystemExit("pictures.py: there is no chromium (package chromium)")
    with chromium.Browser() as browser:
        with chromium.Site(site) as served:
            browser.size(1280, 800)
            browser.go(served.url + "index.html")
            browser.picture(output / "site.png")
            browser.size(390, 844, scale=2)
            browser.go(served.url + "index.html")
            browser.picture(output / "site-phone.png")
        plots = "".join(f'<img src="{(output / name).resolve().as_uri()}">' for name in PLOTS)
        shot_of_page(
            browser,
            PAGE.format(background="#fff", style=PLOT_STYLE, body=f"<main>{plots}</main>"),
            800,
            output / "plots.png",
        )
        terminal(browser, cli, output / "query-watch.png")


if __name__ == "__main__":
    main()
