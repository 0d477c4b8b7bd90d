"""What was asked and how it went, for tutors: questions, states and citations, never who asked.

One SQLite file; `export` and `import` speak versioned JSON lines, each event with an id of its own, so that files of many
machines can be put together in any order and twice over. Knows nothing of pages or of how a question is answered.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from assistant.masking import masked
from assistant.reply import NotCovered, Unreadable
from assistant.wire import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from assistant.reply import Reply

FORMAT = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS machine (id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, machine TEXT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_time ON event (time);
"""
_LONGEST_LINE = 64 * 1024


class JournalError(OSError):
    """The journal cannot be read or written; the message says which file needs room or the right to write."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `time` is UTC in ISO 8601; `body` holds plain JSON values."""

    id: str
    machine: str
    time: str
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: events taken, events known already, and a line of complaint for each line left out."""

    taken: int
    known: int
    complaints: tuple[str, ...]


class Journal:
    """The journal in one file, made when it is first written to."""

    def __init__(self, path: Path) -> None:
        """`path` is the SQLite file; its folder need not exist yet."""
        self._path = path

    def record(self, reply: Reply, asked: str, *, conversation: str = "", now: datetime | None = None) -> str:
        """Keep a question and how it went, marks of identity taken out; gives the event's id.

        `conversation` tells which questions were asked in one go; it must not be an address by which the conversation can be read.
        """
        cited: Iterable[Any] = () if isinstance(reply, NotCovered | Unreadable) else reply.sentences
        body = {
            "question": masked(asked),
            "understood": masked(reply.question.understood),
            "language": reply.question.language,
            "state": state_of(reply),
            "confidence": 0.0 if isinstance(reply, Unreadable) else round(reply.confidence, 4),
            "cited": [citation.passage for sentence in cited for citation in sentence.citations],
            "nearest": [one.passage for one in reply.nearest] if isinstance(reply, NotCovered) else [],
            "conversation": conversation,
        }
        return self.add("question", body, now=now)

    def add(self, kind: str, body: dict[str, Any], *, now: datetime | None = None) -> str:
        """Keep an event of any kind; gives its id. Free text in `body` must have been through `masked`."""
        with self._open() as database:
            event = Event(str(uuid.uuid4()), _machine(database), _stamp(now), kind, body)
            _keep(database, event)
        return event.id

    def events(self) -> list[Event]:
        """Every event, oldest first."""
        with self._open() as database:
            rows = database.execute("SELECT id, machine, time, kind, body FROM event ORDER BY time, id").fetchall()
        return [_of_row(row) for row in rows]

    def event(self, id_: str) -> Event | None:
        """The event with this id, or None."""
        with self._open() as database:
            row = database.execute("SELECT id, machine, time, kind, body FROM event WHERE id = ?", (id_,)).fetchone()
        return _of_row(row) if row else None

    def export(self, out: IO[str]) -> int:
        """Write every event as a JSON line behind a head line; gives how many."""
        events = self.events()
        out.write(json.dumps({"journal": "genomics-tutor", "format": FORMAT}) + "\n")
        for event in events:
            line = {"id": event.id, "machine": event.machine, "time": event.time, "kind": event.kind, "body": event.body}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return len(events)

    def take(self, lines: IO[str]) -> Imported:
        """Take the events of an exported file that are not known yet; a line that is no event is told of and left out."""
        complaints = _head_complaint(lines.readline(_LONGEST_LINE))
        if complaints:
            return Imported(0, 0, complaints)
        taken = known = 0
        told: list[str] = []
        with self._open() as database:
            for number, line in enumerate(lines, 2):
                if not line.strip():
                    continue
                event = _event(line)
                if event is None:
                    told.append(f"Line {number} is no event of a journal; it was left out.")
                    continue
                added = _keep(database, event)
                taken, known = taken + added, known + (not added)
        return Imported(taken, known, tuple(told))

    def purge(self, before: datetime) -> int:
        """Remove every event from before a time; gives how many were removed."""
        with self._open() as database:
            return database.execute("DELETE FROM event WHERE time < ?", (_stamp(before),)).rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(_SCHEMA)
                yield database
        except (sqlite3.Error, OSError) as error:
            message = f"{self._path}: the journal cannot be used ({error}); make room on the disk or give another folder with --data."
            raise JournalError(message) from error


def _of_row(row: tuple[str, str, str, str, str]) -> Event:
    id_, machine, time, kind, body = row
    return Event(id_, machine, time, kind, json.loads(body))


def _keep(database: sqlite3.Connection, event: Event) -> bool:
    row = (event.id, event.machine, event.time, event.kind, json.dumps(event.body, ensure_ascii=False))
    return database.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)", row).rowcount > 0


def _machine(database: sqlite3.Connection) -> str:
    row = database.execute("SELECT id FROM machine").fetchone()
    if row:
        return str(row[0])
    machine = str(uuid.uuid4())
    database.execute("INSERT INTO machine VALUES (?)", (machine,))
    return machine


def _stamp(time: datetime | None) -> str:
    return (time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")


def _head_complaint(line: str) -> tuple[str, ...]:
    try:
        head = json.loads(line)
        if head["journal"] == "genomics-tutor" and head["format"] <= FORMAT:
            return ()
        reason = "was written by a newer version; update genomics-tutor on this machine"
    except (ValueError, KeyError, TypeError):
        reason = "is no exported journal; give a file that “genomics-tutor journal export” wrote"
    return (f"The file {reason}.",)


def _event(line: str) -> Event | None:
    try:
        data = json.loads(line)
        event = Event(str(uuid.UUID(data["id"])), str(uuid.UUID(data["machine"])), _time(data["time"]), data["kind"], data["body"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return event if isinstance(event.kind, str) and isinstance(event.body, dict) else None


def _time(text: str) -> str:
    return _stamp(datetime.fromisoformat(text))
