"""The threads that answer requests: as many as are needed at once, and no more.

waitress begins all its threads with the first and gives each its turn, so that a machine with one reader keeps the stacks and freed memory of
256. Knows nothing of what is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from waitress.task import ThreadedTaskDispatcher

if TYPE_CHECKING:
    from waitress.channel import HTTPChannel

_FIRST = 8
"""A browser opens up to six connections."""


class GrowingThreads(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """A few threads, and another whenever all are busy, up to `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.set_thread_count(min(_FIRST, most))

    def add_task(self, task: HTTPChannel) -> None:
        """Serve a request in a thread that is free, or in a new one."""
        with self.lock:
            waiting = len(self.queue) + 1 - (len(self.threads) - self.stop_count - self.active_count)
            wanted = min(self._most, len(self.threads) + waiting)
        if waiting > 0 and wanted > len(self.threads):
            self.set_thread_count(wanted)
        super().add_task(task)
