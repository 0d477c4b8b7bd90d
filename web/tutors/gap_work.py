"""Long work on gaps beside the pages: one piece at a time in a thread of its own, which says how far it is.

Knows nothing of what the work is or how its progress is shown.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

_LOG = logging.getLogger(__name__)

Kind = Literal["making", "asking"]
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is: `stage` in one word, `done` of `total` steps of it (0 of 0 where they are not counted).

    `subject` is the gap that it is about, or "". `ended` says that it is over, `failed` that it did not end well.
    """

    kind: Kind
    subject: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    ended: bool = False
    failed: bool = False


class GapWork:
    """At most one piece of work at a time. Safe to use from many threads."""

    def __init__(self) -> None:
        """Nothing to do yet."""
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress | None:
        """How far the work is that runs or ran last; None if there was none."""
        return self._progress

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._progress is not None and not self._progress.ended

    def start(self, kind: Kind, subject: str, work: Callable[[Told], object]) -> bool:
        """Begin a piece of work; False if another is under way."""
        with self._lock:
            if self.running:
                return False
            self._progress = Progress(kind, subject)
            self._thread = threading.Thread(target=self._run, args=(work,), name="gaps", daemon=True)
            self._thread.start()
            return True

    def wait(self, seconds: float) -> None:
        """Wait until the work that runs is over, or so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, work: Callable[[Told], object]) -> None:
        failed = False
        try:
            work(self._tell)
        except Exception:  # noqa: BLE001  # whatever it was, the page must say that the work is over
            _LOG.exception("work on gaps failed")
            failed = True
        if self._progress is not None:
            self._progress = replace(self._progress, ended=True, failed=failed)

    def _tell(self, stage: str, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress = replace(self._progress, stage=stage, done=done, total=total)
