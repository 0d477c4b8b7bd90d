"""The database of the conversations: its tables, brought up from earlier versions, and what may go wrong with it.

Knows nothing of turns or replies.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL, started REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS conversation_of ON conversation (visitor, started);
CREATE TABLE IF NOT EXISTS turn (
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, asked REAL NOT NULL, reply TEXT NOT NULL, event TEXT NOT NULL DEFAULT '',
    remark TEXT NOT NULL DEFAULT '', told INTEGER NOT NULL DEFAULT 0, attempt TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (conversation, number)
);
"""
_LATER = {
    "event": "TEXT NOT NULL DEFAULT ''",
    "remark": "TEXT NOT NULL DEFAULT ''",
    "told": "INTEGER NOT NULL DEFAULT 0",
    "attempt": "TEXT NOT NULL DEFAULT ''",
}
"""Columns of `turn` that a database of an earlier version may not have yet."""

_INDEX = "CREATE INDEX IF NOT EXISTS turn_of_attempt ON turn (attempt) WHERE attempt <> ''"


class ConversationsError(OSError):
    """Conversations cannot be kept or read; the message says which folder needs room and the right to write."""


def prepare(database: sqlite3.Connection) -> None:
    """Give a file the tables, and what an earlier version lacks."""
    database.execute("PRAGMA foreign_keys = ON")
    # Words that are deleted are overwritten.
    database.execute("PRAGMA secure_delete = ON").fetchall()
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'turn'").fetchone():
        database.executescript(_SCHEMA)
    if _LATER.keys() - _columns(database) or not _has_index(database):
        _complete(database)


@contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """What goes wrong with the file, as a ConversationsError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        message = f"Conversations cannot be kept in {path} ({error}); see that the folder may be written to and has room."
        raise ConversationsError(message) from error


def _columns(database: sqlite3.Connection) -> set[str]:
    return {row[0] for row in database.execute("SELECT name FROM pragma_table_info('turn')")}


def _has_index(database: sqlite3.Connection) -> bool:
    return database.execute("SELECT 1 FROM sqlite_master WHERE name = 'turn_of_attempt'").fetchone() is not None


def _complete(database: sqlite3.Connection) -> None:
    """Give a database what it lacks; whoever comes second finds nothing left to do."""
    database.execute("BEGIN IMMEDIATE")
    there = _columns(database)
    for column, kind in _LATER.items():
        if column not in there:
            database.execute(f"ALTER TABLE turn ADD COLUMN {column} {kind}")
    database.execute(_INDEX)
    database.execute("COMMIT")
