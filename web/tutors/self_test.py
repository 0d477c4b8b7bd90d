"""What the look at this installation found last, and the next look: one at a time.

Knows nothing of what is looked at or how it is shown.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.lab.doctor import Examination


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and when the look ended."""

    found: Examination
    time: datetime


class SelfTest:
    """Looks when it is asked to. Safe to use from many threads."""

    def __init__(self, examine: Callable[[], Examination]) -> None:
        """`examine` takes a few seconds."""
        self._examine = examine
        self._one = threading.Lock()
        self.latest: Looked | None = None

    def look(self) -> None:
        """Look now; whoever asks while a look is under way waits for its end, and has its findings."""
        before = self.latest
        with self._one:
            if self.latest is before:
                self.latest = Looked(self._examine(), datetime.now(UTC))
