"""Many trainees at once over loopback: errors, first byte, whole answer, memory; then the server is killed in mid-stream and must have lost nothing.

    python tests/bench/streaming_load.py --index DIR [--clients 200] [--rounds 3] [--spread 20]

Each client is a browser of its own (cookie, token, conversation) and asks questions of `questions/tune.jsonl` as the chat page does. In each round every
client asks once, at a moment spread evenly over `--spread` seconds (0: all in the same instant), and reads its stream to the end. In a last round the server is
killed (SIGKILL) when half of the answers have begun, and started again over the same data: every turn that a client saw begin must be there whole, and a
question that is sent again, under the name it was sent by before, must not be there twice. Exit status 1 if anything was lost, doubled or refused.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROGRAM = [str(Path(sys.executable).with_name("genomics-tutor"))]
QUESTIONS = Path(__file__).parent / "questions" / "tune.jsonl"
PORT = 8792
TIMEOUT = 120


@dataclass(slots=True)
class Client:
    """A browser: its cookie and token, the conversation it is in, and the turns that it has seen begin."""

    cookie: str
    token: str
    conversation: str = ""
    turns: list[int] = field(default_factory=list)
    unanswered: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: seconds to the first byte and to the end; `error` says what went wrong, or is empty."""

    first: float
    whole: float
    error: str = ""


def opened() -> Client:
    """A browser that has opened the first page."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=TIMEOUT)
    connection.request("GET", "/")
    response = connection.getresponse()
    page = response.read().decode()
    cookie = str(response.getheader("Set-Cookie")).partition(";")[0]
    connection.close()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, page[:500]
    return Client(cookie, found[1])


def ask(client: Client, question: str, begun: Callable[[], None] = lambda: None) -> Asked:
    """Send a question and read its stream to the end; `begun` is called when the turn is known to be kept."""
    fields = {"token": client.token, "conversation": client.conversation, "question": question, "attempt": secrets.token_hex(12)}
    client.unanswered = fields
    return send(client, fields, begun)


def send(client: Client, fields: dict[str, str], begun: Callable[[], None] = lambda: None) -> Asked:
    """Send the fields of the form as they are."""
    start = time.perf_counter()
    first = 0.0
    seen = b""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=TIMEOUT)
    try:
        headers = {"Cookie": client.cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/event-stream"}
        connection.request("POST", "/ask/stream", urllib.parse.urlencode(fields), headers)
        response = connection.getresponse()
        while part := response.read1():
            first = first or time.perf_counter() - start
            known = b"event: state" in seen
            seen += part
            if not known and b"event: state" in seen:
                begins(client, seen)
                begun()
        if response.status != http.client.OK:
            return Asked(first, 0.0, f"{response.status} {seen[:200]!r}")
    except (OSError, http.client.HTTPException) as error:
        return Asked(first, 0.0, f"{type(error).__name__}: {error}")
    finally:
        connection.close()
    if b"event: done" not in seen:
        return Asked(first, 0.0, "the stream ended early")
    client.unanswered = None
    return Asked(first, time.perf_counter() - start)


def begins(client: Client, seen: bytes) -> None:
    """Note the turn that the first event names."""
    data = json.loads(seen.partition(b"data: ")[2].partition(b"\n")[0])
    client.conversation = data["conversation"]
    if data["turn"] not in client.turns:
        client.turns.append(data["turn"])


def kept(client: Client) -> int | None:
    """How many turns the server shows of the client's conversation; None if one is missing or stands there twice."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=TIMEOUT)
    connection.request("GET", f"/chat/{client.conversation}", headers={"Cookie": client.cookie})
    page = connection.getresponse().read().decode()
    connection.close()
    there = [int(number) for number in re.findall(r'class="turn" id="turn-(\d+)"', page)]
    whole = page.count('class="state ')
    return len(there) if set(client.turns) <= set(there) and len(there) == len(set(there)) == whole else None


def started(options: Sequence[str]) -> subprocess.Popen[bytes]:
    """The server, once it answers."""
    process = subprocess.Popen([*PROGRAM, *options, "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=TIMEOUT)
    while process.poll() is None:
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            connection.close()
            time.sleep(0.05)
        else:
            connection.close()
            return process
    message = f"The server ended at once ({process.returncode}); try its command by hand."
    raise SystemExit(message)


def memory(pid: int) -> float:
    """What a process has in memory, in MB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def wave(clients: Sequence[Client], questions: Sequence[str], spread: float, begun: Callable[[], None] = lambda: None) -> list[Asked]:
    """Every client asks once, at a moment of its own."""
    ready = threading.Barrier(len(clients))

    def one(number: int) -> Asked:
        ready.wait()
        time.sleep(spread * number / len(clients))
        return ask(clients[number], questions[number % len(questions)], begun)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(one, range(len(clients))))


def told(results: Sequence[Asked]) -> str:
    """A line of figures."""
    fine = [one for one in results if not one.error]
    if len(fine) < 2:
        return f"{len(results) - len(fine)} errors of {len(results)}"
    first = statistics.quantiles([1000 * one.first for one in fine], n=20)
    whole = statistics.quantiles([1000 * one.whole for one in fine], n=20)
    return (
        f"{len(results) - len(fine)} errors of {len(results)}; first byte p50 {first[9]:.0f} p95 {first[18]:.0f} ms; "
        f"whole answer p50 {whole[9]:.0f} p95 {whole[18]:.0f} ms"
    )


def killed(server: subprocess.Popen[bytes], clients: Sequence[Client], questions: Sequence[str]) -> list[Asked]:
    """A round in which the server is killed when half of its answers have begun."""
    lock = threading.Lock()
    count = 0

    def begun() -> None:
        nonlocal count
        with lock:
            count += 1
            if count == max(len(clients) // 2, 1):
                server.send_signal(signal.SIGKILL)

    results = wave(clients, questions, 0, begun)
    server.wait()
    return results


def main() -> int:
    """Print the figures; 1 if anything was lost, doubled or refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spread", type=float, default=20)
    given = parser.parse_args()
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    random.Random(7).shuffle(questions)
    wrong = 0
    with tempfile.TemporaryDirectory() as data:
        options = ["--data", data, *(["--index", str(given.index)] if given.index else [])]
        server = started(options)
        try:
            clients = [opened() for _ in range(given.clients)]
            print(f"load at the start {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors; memory {memory(server.pid):.0f} MB")
            for number in range(given.rounds):
                asked = questions[number * given.clients % len(questions) :] + questions
                results = wave(clients, asked, given.spread)
                wrong += sum(bool(one.error) for one in results)
                print(
                    f"round {number + 1} over {given.spread:.0f} s: {told(results)}; memory {memory(server.pid):.0f} MB, load {os.getloadavg()[0]:.1f}"
                )
                for error in {one.error for one in results if one.error}:
                    print(f"  {error}")
            cut = killed(server, clients, questions)
            server = started(options)
            seen = [client for client in clients if client.turns]
            lost = sum(kept(client) is None for client in seen)
            again = [send(client, client.unanswered) for client in clients if client.unanswered]
            doubled = sum(kept(client) != given.rounds + 1 for client in clients)
            wrong += lost + doubled + sum(bool(one.error) for one in again)
            print(
                f"killed in mid-stream: {sum(bool(one.error) for one in cut)} answers cut off; of {len(seen)} conversations {lost} lost a turn; "
                f"{len(again)} questions sent again, {sum(bool(one.error) for one in again)} refused; {doubled} conversations with a turn too many or too few"
            )
        finally:
            server.kill()
            server.wait()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
