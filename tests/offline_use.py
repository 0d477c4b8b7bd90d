"""Use an unpacked bundle as people do: start, ask over HTTP and in a browser, export, self-test, edit a unit, downgrade.

    python tests/offline_use.py FOLDER       called by tests/offline.sh, where there is no network but loopback

With strace, every connect and send of the program is read, whichever library makes it.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from browser import CHROMIUM, FLAGS
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTION = "What is penetrance?"
EDITED = """## Zebrafish lantern counselling {#zebrafish-lantern}

Zebrafish lantern counselling is an invented way of counselling in which each relative in turn holds a lantern.

"""
_FAMILY = re.compile(r"AF_INET6?\b")
_HERE = re.compile(r'inet_addr\("(?:127\.[\d.]+|0\.0\.0\.0)"\)|inet_pton\(AF_INET6, "(?:::1|::)"')


def traced(log: Path) -> list[str]:
    """The beginning of a command that writes what it does on the network to a log; nothing without strace."""
    if not shutil.which("strace"):
        return []
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "256", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log)]


def elsewhere(log: Path) -> list[str]:
    """The lines of a log that name an address of another machine."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return [line for line in lines if _FAMILY.search(line) and not _HERE.search(line)]


@contextmanager
def started(folder: Path, log: Path) -> Iterator[str]:
    """The address that the start script serves at; it is ended as by Ctrl+C."""
    begun = time.monotonic()
    command = [*traced(log), "sh", str(folder / "start.sh"), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:
        try:
            address = next(found[0] for line in server.stdout or () if (found := re.search(r"http://\S+", line)))
            print(f"started at {address} after {time.monotonic() - begun:.1f} s")
            yield address
        finally:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(30)


def run(folder: Path, *words: str, status: int = 0) -> str:
    """What a command of the bundle writes."""
    done = subprocess.run(["sh", str(folder / "start.sh"), *words], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def ask_over_http(address: str) -> None:
    """Send the form as a browser without JavaScript would, and follow to the page with the answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = opener.open(address, timeout=30).read().decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    form = urllib.parse.urlencode({"token": token[1], "question": QUESTION}).encode()
    answer = opener.open(f"{address}ask", form, timeout=60).read().decode()
    assert "proportion of people" in answer
    assert 'class="cite"' in answer


def ask_in_a_browser(address: str) -> None:
    """Type the question, read the answer, follow its first citation to the marked sentence."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, headless=True)
        page = browser.new_page()
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.goto(address)
        page.locator("#ui_question").fill(QUESTION)
        page.locator("#ui_question").press("Enter")
        expect(page.locator(".said").first).to_contain_text("proportion of people", timeout=30_000)
        page.locator(".cite").first.click()
        expect(page.locator("[data-pane] .quoted").first).to_contain_text("proportion of people", timeout=30_000)
        browser.close()
    assert all(url.startswith((address, "data:", "blob:")) for url in requested), requested
    print(f"asked in Chromium: {len(requested)} requests, all to {address}")


def edit_a_unit(folder: Path) -> None:
    """Put a copy of the course beside the program and write a section into it."""
    installed = next(folder.glob("program/env-*/lib/python*/site-packages/corpus"))
    course = folder / "course"
    shutil.copytree(installed / "modules", course / "modules")
    for name in ("syllabus.yaml", "glossary.yaml"):
        shutil.copy(installed / name, course / name)
    unit = next(path for path in course.rglob("*.md") if 'unit: "1.6"' in path.read_text(encoding="utf-8"))
    text = unit.read_text(encoding="utf-8")
    heading = re.search(r"^## ", text, re.MULTILINE)
    assert heading
    unit.write_text(f"{text[: heading.start()]}{EDITED}{text[heading.start() :]}", encoding="utf-8")


def main(folder: Path) -> None:
    """Use it."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # its lines stand among those of the server
    log = folder.parent / "strace.log"
    with started(folder, log) as address:
        ask_over_http(address)
        ask_in_a_browser(address)
        assert "open already at" in run(folder, "--no-browser")
    exported = run(folder, "journal", "export", str(folder.parent / "journal.jsonl"))
    lines = [json.loads(line) for line in (folder.parent / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    events = [line for line in lines if "body" in line]
    assert [event["body"]["question"] for event in events] == [QUESTION] * 2, exported
    print(f"exported {len(events)} events")
    told = json.loads(run(folder, "doctor", "--json"))
    assert told["network"] == []
    assert told["sound"], told

    edit_a_unit(folder)
    begun = time.monotonic()
    assert "Building the index" in run(folder, "ask", QUESTION)
    print(f"index refreshed after an edit in {time.monotonic() - begun:.1f} s")
    assert "Zebrafish lantern" in run(folder, "ask", "What is zebrafish lantern counselling?")
    with started(folder, log.with_name("strace-again.log")) as address:
        ask_over_http(address)

    version = folder / "data" / "version.json"
    version.write_text(json.dumps(json.loads(version.read_bytes()) | {"program": "99.0"}), encoding="utf-8")
    assert "an older program could damage them" in run(folder, "--no-browser", status=3)

    for one in (log, log.with_name("strace-again.log")):
        assert elsewhere(one) == [], elsewhere(one)[:5]
    calls = len(log.read_text(encoding="utf-8", errors="replace").splitlines()) if log.exists() else 0
    how = f"{calls} connects and sends traced" if log.exists() else "no strace here, so the namespace alone"
    print(f"No attempt to reach another machine ({how}).")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
