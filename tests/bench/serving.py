"""Measure what serving costs on this machine: start, memory and its growth, processor at rest, answers a second, a batch.

    python tests/bench/serving.py [--index DIR] [--starts 5] [--questions 1000] [--clients 32] [--seconds 20]

Everything is asked over HTTP as the chat page does, an answer read to its end. `--questions 20000` shows growth over a long term. Machines
are shared: beside each time stands the processor time that it took, which other people's work disturbs less, and the load.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = [str(Path(sys.executable).with_name("genomics-tutor"))]
REST_SECONDS = 10
WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs. `seconds` and `processor` are from process start to the first page; `begun` is when that was."""

    pid: int
    port: int
    begun: float
    seconds: float
    processor: float

    def memory(self) -> float:
        """What it has in memory, in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def processor(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    times = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(options: list[str]) -> Iterator[Server]:
    """A server over the settings, ended afterwards."""
    begun = time.perf_counter()
    command = [*PROGRAM, *options, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            port = next(int(found[1]) for line in server.stdout or () if (found := re.search(r"http://[^:]+:(\d+)", line)))
            Client(port)
            yield Server(server.pid, port, begun, time.perf_counter() - begun, processor(server.pid))
        finally:
            server.terminate()


class Client:
    """A browser that has opened the chat page."""

    def __init__(self, port: int) -> None:
        """Open the page."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.request("GET", "/")
        answer = self._connection.getresponse()
        page = answer.read().decode()
        self._cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found
        self._token = found[1]

    def ask(self, question: str) -> None:
        """Ask, and read the answer to its end."""
        form = urllib.parse.urlencode({"token": self._token, "question": question})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie}
        self._connection.request("POST", "/ask/stream", form, headers)
        answer = self._connection.getresponse().read()
        assert b"event: done" in answer, answer[:300]


def throughput(server: Server, questions: list[str], clients: int, seconds: float) -> tuple[float, float]:
    """Whole answers a second for so many clients at once, and milliseconds of the server's processor time for each."""
    counts = [0] * clients
    ends = time.perf_counter() + seconds
    before = processor(server.pid)

    def asks(number: int) -> None:
        client = Client(server.port)
        for question in itertools.islice(itertools.cycle(questions), number * 37, None):
            if time.perf_counter() > ends:
                return
            client.ask(question)
            counts[number] += 1

    threads = [threading.Thread(target=asks, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun), (processor(server.pid) - before) / max(sum(counts), 1) * 1000


def measure(options: list[str], given: argparse.Namespace, questions: list[str]) -> None:
    """Print the figures of one server after another."""
    pages, answers, memories = [], [], []
    for _ in range(given.starts):
        with serving(options) as server:
            pages.append((server.seconds, server.processor))
            Client(server.port).ask(questions[0])
            answers.append((time.perf_counter() - server.begun, processor(server.pid)))
            memories.append(server.memory())
    for what, times in (("page", pages), ("answer", answers)):
        walls, processors = zip(*times, strict=True)
        best, usual, cost = min(walls), statistics.median(walls), statistics.median(processors)
        print(f"start to the first {what}: median {usual:.2f} s, best {best:.2f} s, processor {cost:.2f} s, best {min(processors):.2f} s")
    print(f"memory after it: {statistics.median(memories):.0f} MB")
    with serving(options) as server:
        client = Client(server.port)
        for question in itertools.islice(itertools.cycle(questions), WARM_UP):
            client.ask(question)
        warm = server.memory()
        for count in sorted({1000, given.questions}):
            for question in itertools.islice(itertools.cycle(questions), count):
                client.ask(question)
            print(f"memory after {count:,} questions: {server.memory():.0f} MB ({server.memory() - warm:+.1f} since the first {WARM_UP})")
        before = processor(server.pid)
        time.sleep(REST_SECONDS)
        print(f"at rest: {(processor(server.pid) - before) / REST_SECONDS:.2%} of a processor")
        rate, cost = throughput(server, questions, given.clients, given.seconds)
        print(f"{given.clients} clients: {rate:.0f} whole answers a second, {cost:.1f} ms of processor time each")


def batch(options: list[str], folder: Path, questions: list[str]) -> None:
    """Print how fast `ask --batch` is."""
    lines = folder / "batch.jsonl"
    lines.write_text("".join(json.dumps({"id": str(number), "question": one}) + "\n" for number, one in enumerate(questions * 2)), "utf-8")
    begun, used = time.perf_counter(), os.times()
    result = subprocess.run([*PROGRAM, *options, "ask", "--batch", str(lines)], check=True, capture_output=True)
    count, seconds, now = len(result.stdout.splitlines()), time.perf_counter() - begun, os.times()
    cost = (now.children_user + now.children_system - used.children_user - used.children_system) / count * 1000
    print(
        f"batch: {count} questions in {seconds:.1f} s with the start, {count / seconds:.0f} a second, {cost:.1f} ms of processor time each"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    source = Path(__file__).parent / "questions" / "tune.jsonl"
    questions = [json.loads(line)["question"] for line in source.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as data:
        options = ["--data", data, *(["--index", str(given.index)] if given.index else [])]
        subprocess.run([*PROGRAM, *options, "ask", "What is penetrance?"], check=True, stdout=subprocess.DEVNULL)
        print(f"load before: {', '.join(f'{one:.1f}' for one in os.getloadavg())} on {os.cpu_count()} processors")
        measure(options, given, questions)
        batch(options, Path(data), questions)
        print(f"load after: {', '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
