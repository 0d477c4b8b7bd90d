"""What was asked and how it went, for tutors: questions, states and citations, never who asked.

One SQLite file; each event has an id of its own, so that the events of many machines can be put together in any order and twice over. Knows nothing of
the files that carry them, of pages or of how a question is answered.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from assistant.masking import masked
from assistant.open_database import OpenDatabase
from assistant.reply import Boundary, NotCovered, Partly, Unreadable
from assistant.wire import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from assistant.reply import Reply

_SCHEMA = """
CREATE TABLE IF NOT EXISTS machine (id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, machine TEXT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    taken TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS event_time ON event (time);
CREATE TABLE IF NOT EXISTS import (machine TEXT PRIMARY KEY, time TEXT NOT NULL) STRICT;
"""
_CLOCKS_DIFFER = timedelta(minutes=5)
"""By so much may the clocks of two machines differ before an event counts as dated ahead."""


class JournalError(OSError):
    """The journal cannot be read or written; the message says which file needs room or the right to write."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `time` is UTC in ISO 8601; `body` holds plain JSON values.

    `taken` is when it was taken over from another machine (UTC, ISO 8601), empty for what happened here.
    """

    id: str
    machine: str
    time: str
    kind: str
    body: dict[str, Any]
    taken: str = field(default="", compare=False)

    @property
    def dated_ahead(self) -> bool:
        """Whether the other machine's clock was ahead: the event came before it happened."""
        return bool(self.taken) and datetime.fromisoformat(self.time) > datetime.fromisoformat(self.taken) + _CLOCKS_DIFFER

    @property
    def when(self) -> str:
        """When it happened as far as can be known: for an event that is dated ahead, when it was taken over."""
        return self.taken if self.dated_ahead else self.time


_MACHINES = """
SELECT machine, count(*), max(CASE WHEN ahead THEN taken ELSE time END), sum(ahead) FROM (
    SELECT machine, time, taken, taken != '' AND julianday(time) > julianday(taken) + :clocks_differ AS ahead FROM event
) GROUP BY machine ORDER BY machine
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine whose events are here: how many, the time of the newest, and when a file of it was last taken over (empty for this one)."""

    id: str
    events: int
    newest: str
    imported: str
    ahead: int


class Journal:
    """The journal in one file, made when it is first written to."""

    def __init__(self, path: Path) -> None:
        """`path` is the SQLite file; its folder need not exist yet."""
        self._path = path
        self._file = OpenDatabase(path, _prepare)

    def record(self, reply: Reply, asked: str, *, conversation: str = "", taught: str = "", now: datetime | None = None) -> str:
        """Keep a question and how it went, marks of identity taken out; gives the event's id.

        `conversation` tells which questions were asked in one go; it must not be an address by which the conversation can be read.
        `taught` is the id of the tutors' answer that was shown beside the reply, or empty. Of a question asked within a part of the course that does not
        fully answer it, what the whole course holds is kept: it is no gap of the course.
        """
        question, understood = masked(asked), reply.question.understood
        body: dict[str, Any] = {
            "question": question,
            "understood": question if understood == asked else masked(understood),
            "language": reply.question.language,
            "state": (reply.elsewhere if isinstance(reply, NotCovered | Partly) else "") or state_of(reply),
            "confidence": 0.0 if isinstance(reply, Unreadable) else round(reply.confidence, 4),
            "cited": _cited(reply),
            "nearest": [one.passage for one in reply.nearest] if isinstance(reply, NotCovered) and not reply.elsewhere else [],
            "conversation": conversation,
        }
        if isinstance(reply, NotCovered | Partly | Boundary) and reply.elsewhere:
            body["elsewhere"] = True
        return self.add("question", body | {"taught": taught} if taught else body, now=now)

    def add(self, kind: str, body: dict[str, Any], *, now: datetime | None = None) -> str:
        """Keep an event of any kind; gives its id. Free text in `body` must have been through `masked`."""
        with self._open(write=True) as database:
            event = Event(str(uuid.uuid4()), _machine(database), stamp(now), kind, body)
            _keep(database, event)
        return event.id

    def events(self, since: datetime | None = None) -> list[Event]:
        """Every event, or those dated from a time on, oldest first; those of one machine in one millisecond as they came."""
        with self._open(write=False) as database:
            rows = database.execute(
                "SELECT id, machine, time, kind, body, taken FROM event WHERE time >= ? ORDER BY time, machine, rowid",
                (stamp(since) if since else "",),
            ).fetchall()
        return [_of_row(row) for row in rows]

    def event(self, id_: str) -> Event | None:
        """The event with this id, or None."""
        with self._open(write=False) as database:
            row = database.execute("SELECT id, machine, time, kind, body, taken FROM event WHERE id = ?", (id_,)).fetchone()
        return _of_row(row) if row else None

    def machine(self) -> str:
        """The id of this machine: random, made with the journal."""
        with self._open(write=True) as database:
            return _machine(database)

    def take(self, events: Iterable[Event], machines: Iterable[str] = (), *, now: datetime | None = None) -> tuple[int, int]:
        """Take over the events of other machines, all or none; gives how many were new and how many known already.

        `machines` are those that had a part in it, read when all events are through.
        """
        taken, new, known = stamp(now), 0, 0
        whole = list(events)  # read before the file is locked: a trainee's question waits for the writing alone
        with self._open(write=True) as database:
            for event in whole:
                added = _keep(database, event, taken)
                new, known = new + added, known + (not added)
            own = _machine(database)
            for machine in machines:
                if machine != own:
                    database.execute("INSERT OR REPLACE INTO import VALUES (?, ?)", (machine, taken))
        return new, known

    def machines(self) -> list[Machine]:
        """The machines whose events are here, this one first."""
        with self._open(write=True) as database:
            own, imported = _machine(database), dict(database.execute("SELECT machine, time FROM import").fetchall())
            rows = database.execute(_MACHINES, {"clocks_differ": _CLOCKS_DIFFER / timedelta(days=1)}).fetchall()
        found = {machine: (events, newest, ahead) for machine, events, newest, ahead in rows}
        order = dict.fromkeys((own, *sorted(imported), *found))
        return [
            Machine(machine, events, newest, imported.get(machine, ""), ahead)
            for machine in order
            for events, newest, ahead in [found.get(machine, (0, "", 0))]
        ]

    def purge(self, before: datetime) -> int:
        """Remove every event from before a time; gives how many were removed."""
        with self._open(write=True) as database:
            removed = database.execute(
                "DELETE FROM event WHERE (CASE WHEN taken != '' AND taken < time THEN taken ELSE time END) < ?", (stamp(before),)
            ).rowcount
        self._file.write_back()
        return removed

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        try:
            with self._file.transaction(write=write) as database:
                yield database
        except (sqlite3.Error, OSError) as error:
            message = f"{self._path}: the journal cannot be used ({error}); make room on the disk or give another folder with --data."
            raise JournalError(message) from error


def _cited(reply: Reply) -> list[str]:
    """The passages that the reply stands on, or that would have answered elsewhere in the course."""
    if isinstance(reply, Unreadable):
        return []
    if isinstance(reply, NotCovered | Boundary) and reply.elsewhere:
        return [one.passage for one in reply.nearest]
    sentences = () if isinstance(reply, NotCovered) else reply.sentences
    return [citation.passage for sentence in sentences for citation in sentence.citations]


def _prepare(database: sqlite3.Connection) -> None:
    # Words that are purged are overwritten.
    database.execute("PRAGMA secure_delete = ON").fetchall()
    database.executescript(_SCHEMA)
    if not database.execute("SELECT 1 FROM pragma_table_info('event') WHERE name = 'taken'").fetchone():
        database.execute("ALTER TABLE event ADD COLUMN taken TEXT NOT NULL DEFAULT ''")  # a journal of version 0.1.0


def _of_row(row: tuple[str, str, str, str, str, str]) -> Event:
    id_, machine, time, kind, body, taken = row
    return Event(id_, machine, time, kind, json.loads(body), taken)


def _keep(database: sqlite3.Connection, event: Event, taken: str = "") -> bool:
    row = (event.id, event.machine, event.time, event.kind, json.dumps(event.body, ensure_ascii=False), taken)
    return database.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?)", row).rowcount > 0


def _machine(database: sqlite3.Connection) -> str:
    row = database.execute("SELECT id FROM machine").fetchone()
    if row:
        return str(row[0])
    machine = str(uuid.uuid4())
    database.execute("INSERT INTO machine VALUES (?)", (machine,))
    return machine


def stamp(time: datetime | None) -> str:
    """A time, or now, as the journal writes it: UTC in ISO 8601 with milliseconds."""
    return (time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
