"""Conversations as they were held: questions and replies, kept on disk for the browser that asked.

File: one SQLite database. A turn is written whole before any of it is shown, so a server that is killed in mid-answer has lost nothing. A visitor
reads its own conversations alone. Knows nothing of requests or pages.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.wire import decode_reply, encode_reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from assistant.reply import Reply

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL, started REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS conversation_of ON conversation (visitor, started);
CREATE TABLE IF NOT EXISTS turn (
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, asked REAL NOT NULL, reply TEXT NOT NULL, event TEXT NOT NULL DEFAULT '',
    remark TEXT NOT NULL DEFAULT '', told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation, number)
);
"""
_REMARK = "UPDATE turn SET remark = ? WHERE conversation = (SELECT id FROM conversation WHERE id = ? AND visitor = ?) AND number = ?"
_TELL = (
    "UPDATE turn SET told = ? WHERE conversation = (SELECT id FROM conversation WHERE id = ? AND visitor = ?) AND number = ? AND told <> ?"
)
_TITLE_LENGTH = 80
_LOG = logging.getLogger(__name__)


class ConversationsError(OSError):
    """Conversations cannot be kept or read; the message says which folder needs room and the right to write."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the trainee said about an answer (`verdict` and `reason` as in `assistant.feedback`, or empty); whether the tutors were told."""

    verdict: str = ""
    reason: str = ""
    comment: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its reply; `number` counts from 1 within the conversation.

    `event` is the id of the question in the tutors' journal, empty if it is not kept there.
    """

    number: int
    reply: Reply
    event: str = ""
    remark: Remark = Remark()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one visitor asked in one go, oldest first."""

    id: str
    title: str
    turns: tuple[Turn, ...]


def new_key() -> str:
    """A key for a conversation that is about to begin."""
    return secrets.token_urlsafe(9)


@dataclass(frozen=True, slots=True)
class Conversations:
    """The conversations in one database file, which is made at the first write. Safe to use from many threads and processes."""

    path: Path

    def keep(self, visitor: str, conversation: str, reply: Reply, event: str = "") -> int:
        """Add a turn to a conversation of the visitor, which begins with its first turn; the turn's number.

        `conversation` is one that `read` found for this visitor, or fresh from `new_key`.
        """
        with self._open(write=True) as database:
            if not database.execute("SELECT 1 FROM conversation WHERE id = ? AND visitor = ?", (conversation, visitor)).fetchone():
                title = " ".join(reply.question.asked.split())[:_TITLE_LENGTH]
                database.execute("INSERT INTO conversation VALUES (?, ?, ?, ?)", (conversation, visitor, title, time.time()))
            (number,) = database.execute("SELECT coalesce(max(number), 0) + 1 FROM turn WHERE conversation = ?", (conversation,)).fetchone()
            database.execute(
                "INSERT INTO turn (conversation, number, asked, reply, event) VALUES (?, ?, ?, ?, ?)",
                (conversation, number, time.time(), json.dumps(encode_reply(reply)), event),
            )
            return int(number)

    def read(self, visitor: str, conversation: str) -> Conversation | None:
        """A conversation of the visitor, or None if the visitor has no such conversation."""
        if not self.path.exists():
            return None
        with self._open(write=False) as database:
            row = database.execute("SELECT title FROM conversation WHERE id = ? AND visitor = ?", (conversation, visitor)).fetchone()
            if row is None:
                return None
            turns = database.execute(
                "SELECT number, reply, event, remark, told FROM turn WHERE conversation = ? ORDER BY number", (conversation,)
            )
            return Conversation(conversation, row[0], tuple(_turns(turns)))

    def remark(self, visitor: str, conversation: str, number: int, remark: Remark) -> None:
        """Keep what the visitor says about a turn, in place of what was said before; `told` is left as it is."""
        said = json.dumps([remark.verdict, remark.reason, remark.comment])
        with self._open(write=True) as database:
            database.execute(_REMARK, (said, conversation, visitor, number))

    def tell(self, visitor: str, conversation: str, number: int, *, told: bool = True) -> bool:
        """Mark that the tutors were told of a turn; False if they had been already."""
        with self._open(write=True) as database:
            return database.execute(_TELL, (told, conversation, visitor, number, told)).rowcount > 0

    def purge(self, before: float) -> int:
        """Remove every conversation whose last question is from before a time (seconds since 1970); gives how many were removed."""
        if not self.path.exists():
            return 0
        with self._open(write=True) as database:
            return database.execute(
                "DELETE FROM conversation WHERE started < ? AND id NOT IN (SELECT conversation FROM turn WHERE asked >= ?)",
                (before, before),
            ).rowcount

    def latest_replies(self, visitor: str, most: int = 200) -> tuple[Reply, ...]:
        """The latest replies to the visitor's questions in any conversation, newest first."""
        if not self.path.exists():
            return ()
        with self._open(write=False) as database:
            turns = database.execute(
                "SELECT number, reply, event, remark, told FROM turn JOIN conversation ON id = conversation WHERE visitor = ? ORDER BY asked DESC LIMIT ?",
                (visitor, most),
            )
            return tuple(turn.reply for turn in _turns(turns))

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as database:
                database.execute("PRAGMA foreign_keys = ON")
                database.execute("PRAGMA synchronous = NORMAL")
                if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'turn'").fetchone():
                    database.execute("PRAGMA journal_mode = WAL")
                    database.executescript(_SCHEMA)
                if not database.execute("SELECT 1 FROM pragma_table_info('turn') WHERE name = 'event'").fetchone():
                    database.execute("ALTER TABLE turn ADD COLUMN event TEXT NOT NULL DEFAULT ''")  # a database of version 0.1.0
                for column, kind in (("remark", "TEXT NOT NULL DEFAULT ''"), ("told", "INTEGER NOT NULL DEFAULT 0")):
                    if not database.execute("SELECT 1 FROM pragma_table_info('turn') WHERE name = ?", (column,)).fetchone():
                        database.execute(f"ALTER TABLE turn ADD COLUMN {column} {kind}")
                database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            message = f"Conversations cannot be kept in {self.path} ({error}); see that the folder may be written to and has room."
            raise ConversationsError(message) from error


def _turns(rows: Iterable[tuple[int, str, str, str, int]]) -> Iterator[Turn]:
    for number, reply, event, said, told in rows:
        try:
            verdict, reason, comment = json.loads(said or '["", "", ""]')
            yield Turn(number, decode_reply(json.loads(reply)), event, Remark(verdict, reason, comment, bool(told)))
        except ValueError as error:  # written by a version that is no longer understood: the other turns are still worth reading
            _LOG.warning("turn %d is left out: %s", number, error)
