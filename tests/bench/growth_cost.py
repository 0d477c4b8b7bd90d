"""What a piece of work costs the process that does it: time of the clock, of the processor, memory.

Knows nothing of what the work is.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


Figures = dict[str, Any]


@dataclass(slots=True)
class Spent:
    """Seconds of the clock and of the processor that a block took; 0 until it has ended."""

    wall: float = 0.0
    processor: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """What the block takes."""
    found = Spent()
    wall, processor = time.perf_counter(), time.process_time()
    try:
        yield found
    finally:
        found.wall, found.processor = time.perf_counter() - wall, time.process_time() - processor


def peak() -> float:
    """The most that this process has had in memory, in MB. Its own alone: what `getrusage` says begins with its parent's."""
    return _kilobytes("status", "VmHWM") / 1024


def memory() -> float:
    """What this process has in memory now, in MB, its part of shared pages counted (PSS)."""
    return _kilobytes("smaps_rollup", "Pss") / 1024


def asked(ask: Callable[[Any], Any], questions: Sequence[Any]) -> tuple[dict[str, float], list[Any]]:
    """Milliseconds a question, one after another, p50 and p95 of the processor's and of the clock's; and the answers.

    The first five are asked twice, for what happens once.
    """
    for question in questions[:5]:
        ask(question)
    times, answers = [], []
    for question in questions:
        with spent() as cost:
            answers.append(ask(question))
        times.append((cost.processor, cost.wall))
    processor, wall = 1000 * np.array(times).T
    shares = {f"{name}{share}": float(np.percentile(of, share)) for name, of in (("p", processor), ("wall", wall)) for share in (50, 95)}
    return shares, answers


def recall(found: Sequence[Sequence[int]], true: Sequence[Sequence[int]]) -> float:
    """The share of the true neighbours that were found, 0 to 1, higher is better; as many of those found count as there are true ones."""
    shares = [len({*map(int, one[: len(all_)])} & {*map(int, all_)}) / len(all_) for one, all_ in zip(found, true, strict=True)]
    return float(np.mean(shares))


def _kilobytes(file: str, name: str) -> int:
    lines = Path(f"/proc/self/{file}").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
