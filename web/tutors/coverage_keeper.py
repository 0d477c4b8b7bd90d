"""The coverage of the outcomes, worked out once for a course and kept: it takes seconds, and no page waits for it.

Knows nothing of how it is shown.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.coverage import outcome_coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.coverage import OutcomeCoverage, Probed

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class CoverageKeeper:
    """Keeps the coverage of the course that was asked about last."""

    _digest: str | None = None
    _rows: Sequence[OutcomeCoverage] | None = None
    _failed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def rows(self, assistant: Probed) -> Sequence[OutcomeCoverage] | None:
        """The coverage, or None while it is being worked out in the background, which this call begins."""
        with self._lock:
            if self._digest != assistant.course.digest or self._failed:
                self._digest, self._rows, self._failed = assistant.course.digest, None, False
                self._thread = threading.Thread(target=self._work_out, args=(assistant,), name="coverage", daemon=True)
                self._thread.start()
            return self._rows

    def wait(self, seconds: float) -> None:
        """Wait until what was begun is done, or so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work_out(self, assistant: Probed) -> None:
        try:
            rows = outcome_coverage(assistant)
        except Exception:  # noqa: BLE001  (a thread of its own: whatever fails is told in the log, and tried again at the next visit)
            _LOG.exception("the coverage of the outcomes could not be worked out")
            with self._lock:
                self._failed = True
            return
        with self._lock:
            if self._digest == assistant.course.digest:
                self._rows = rows
