"""Sessions of tutors, kept on the server under the digest of a random key that only the browser has.

A session ends when it was idle too long, when it is old, when the tutor signs out, or when the account's generation goes up. Knows nothing of cookies.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from web.tutors.accounts import Tutor

if TYPE_CHECKING:
    from collections.abc import Callable

    from web.tutors.accounts import Role
    from web.tutors.records import Records

IDLE = 2 * 60 * 60
"""Seconds without a request after which a session ends."""

LONGEST = 12 * 60 * 60
"""Seconds after which a session ends however busy it is."""

_SEEN_EVERY = 60
"""Seconds between two notes that a session is in use."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions in a file of records. `clock` gives seconds since 1970."""

    records: Records
    clock: Callable[[], float] = time.time

    def start(self, name: str, old: str = "") -> str:
        """Begin a session for an account and end the one that this browser had; the key of the new one."""
        key, now = secrets.token_urlsafe(32), self.clock()
        with self.records.open() as database:
            database.execute("DELETE FROM session WHERE key = ? OR seen < ? OR started < ?", (_digest(old), now - IDLE, now - LONGEST))
            database.execute(
                "INSERT INTO session SELECT ?, key, generation, ?, ? FROM account WHERE name = ?", (_digest(key), now, now, name)
            )
        return key

    def tutor(self, key: str) -> Tutor | None:
        """Whose session it is, or None if it has ended."""
        if not key:
            return None
        now = self.clock()
        with self.records.open() as database:
            row = database.execute(
                "SELECT account.name, account.role, session.seen FROM session JOIN account ON account.key = session.account "
                "WHERE session.key = ? AND session.generation = account.generation AND session.seen >= ? AND session.started >= ?",
                (_digest(key), now - IDLE, now - LONGEST),
            ).fetchone()
            if row is None:
                return None
            if now - row[2] > _SEEN_EVERY:
                database.execute("UPDATE session SET seen = ? WHERE key = ?", (now, _digest(key)))
        return Tutor(row[0], cast("Role", row[1]))

    def end(self, key: str) -> None:
        """End a session."""
        with self.records.open() as database:
            database.execute("DELETE FROM session WHERE key = ?", (_digest(key),))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
