"""An SQLite file whose connections stay open between transactions.

To open a file, read its tables and close it again costs more than what is done in between, and whoever closes last writes the whole log back
to the file. A connection is one transaction's at a time and waits for the next one; it is given up where the file is no longer the one that
was opened (removed, or put back from a backup). Knows nothing of tables.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, nullcontext, suppress
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MOST_WAITING = 2
_CACHE = 256
"""KB of the file that a connection keeps in memory; SQLite would keep 2,000, and the system keeps the file anyway."""

_SECONDS = 10
"""How long a transaction waits for another one, of this process or another, to end."""


class OpenDatabase:
    """One file. Safe to use from many threads at once; other processes may use the file too."""

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """`prepare` makes a new connection's file what it must be: its tables, and what earlier versions lack."""
        self.path = path
        self._prepare = prepare
        self._waiting: list[tuple[tuple[int, int], sqlite3.Connection]] = []
        self._lock = Lock()
        self._opening = Lock()
        self._writing = Lock()

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction, kept if the block ends without an error. Raises OSError or sqlite3.Error."""
        file, database = self._taken()
        try:
            # Within this process one after the other: SQLite would have those that come second sleep, longer each time, and look again.
            with self._writing if write else nullcontext():
                database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                yield database
                database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                database.rollback()
            database.close()
            raise
        with self._lock:
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.append((file, database))
                return
        database.close()

    def write_back(self) -> None:
        """Write the log back into the file and empty it, so that what was overwritten or removed is nowhere on the disk."""
        _, database = self._taken()
        try:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            database.close()

    def _taken(self) -> tuple[tuple[int, int], sqlite3.Connection]:
        file = self._file()
        with self._lock:
            while self._waiting:
                opened, database = self._waiting.pop()
                if opened == file:
                    return opened, database
                database.close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._opening:  # of several that make a new file at once SQLite turns all but one away, however long they would wait
            database = sqlite3.connect(self.path, timeout=_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                database.execute("PRAGMA journal_mode = WAL").fetchall()
                database.execute(f"PRAGMA cache_size = -{_CACHE}").fetchall()
                self._prepare(database)
            except BaseException:
                database.close()
                raise
        return self._file() or (0, 0), database

    def _file(self) -> tuple[int, int] | None:
        """What tells the file from another one of its name."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def __del__(self) -> None:
        """Close what waits."""
        for _, database in self._waiting:
            database.close()
