"""What trainees asked, practised and read kept for so many days and no longer: what is older is removed at the start and then once a day.

Knows nothing of who may remove more than that.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.gap_store import GapStoreError
from assistant.journal import JournalError
from web.conversations import ConversationsError
from web.practice_store import PracticeStoreError
from web.reading import reading_store
from web.reading_store import ReadingError
from web.services import services
from web.tutors.gaps_page import desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

_LOG = logging.getLogger(__name__)
_DAY = 24 * 60 * 60


class Retention:
    """Removes whatever is older than `days`, at most once a day: journal events and their copies with the gaps, conversations, practice, reading."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._next = 0.0
        self._lock = threading.Lock()

    def apply(self) -> None:
        """Remove what is too old, if a day has gone by since the last time; a file that cannot be written is told to the log, and the others go on."""
        with self._lock:
            if time.monotonic() < self._next:
                return
            self._next = time.monotonic() + _DAY
        before = datetime.now(UTC) - timedelta(days=self._days)
        removed = {what: _removed(purge, before) for what, purge in _kept().items()}
        if any(removed.values()):
            _LOG.info("removed after %d days: %s", self._days, ", ".join(f"{number} {what}" for what, number in removed.items()))


def _kept() -> dict[str, Callable[[datetime], int]]:
    """What is kept of trainees, each with what removes the part from before a time."""
    journal, practice = services().journal, services().practice
    kept: dict[str, Callable[[datetime], int]] = {
        "conversations": lambda before: services().conversations.purge(before.timestamp()),
        "questions of gaps": desk().store.forget,
        "places": lambda before: reading_store().purge(before.timestamp()),
    }
    if journal is not None:
        kept["events"] = journal.purge
    if practice is not None:
        kept["answers and cards"] = practice.store.purge
    return kept


def _removed(purge: Callable[[datetime], int], before: datetime) -> int:
    try:
        return purge(before)
    except (JournalError, ConversationsError, GapStoreError, PracticeStoreError, ReadingError) as error:
        _LOG.error("%s", error)
        return 0


def init_app(app: Flask, days: int) -> None:
    """Apply the retention period now and once on every day of use."""
    retention = Retention(days)
    with app.app_context():
        retention.apply()
    app.before_request(retention.apply)
