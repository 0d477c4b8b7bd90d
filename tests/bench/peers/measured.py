"""A library under measurement: its process, spoken to by lines, and what the process costs.

Knows nothing of which libraries there are, nor of what their answers are worth.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}
"""Nothing is fetched and nobody is told: no peer waits for a network."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the clock and of the processor."""

    wall: float
    processor: float


class Process:
    """One process of a library, from its first instruction to its end."""

    def __init__(self, command: list[str], log: Path, variables: Mapping[str, str]) -> None:
        """Start it, with further variables in its environment; what it says on standard error goes to `log`."""
        self._begun = time.perf_counter()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | OFFLINE | dict(variables)
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True, encoding="utf-8", env=environment
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.communicate()
        self._log.close()

    def ask(self, **asked: Any) -> dict[str, Any]:
        """One line out, one line back."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            message = f"The process ended; {self._log.name} says why."
            raise RuntimeError(message)
        result: dict[str, Any] = json.loads(answer)
        return result

    def cost(self) -> Cost:
        """What it has cost since its start, its children's work (none wait for another) included."""
        times = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return Cost(time.perf_counter() - self._begun, (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"))

    def memory(self) -> float:
        """What it has in memory, in MB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def megabytes(folder: Path) -> float:
    """What a folder takes on disk, as `du` counts it."""
    counted = subprocess.run(["du", "-sk", str(folder)], check=True, capture_output=True, text=True)
    return int(counted.stdout.split()[0]) / 1024
