"""The program as people run it, in a process group of its own that can be killed whole; and a browser that talks to it.

Knows nothing of what is done with them.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TUTOR = [str(Path(sys.executable).with_name("genomics-tutor"))]
_TIMEOUT = 120
_ADDRESS = re.compile(r"http://([\d.]+):(\d+)/")
NOWHERE = (OSError, http.client.HTTPException)
"""What a browser meets when the server dies."""


class NotStartedError(Exception):
    """The program ended, or said no address; the message holds what it said last."""


@dataclass(slots=True)
class Program:
    """A running command with all that it has started. `log` is the file that its messages go to."""

    process: subprocess.Popen[str]
    log: Path
    address: tuple[str, int] = ("", 0)

    @classmethod
    def run(cls, command: Sequence[str], log: Path) -> Program:
        """Start a command in a group of its own."""
        with log.open("a", encoding="utf-8") as told:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told, text=True, encoding="utf-8", start_new_session=True)
        return cls(process, log)

    @classmethod
    def served(cls, command: Sequence[str], log: Path) -> Program:
        """Start a command that serves, and wait until it says where. Raises NotStartedError."""
        log.unlink(missing_ok=True)
        program = cls.run(command, log)
        program.wait_for_address()
        return program

    def wait_for_address(self) -> None:
        """Read what is said until there is an address in it. Raises NotStartedError where it ends before."""
        for line in self.process.stdout or ():
            if found := _ADDRESS.search(line):
                self.address = (found[1], int(found[2]))
                return
        self.process.wait()
        message = f"ended with {self.process.returncode}: {self.log.read_text(encoding='utf-8')[-600:]}"
        raise NotStartedError(message)

    def kill(self) -> bool:
        """SIGKILL to the whole group; whether the command was still running."""
        running = self.process.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        return running

    def kill_after(self, seconds: float) -> bool:
        """Kill it so long from now; False if it had ended by then."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.kill()


@dataclass(slots=True)
class Said:
    """What a server answered."""

    status: int
    text: str
    place: str = ""


@dataclass(slots=True)
class Browser:
    """A cookie, and the server that it is shown to; the cookie outlives the server."""

    address: tuple[str, int]
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Said:
        """A page."""
        return self._send("GET", path, b"", {})

    def post(self, path: str, fields: Mapping[str, str], part: Callable[[bytes], None] = lambda _: None) -> Said:
        """A form sent; `part` is told all that has come so far, whenever something comes."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if path.endswith("/stream"):
            headers["Accept"] = "text/event-stream"
        return self._send("POST", path, urllib.parse.urlencode(fields).encode(), headers, part)

    def tell(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """An object sent to an address for programs; what comes back, with its `status`."""
        said = self._send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        return {**json.loads(said.text), "status": said.status}

    def token(self, path: str = "/") -> str:
        """A form token, from a page."""
        return hidden(self.get(path).text, "token")

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str], part: Callable[[bytes], None] = lambda _: None) -> Said:
        connection = http.client.HTTPConnection(*self.address, timeout=_TIMEOUT)
        try:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body or None, {**headers, **({"Cookie": cookie} if cookie else {})})
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or ():
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            seen = b""
            while more := response.read1():
                seen += more
                part(seen)
            if len(seen) < int(response.headers.get("Content-Length") or 0):  # `read1` does not mind a server that died
                raise http.client.IncompleteRead(seen)
            return Said(response.status, seen.decode(), response.headers.get("Location", ""))
        finally:
            connection.close()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page[:500]
    return found[1]


def until(done: Callable[[], bool], seconds: float = 60) -> float:
    """Ask until it is so; how many seconds that took."""
    start = time.monotonic()
    while not done():
        assert time.monotonic() < start + seconds, "it never came"
        time.sleep(0.02)
    return time.monotonic() - start
