"""Waiting for others' work to pause, so that what is timed next is timed alone.

Knows nothing of what is timed.
"""

from __future__ import annotations

import time
from pathlib import Path

_LOOK = 0.2
"""Seconds over which the processors are watched."""

_IDLE = 0.85
"""A machine is quiet if its processors did nothing for this share of the time."""


class Quiet:
    """Waits before each timed piece until the machine is quiet, `patience` seconds at most in all; then it goes on regardless."""

    def __init__(self, patience: float) -> None:
        self._left = patience
        self._pieces = 0
        self._disturbed = 0

    def wait(self) -> None:
        """Return when the machine is quiet, or patience is at its end."""
        self._pieces += 1
        begun = time.monotonic()
        while not (found := _idle() >= _IDLE) and time.monotonic() - begun < self._left:
            pass
        self._left -= time.monotonic() - begun
        self._disturbed += not found

    def told(self) -> str:
        """How often it was quiet."""
        return f"{self._pieces - self._disturbed} of {self._pieces} pieces were begun on a quiet machine"


def _idle() -> float:
    before = _times()
    time.sleep(_LOOK)
    after = _times()
    spent = [late - early for early, late in zip(before, after, strict=True)]
    return (spent[3] + spent[4]) / max(sum(spent), 1)  # idle, and waiting for disks


def _times() -> list[int]:
    return [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
