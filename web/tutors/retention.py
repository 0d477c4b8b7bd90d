"""Questions kept for so many days and no longer: what is older is removed at the start and then once a day.

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
from web.services import services
from web.tutors.gaps_page import desk

if TYPE_CHECKING:
    from flask import Flask

_LOG = logging.getLogger(__name__)
_DAY = 24 * 60 * 60


class Retention:
    """Removes journal events, their copies with the gaps, and conversations that are older than `days`, at most once a day."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._next = 0.0
        self._lock = threading.Lock()

    def apply(self) -> None:
        """Remove what is too old, if a day has gone by since the last time; never raises for a file that cannot be written."""
        with self._lock:
            if time.monotonic() < self._next:
                return
            self._next = time.monotonic() + _DAY
        before = datetime.now(UTC) - timedelta(days=self._days)
        journal = services().journal
        try:
            events = journal.purge(before) if journal is not None else 0
            conversations = services().conversations.purge(before.timestamp())
            desk().store.forget(before)
        except (JournalError, ConversationsError, GapStoreError) as error:
            _LOG.error("%s", error)
            return
        if events or conversations:
            _LOG.info("removed after %d days: %d events, %d conversations", self._days, events, conversations)


def init_app(app: Flask, days: int) -> None:
    """Apply the retention period now and once on every day of use."""
    retention = Retention(days)
    with app.app_context():
        retention.apply()
    app.before_request(retention.apply)
