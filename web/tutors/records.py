"""The file of the tutors' accounts, sessions and audit trail: one SQLite database, its schema versioned.

Knows nothing of what the tables mean.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
_SCHEMA = """
CREATE TABLE account (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('tutor', 'admin')),
    password TEXT NOT NULL, generation INTEGER NOT NULL DEFAULT 1, added TEXT NOT NULL
) STRICT;
CREATE TABLE session (
    key TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (key) ON DELETE CASCADE,
    generation INTEGER NOT NULL, started REAL NOT NULL, seen REAL NOT NULL
) STRICT;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, who TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
"""


class RecordsError(OSError):
    """The tutors' file cannot be read or written; the message says which file, and what to do."""


@dataclass(frozen=True, slots=True)
class Records:
    """The database in one file, made at the first use. Safe to use from many threads and processes."""

    path: Path

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """The database in a transaction: all that is done in the block is kept, or nothing. Raises RecordsError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as database:
                database.execute("PRAGMA foreign_keys = ON")
                self._prepare(database)
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                except BaseException:
                    database.execute("ROLLBACK")
                    raise
                database.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, RecordsError):
                raise
            message = (
                f"{self.path}: the tutors' accounts cannot be used ({error}); make room on the disk or give another folder with --data."
            )
            raise RecordsError(message) from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return
        if version > VERSION:
            message = f"{self.path} was written by a newer version; update genomics-tutor on this machine."
            raise RecordsError(message)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        if database.execute("PRAGMA user_version").fetchone() == (0,):  # another process may have been first
            for statement in _statements(_SCHEMA):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {VERSION:d}")
            self.path.chmod(0o600)
        database.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would end the transaction."""
    waiting = ""
    for line in script.splitlines():
        waiting += line + "\n"
        if sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""
