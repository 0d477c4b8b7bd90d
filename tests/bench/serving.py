"""Measure a start and a batch: seconds from process start to the first page, memory, and questions answered a second.

    python tests/bench/serving.py [--index DIR] [--starts 5]

The batch is `questions/tune.jsonl` twice. Machines are shared: quote the median, and compare within one run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = [str(Path(sys.executable).with_name("genomics-tutor"))]
PORT = 8791


def started(options: list[str]) -> tuple[float, float]:
    """Seconds until the first page is served, and the memory then in use, in MB (Linux; 0 elsewhere)."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [*PROGRAM, *options, "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5):
                        break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.01)
            seconds = time.perf_counter() - begun
            status = Path(f"/proc/{server.pid}/status")
            lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
            memory = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
        finally:
            server.terminate()
    return seconds, memory


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--starts", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        options = ["--data", data, *(["--index", str(given.index)] if given.index else [])]
        subprocess.run([*PROGRAM, *options, "ask", "What is penetrance?"], check=True, stdout=subprocess.DEVNULL)
        starts = [started(options) for _ in range(given.starts)]
        print(
            f"start: median {statistics.median(s for s, _ in starts):.2f} s of {[round(s, 2) for s, _ in starts]}; {starts[-1][1]:.0f} MB"
        )
        source = Path(__file__).parent / "questions" / "tune.jsonl"
        questions = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()] * 2
        batch = Path(data) / "batch.jsonl"
        batch.write_text("".join(json.dumps({"id": q["id"], "question": q["question"], "history": q["history"]}) + "\n" for q in questions))
        begun = time.perf_counter()
        result = subprocess.run([*PROGRAM, *options, "ask", "--batch", str(batch)], check=True, capture_output=True)
        seconds = time.perf_counter() - begun
        print(
            f"batch: {len(result.stdout.splitlines())} questions in {seconds:.1f} s with the start, {len(questions) / seconds:.0f} a second"
        )


if __name__ == "__main__":
    main()
