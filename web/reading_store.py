"""What a visitor has marked and where it stopped reading: bookmarks and the last place, kept on disk.

File: one SQLite database, its version in `user_version`. What nobody has come back for in `_KEPT_DAYS` is dropped, and a visitor has
at most `MOST_BOOKMARKS`. Knows nothing of requests, pages or what stands in a section.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BOOKMARKS = 200
"""How many bookmarks a visitor can have."""

_VERSION = 1
_SCHEMA = """
CREATE TABLE bookmark (
    visitor TEXT NOT NULL, section TEXT NOT NULL, title TEXT NOT NULL, added REAL NOT NULL, PRIMARY KEY (visitor, section)
) STRICT;
CREATE TABLE place (visitor TEXT PRIMARY KEY, unit TEXT NOT NULL, section TEXT NOT NULL, read REAL NOT NULL) STRICT;
CREATE INDEX place_read ON place (read);
"""
_KEPT_DAYS = 400
_DAY_S = 24 * 3600


class ReadingError(OSError):
    """Bookmarks and places cannot be kept or read; the message says which file needs room, the right to write, or a newer version."""


class TooManyBookmarksError(ValueError):
    """The visitor has as many bookmarks as can be kept; one must be removed first."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A section that was marked: its id, and its heading when it was, in case the course loses it."""

    section: str
    title: str


@dataclass(frozen=True, slots=True)
class LastRead:
    """Where a visitor stopped: the unit's id, and the section's id if it is known, else empty."""

    unit: str
    section: str


@dataclass(frozen=True, slots=True)
class ReadingStore:
    """Bookmarks and places in one database file, made at the first write. Safe to use from many threads and processes."""

    path: Path

    def bookmarks(self, visitor: str) -> tuple[Bookmark, ...]:
        """The visitor's bookmarks, the latest first."""
        if not self.path.exists():
            return ()
        with self._open("BEGIN") as database:
            rows = database.execute("SELECT section, title FROM bookmark WHERE visitor = ? ORDER BY added DESC, rowid DESC", (visitor,))
            return tuple(Bookmark(section, title) for section, title in rows)

    def add(self, visitor: str, bookmark: Bookmark) -> None:
        """Mark a section; marking it again changes nothing. Raises TooManyBookmarksError."""
        now = time.time()
        with self._open() as database:
            known = {row[0] for row in database.execute("SELECT section FROM bookmark WHERE visitor = ?", (visitor,))}
            if bookmark.section not in known and len(known) >= MOST_BOOKMARKS:
                message = f"A visitor has at most {MOST_BOOKMARKS} bookmarks; remove one first."
                raise TooManyBookmarksError(message)
            row = (visitor, bookmark.section, bookmark.title, now)
            database.execute("INSERT OR IGNORE INTO bookmark VALUES (?, ?, ?, ?)", row)
            _forget(database, now - _KEPT_DAYS * _DAY_S)

    def remove(self, visitor: str, section: str) -> None:
        """Take a bookmark away, if there is one."""
        if not self.path.exists():
            return
        with self._open() as database:
            database.execute("DELETE FROM bookmark WHERE visitor = ? AND section = ?", (visitor, section))

    def last_read(self, visitor: str) -> LastRead | None:
        """Where the visitor stopped, if it has read anything."""
        if not self.path.exists():
            return None
        with self._open("BEGIN") as database:
            row = database.execute("SELECT unit, section FROM place WHERE visitor = ?", (visitor,)).fetchone()
            return LastRead(*row) if row else None

    def reached(self, visitor: str, unit: str, section: str = "") -> None:
        """The visitor is in this unit now. Without a section, the section that was reached in the same unit is kept."""
        now = time.time()
        with self._open() as database:
            database.execute(
                "INSERT INTO place VALUES (?, ?, ?, ?) ON CONFLICT (visitor) DO UPDATE SET unit = excluded.unit, read = excluded.read,"
                " section = CASE WHEN excluded.section = '' AND place.unit = excluded.unit THEN place.section ELSE excluded.section END",
                (visitor, unit, section, now),
            )
            _forget(database, now - _KEPT_DAYS * _DAY_S)

    def purge(self, before: float) -> int:
        """Remove places read before a time (seconds since 1970), and bookmarks of whoever has read nothing since; gives how many places."""
        if not self.path.exists():
            return 0
        with self._open() as database:
            database.execute("PRAGMA secure_delete = ON")
            return _forget(database, before)

    @contextmanager
    def _open(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as database:
                if _version(database) == 0:
                    database.execute("PRAGMA journal_mode = WAL")
                database.execute(begin)
                self._prepare(database)
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, ReadingError):
                raise
            message = f"Bookmarks cannot be kept in {self.path} ({error}); see that the folder may be written to and has room."
            raise ReadingError(message) from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        version = _version(database)
        if version > _VERSION:
            message = f"{self.path} was written by a newer version of genomics-tutor; update this one, or give another folder with --data."
            raise ReadingError(message)
        if version == 0:
            for statement in _SCHEMA.split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_VERSION}")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _forget(database: sqlite3.Connection, oldest: float) -> int:
    """Drop what is older: places, of which it gives the number, and the bookmarks of whoever has read nothing since."""
    places = database.execute("DELETE FROM place WHERE read < ?", (oldest,)).rowcount
    if places:
        database.execute("DELETE FROM bookmark WHERE added < ? AND visitor NOT IN (SELECT visitor FROM place)", (oldest,))
    return places
