"""A headless Chromium, driven by its own protocol over a pipe: no driver, no package."""

import base64
import functools
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

PATIENCE = 60  # seconds for anything it is asked


class Failed(Exception):
    """What could not be done, in words."""


def executable():
    """Chromium's path, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One window; `console` has what pages complained of, `requests` what was asked for."""

    def __init__(self):
        self.console, self.requests, self.number, self.rest = [], [], 0, b""
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self.out = os.pipe()
        self.back, theirs_out = os.pipe()
        # It reads commands from descriptor 3 and writes answers to 4.
        script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        arguments = ["--headless", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}"]
        arguments += ["--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # it refuses to run as root otherwise
        command = ["bash", "-c", script, "browser", str(theirs_in), str(theirs_out), executable(), *arguments]
        self.process = subprocess.Popen(
            command,
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        # Workers are listened to from their first line on; pages believe they are looked at.
        self.ask("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        self.ask("Emulation.setFocusEmulationEnabled", enabled=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.out)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.back)
        self.profile.cleanup()

    # --- the protocol

    def tell(self, session, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        return self.number

    def ask(self, method, **parameters):
        number = self.tell(self.session, method, **parameters)
        while True:
            said = self.hear()
            if said.get("id") == number:
                if "error" in said:
                    raise Failed(f"{method}: {said['error']['message']}")
                return said["result"]

    def hear(self):
        """The next message; events are noted in passing."""
        while b"\0" not in self.rest:
            piece = os.read(self.back, 1 << 16)
            if not piece:
                raise Failed("the browser has ended")
            self.rest += piece
        line, _, self.rest = self.rest.partition(b"\0")
        said = json.loads(line)
        self.note(said.get("method"), said.get("params", {}))
        return said

    def note(self, event, what):
        if event == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.console.append(details.get("exception", {}).get("description", details["text"]))
        elif event == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            self.console.append(" ".join(str(a.get("value", a.get("description"))) for a in what["args"]))
        elif event == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
            self.console.append(f"{what['entry']['text']} {what['entry'].get('url', '')}")
        elif event == "Target.attachedToTarget" and self.session:
            self.tell(what["sessionId"], "Runtime.enable")
            self.tell(what["sessionId"], "Runtime.runIfWaitingForDebugger")
        elif event == "Network.requestWillBeSent":
            self.requests.append(what["request"]["url"])

    # --- what is done with it

    def size(self, width, height, scale=1, dark=False):
        """Of the window; narrow ones are a phone's."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def go(self, url):
        """Returns once the page and what belongs to it is there."""
        self.ask("Page.navigate", url=url)
        self.until(
            f"document.readyState === 'complete' && location.href.split('#')[0] === {json.dumps(url.split('#')[0])}",
            f"{url} to be loaded",
        )

    def run(self, expression):
        """The value of a JavaScript expression."""
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise Failed(result["exceptionDetails"].get("exception", {}).get("description", expression))
        return result["result"].get("value")

    def until(self, condition, what):
        """Asks until the condition holds; the page's own frames set the pace."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"new Promise(r => requestAnimationFrame(() => r(Boolean({condition}))))"):
            if time.monotonic() > end:
                raise Failed(f"waited {PATIENCE} s for {what}")

    def type(self, text):
        """As a hand does, into what has the focus."""
        for letter in text:
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def picture(self, path, clip=None):
        more = {"clip": {**clip, "scale": 1}, "captureBeyondViewport": True} if clip else {}
        data = self.ask("Page.captureScreenshot", format="png", **more)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Site:
    """A directory, served on a port of this machine that the kernel picks."""

    def __init__(self, directory):
        handler = functools.partial(Quiet, directory=str(directory))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
