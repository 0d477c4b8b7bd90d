"""Work in the background after a change: one at a time, and once more if something changed meanwhile.

Knows nothing of what the work is.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How the work stands. `problem` says why it failed last, empty if it did not; `done` is when it last ended well."""

    running: bool = False
    problem: str = ""
    done: datetime | None = None


class Refreshing:
    """Runs a piece of work whenever it is asked for. Safe to use from many threads."""

    def __init__(self, work: Callable[[], None]) -> None:
        """`work` raises if it fails; what it replaces must then still be in use."""
        self._work = work
        self._changed = threading.Condition()
        self._wanted = False
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How the work stands now."""
        with self._changed:
            return self._progress

    def start(self) -> None:
        """Begin the work, or do it again after what is being done now."""
        with self._changed:
            self._wanted = True
            if self._progress.running:
                return
            self._progress = Progress(running=True, done=self._progress.done)
        threading.Thread(target=self._run, name="after a change", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether the work has ended within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._progress.running, seconds)

    def _run(self) -> None:
        problem, done = "", None
        while self._next(problem, done):
            try:
                self._work()
                problem, done = "", datetime.now(UTC)
            except Exception as error:  # noqa: BLE001  # the old course and index stay in use; the tutors' page says why
                _LOG.exception("the work after a change failed")
                problem, done = str(error) or type(error).__name__, None

    def _next(self, problem: str, done: datetime | None) -> bool:
        """Whether there is more to do; if not, the work has ended so."""
        with self._changed:
            again, self._wanted = self._wanted, False
            if not again:
                self._progress = Progress(running=False, problem=problem, done=done or self._progress.done)
                self._changed.notify_all()
            return again
