"""The file that gaps are kept in: what they hold, what tutors have said of them, and what was found when they were asked again.

One SQLite file (`PRAGMA user_version` is its format); everything that belongs together is written in one transaction. Ids are random and
never given twice: a gap that has gone stays as a row that says where its questions went. Knows nothing of how questions are put together.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.gaps import Figures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.gaps import Status

FORMAT = 1
_SCHEMA = """
CREATE TABLE gap (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL DEFAULT 1, status TEXT NOT NULL DEFAULT 'new', owner TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '', held INTEGER NOT NULL DEFAULT 0, closed TEXT NOT NULL DEFAULT '', gone TEXT, figures TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE member (key TEXT PRIMARY KEY, gap TEXT NOT NULL REFERENCES gap (id)) STRICT;
CREATE INDEX member_gap ON member (gap);
CREATE TABLE asked (
    event TEXT PRIMARY KEY, key TEXT NOT NULL, time TEXT NOT NULL, state TEXT NOT NULL, weight REAL NOT NULL, conversation TEXT NOT NULL,
    text TEXT NOT NULL, question TEXT NOT NULL, language TEXT NOT NULL, not_helpful INTEGER NOT NULL, told TEXT NOT NULL,
    cited TEXT NOT NULL, near TEXT NOT NULL, phrase TEXT NOT NULL, asks TEXT NOT NULL
) STRICT;
CREATE INDEX asked_key ON asked (key);
CREATE TABLE vector (encoder TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (encoder, text)) STRICT;
CREATE TABLE trial (gap TEXT PRIMARY KEY REFERENCES gap (id), time TEXT NOT NULL, results TEXT NOT NULL) STRICT;
CREATE TABLE line (gap TEXT NOT NULL REFERENCES gap (id), time TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE INDEX line_gap ON line (gap);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class GapStoreError(OSError):
    """The file of the gaps cannot be read or written; the message says which file needs room, rights or a newer version."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap. `revision` grows with every change by hand; `held` says that its questions stay in it when they are put together anew.

    `closed` is when it was answered (ISO 8601), or "".
    """

    id: str
    revision: int
    status: Status
    owner: str
    note: str
    held: bool
    closed: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking a gap's questions again: `results` maps the key of a text to whether the course answers it now."""

    time: str
    results: dict[str, bool]

    @property
    def answered(self) -> int:
        """How many of the texts are answered now."""
        return sum(self.results.values())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a gap's history. `who` is a tutor's name, or "" for what came of itself; `what` is a word, `detail` what it is about."""

    time: str
    who: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Run:
    """The last time that gaps were made: when, of how many askings and texts, in how many seconds."""

    time: str
    questions: int
    texts: int
    seconds: float


class GapStore:
    """The gaps in one file, made when it is first written to. Safe to use from many threads and processes."""

    def __init__(self, path: Path) -> None:
        """`path` is the SQLite file; its folder need not exist yet."""
        self._path = path

    def gaps(self) -> list[Gap]:
        """Every gap that has not gone, the one that matters most first."""
        with self.open() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM gap WHERE gone IS NULL AND figures <> ''").fetchall()  # noqa: S608
        return sorted((gap_of(row) for row in rows), key=lambda gap: (-gap.figures.score, gap.id))

    def gap(self, id_: str) -> Gap | None:
        """The gap of this id, or the one that its questions went to; None if there never was one or nothing of it is left."""
        with self.open() as database:
            return gap_row(database, id_)

    def lines(self, id_: str) -> list[Line]:
        """The history of a gap, newest first."""
        with self.open() as database:
            rows = database.execute("SELECT time, who, what, detail FROM line WHERE gap = ? ORDER BY rowid DESC", (id_,)).fetchall()
        return [Line(*row) for row in rows]

    def trial(self, id_: str) -> Trial | None:
        """What came of the last time a gap was asked again."""
        with self.open() as database:
            row = database.execute("SELECT time, results FROM trial WHERE gap = ?", (id_,)).fetchone()
        return Trial(row[0], json.loads(row[1])) if row else None

    def last_run(self) -> Run | None:
        """When gaps were last made; None if never."""
        with self.open() as database:
            value = about(database, "run")
        return Run(**json.loads(value)) if value else None

    def forget(self, before: datetime) -> int:
        """Remove every asking from before a time, as the journal does; gives how many. What gaps count follows when they are next made."""
        if not self._path.exists():
            return 0
        with self.open(write=True) as database:
            database.execute("PRAGMA secure_delete = ON")
            return database.execute("DELETE FROM asked WHERE julianday(time) < julianday(?)", (before.isoformat(),)).rowcount

    @contextmanager
    def open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """The database within one transaction. Raises GapStoreError."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=20, isolation_level=None)) as database:
                self._prepare(database)
                database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                yield database
                database.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, GapStoreError):
                raise
            message = f"{self._path}: the gaps cannot be used ({error}); make room on the disk or give another folder with --data."
            raise GapStoreError(message) from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        (format_,) = database.execute("PRAGMA user_version").fetchone()
        if format_ > FORMAT:
            message = f"{self._path}: the gaps were written by a newer version; update genomics-tutor on this machine."
            raise GapStoreError(message)
        if format_ == 0:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("BEGIN EXCLUSIVE")
            if database.execute("PRAGMA user_version").fetchone() == (0,):
                for statement in _SCHEMA.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {FORMAT}")
            database.execute("COMMIT")


_COLUMNS = "id, revision, status, owner, note, held, closed, figures"
HELD = "(held = 1 OR status <> 'new' OR owner <> '' OR note <> '')"
"""The gaps whose questions stay in them: those that a tutor has worked on."""


def gap_row(database: sqlite3.Connection, id_: str) -> Gap | None:
    """The gap of this id within a transaction, or the one that its questions went to."""
    for _ in range(100):
        row = database.execute(f"SELECT {_COLUMNS}, gone FROM gap WHERE id = ?", (id_,)).fetchone()  # noqa: S608
        if row is None or (row[-1] is None and not row[-2]):
            return None
        if row[-1] is None:
            return gap_of(row[:-1])
        id_ = row[-1]
    return None


def gap_of(row: tuple[Any, ...]) -> Gap:
    """A row of `_COLUMNS` as a gap."""
    id_, revision, status, owner, note, held, closed, told = row
    held = bool(held) or status != "new" or bool(owner) or bool(note)
    return Gap(id_, revision, status, owner, note, held, closed, figures_from(told))


def figures_text(figures: Figures) -> str:
    """Figures as they are kept."""
    return json.dumps({name: getattr(figures, name) for name in Figures.__dataclass_fields__}, ensure_ascii=False)


def figures_from(text: str) -> Figures:
    """Figures as they were kept."""
    data = json.loads(text)
    pairs = {name: tuple((one, count) for one, count in data[name]) for name in ("weeks", "states")}
    return Figures(**{**data, **pairs, "near": tuple(data["near"]), "aspects": tuple(data["aspects"])})


def fresh_id(database: sqlite3.Connection) -> str:
    """An id that no gap has or had."""
    while True:
        id_ = secrets.token_hex(4)
        if not database.execute("SELECT 1 FROM gap WHERE id = ?", (id_,)).fetchone():
            return id_


def add_line(database: sqlite3.Connection, gap: str, who: str, what: str, detail: str = "") -> None:
    """Add a line to a gap's history."""
    database.execute("INSERT INTO line VALUES (?, ?, ?, ?, ?)", (gap, now_text(), who, what, detail))


def about(database: sqlite3.Connection, name: str) -> str:
    """A fact about the file, or ""."""
    row = database.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def set_about(database: sqlite3.Connection, name: str, value: str) -> None:
    """Keep a fact about the file."""
    database.execute("INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))


def now_text() -> str:
    """Now, as the file has times: to the millisecond, as the journal's are, for a gap opens again when it is asked after it was closed."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
