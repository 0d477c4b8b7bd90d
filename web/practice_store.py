"""What each visitor has practised, kept on disk: cards, reviews, answers in progress, and the number of new questions a day.

File: one SQLite database whose `user_version` is its format. Every change is one transaction, so a server that is killed in between has
either rated a question or not. A card whose question has left the course is kept: the question may come back. An answer in progress is kept,
marks of identity taken out, until it is rated; `purge` removes what is too old. Knows nothing of the course, requests or pages.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.masking import masked
from assistant.repetition import Card, reviewed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.repetition import Rating

FORMAT = 2
NEW_A_DAY = 10
MOST_NEW_A_DAY = 100

_SCHEMA = """
CREATE TABLE card (
    visitor TEXT NOT NULL, question TEXT NOT NULL, stage TEXT NOT NULL, step INTEGER, stability REAL NOT NULL, difficulty REAL NOT NULL,
    due REAL NOT NULL, last REAL NOT NULL, PRIMARY KEY (visitor, question)
) STRICT;
CREATE TABLE review (
    visitor TEXT NOT NULL, question TEXT NOT NULL, at REAL NOT NULL, rating TEXT NOT NULL, first INTEGER NOT NULL
) STRICT;
CREATE INDEX review_of ON review (visitor, at);
CREATE TABLE attempt (
    visitor TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, hints INTEGER NOT NULL, shown INTEGER NOT NULL,
    at REAL NOT NULL, PRIMARY KEY (visitor, question)
) STRICT;
CREATE TABLE setting (visitor TEXT PRIMARY KEY, new_a_day INTEGER NOT NULL) STRICT;
"""
_FROM_FORMAT_1 = "ALTER TABLE attempt ADD COLUMN at REAL NOT NULL DEFAULT 0; UPDATE attempt SET at = strftime('%s', 'now') + 0.0"
"""It did not say when an answer was written: those that are there count as written now."""

_KEEP_ATTEMPT = (
    "INSERT INTO attempt (visitor, question, answer, hints, shown, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
    "SET answer = excluded.answer, hints = max(hints, excluded.hints), shown = excluded.shown, at = excluded.at WHERE NOT shown"
)
_WRITTEN = (("card", "last"), ("review", "at"), ("attempt", "at"))
"""The tables of what was practised, and when a row was written."""


class PracticeStoreError(OSError):
    """Practice cannot be kept or read; the message says which file needs room, the right to write, or another version."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer in progress: what was written, how many hints were taken, and whether the model answer was shown (then it is settled)."""

    answer: str = ""
    hints: int = 0
    shown: bool = False


@dataclass(frozen=True, slots=True)
class PracticeStore:
    """The practice of every visitor in one database file, made at the first write. Safe to use from many threads and processes."""

    path: Path

    def cards(self, visitor: str) -> dict[str, Card]:
        """The visitor's cards by the key of their question."""
        rows = self._rows("SELECT question, stage, step, stability, difficulty, due, last FROM card WHERE visitor = ?", visitor)
        return {key: _card(rest) for key, *rest in rows}

    def attempt(self, visitor: str, question: str) -> Attempt:
        """The visitor's answer in progress, empty if there is none."""
        rows = self._rows("SELECT answer, hints, shown FROM attempt WHERE visitor = ? AND question = ?", visitor, question)
        return next((Attempt(answer, hints, bool(shown)) for answer, hints, shown in rows), Attempt())

    def keep_attempt(self, visitor: str, question: str, attempt: Attempt) -> None:
        """Keep an answer in progress in place of the one before. Once the model answer was shown, nothing changes it but a rating."""
        with self._open(write=True) as database:
            database.execute(_KEEP_ATTEMPT, (visitor, question, masked(attempt.answer), attempt.hints, attempt.shown, time.time()))

    def rate(self, visitor: str, question: str, rating: Rating, now: datetime) -> bool:
        """Rate the answer whose model answer was shown, and schedule the question anew; False, and nothing done, if there is none such."""
        with self._open(write=True) as database:
            settled = database.execute("DELETE FROM attempt WHERE visitor = ? AND question = ? AND shown", (visitor, question)).rowcount
            if not settled:
                return False
            row = database.execute(
                "SELECT stage, step, stability, difficulty, due, last FROM card WHERE visitor = ? AND question = ?", (visitor, question)
            ).fetchone()
            card = reviewed(_card(row) if row else None, rating, now)
            database.execute(
                "INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (visitor, question, card.stage, card.step, card.stability, card.difficulty, card.due.timestamp(), card.last.timestamp()),
            )
            database.execute("INSERT INTO review VALUES (?, ?, ?, ?, ?)", (visitor, question, now.timestamp(), rating, row is None))
            return True

    def review_times(self, visitor: str, since: datetime) -> list[datetime]:
        """When the visitor rated an answer from `since` on, oldest first, in UTC."""
        return [
            _time(at) for (at,) in self._rows("SELECT at FROM review WHERE visitor = ? AND at >= ? ORDER BY at", visitor, since.timestamp())
        ]

    def new_since(self, visitor: str, since: datetime) -> int:
        """How many questions the visitor rated for the first time from `since` on."""
        rows = self._rows("SELECT count(*) FROM review WHERE visitor = ? AND at >= ? AND first", visitor, since.timestamp())
        return int(rows[0][0]) if rows else 0

    def new_a_day(self, visitor: str) -> int:
        """How many new questions a day the visitor wants."""
        rows = self._rows("SELECT new_a_day FROM setting WHERE visitor = ?", visitor)
        return int(rows[0][0]) if rows else NEW_A_DAY

    def set_new_a_day(self, visitor: str, number: int) -> None:
        """Keep how many new questions a day the visitor wants, from 0 to `MOST_NEW_A_DAY`; a number outside is brought inside."""
        with self._open(write=True) as database:
            database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (visitor, min(max(number, 0), MOST_NEW_A_DAY)))

    def reset(self, visitor: str) -> None:
        """Forget all that the visitor practised; the setting stays."""
        with self._open(write=True) as database:
            for table, _ in _WRITTEN:
                database.execute(f"DELETE FROM {table} WHERE visitor = ?", (visitor,))  # noqa: S608  (the names stand here)

    def purge(self, before: datetime) -> int:
        """Remove what was practised before a time, and the setting of whoever has nothing left; gives how many rows were removed."""
        if not self.path.exists():
            return 0
        old = before.timestamp()
        with self._open(write=True) as database:
            database.execute("PRAGMA secure_delete = ON")
            practised = " UNION ".join(f"SELECT visitor FROM {table}" for table, _ in _WRITTEN)  # noqa: S608  (the names stand here)
            visitors = database.execute(practised).fetchall()
            removed = sum(
                database.execute(f"DELETE FROM {table} WHERE {written} < ?", (old,)).rowcount  # noqa: S608
                for table, written in _WRITTEN
            )
            if removed:
                database.executemany(f"DELETE FROM setting WHERE visitor = ? AND visitor NOT IN ({practised})", visitors)  # noqa: S608
            return removed

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._open(write=False) as database:
            return database.execute(query, values).fetchall()

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as database:
                self._made(database)
                database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, PracticeStoreError):
                raise
            message = f"Practice cannot be kept in {self.path} ({error}); see that the folder may be written to and has room."
            raise PracticeStoreError(message) from error

    def _made(self, database: sqlite3.Connection) -> None:
        """See that the tables are there, made whole or not at all, and of a version that this program knows."""
        found = _version(database)
        if found == FORMAT:
            return
        if found > FORMAT:
            message = (
                f"{self.path} has format {found}, and this version knows format {FORMAT}; install the newer version, or move the file away."
            )
            raise PracticeStoreError(message)
        if found == 0:
            database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        found = _version(database)
        if found != FORMAT:  # another process may have made them in the meantime
            for statement in (_FROM_FORMAT_1 if found else _SCHEMA).split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("COMMIT")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _card(row: Sequence[Any]) -> Card:
    stage, step, stability, difficulty, due, last = row
    return Card(stage, step, stability, difficulty, _time(due), _time(last))
