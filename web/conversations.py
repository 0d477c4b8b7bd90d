"""Conversations as they were held: questions and replies, kept on disk for the browser that asked.

File: one SQLite database. A turn is written whole before any of it is shown, so a server that is killed in mid-answer has lost nothing. A visitor
reads its own conversations alone. Knows nothing of requests or pages.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.open_database import OpenDatabase
from web.conversations_file import ConversationsError, faults_told, prepare
from web.wire import decode_reply, encode_reply

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from assistant.reply import Reply

__all__ = ["TITLE_LENGTH", "Conversation", "Conversations", "ConversationsError", "Kept", "Listed", "Remark", "Turn", "new_key", "titled"]

TITLE_LENGTH = 80
"""The longest title, in characters."""

_MOST_WORDS = 12
_LONGEST_WORD = 20
"""A title loses at most so many characters to end with a whole word; Chinese has no spaces to cut at."""

_LIST = """
SELECT id, title, max(asked) AS latest, count(*)
FROM conversation JOIN turn ON conversation = id
WHERE visitor = :visitor AND (:all OR holds(title || char(10) || (
    SELECT coalesce(group_concat(json_extract(reply, '$.question.asked'), char(10)), '') FROM turn WHERE conversation = id AND json_valid(reply)
)))
GROUP BY id ORDER BY latest DESC, id LIMIT :limit OFFSET :skip
"""
_REMARK = "UPDATE turn SET remark = ? WHERE conversation = (SELECT id FROM conversation WHERE id = ? AND visitor = ?) AND number = ?"
_TELL = (
    "UPDATE turn SET told = ? WHERE conversation = (SELECT id FROM conversation WHERE id = ? AND visitor = ?) AND number = ? AND told <> ?"
)
_LOG = logging.getLogger(__name__)


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
    started: float = 0.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list; `latest` is when its last question was asked, in seconds since 1970."""

    id: str
    title: str
    latest: float
    questions: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn and the id of the conversation that holds it."""

    conversation: str
    turn: Turn


def new_key() -> str:
    """A key for a conversation that is about to begin."""
    return secrets.token_urlsafe(9)


class Conversations:
    """The conversations in one database file, which is made at the first write. Safe to use from many threads and processes."""

    def __init__(self, path: Path) -> None:
        """`path` is the SQLite file; its folder need not exist yet."""
        self.path = path
        self._file = OpenDatabase(path, prepare)

    def keep(  # noqa: PLR0913  (a turn, whose it is, and how it came)
        self, visitor: str, conversation: str, reply: Reply, event: str = "", *, attempt: str = "", replaces: int = 0
    ) -> Kept:
        """Add a turn to a conversation of the visitor, which begins with its first turn.

        `conversation` is one that `read` found for this visitor, or fresh from `new_key`. `attempt` names the sending of a question: an attempt
        that is kept already is not kept again, and its turn is given back. `replaces` is the number of the last turn, which makes room in the same transaction.
        """
        with self._opened(write=True) as database:
            done = _attempted(database, visitor, attempt)
            if done is not None:
                return done
            title = titled(reply.question.asked)
            owned = database.execute("SELECT title FROM conversation WHERE id = ? AND visitor = ?", (conversation, visitor)).fetchone()
            if owned is None:
                database.execute("INSERT INTO conversation VALUES (?, ?, ?, ?)", (conversation, visitor, title, time.time()))
            elif replaces:
                _remove_last(database, conversation, replaces, title)
            (number,) = database.execute("SELECT coalesce(max(number), 0) + 1 FROM turn WHERE conversation = ?", (conversation,)).fetchone()
            database.execute(
                "INSERT INTO turn (conversation, number, asked, reply, event, attempt) VALUES (?, ?, ?, ?, ?, ?)",
                (conversation, number, time.time(), json.dumps(encode_reply(reply)), event, attempt),
            )
            return Kept(conversation, Turn(int(number), reply, event))

    def attempted(self, visitor: str, attempt: str) -> Kept | None:
        """The turn that this attempt of the visitor led to, or None."""
        if not attempt or not self.path.exists():
            return None
        with self._opened(write=False) as database:
            return _attempted(database, visitor, attempt)

    def rename(self, visitor: str, conversation: str, title: str) -> bool:
        """Give a conversation of the visitor another title, shortened to TITLE_LENGTH; False if the visitor has no such conversation."""
        if not self.path.exists():
            return False
        with self._opened(write=True) as database:
            changed = database.execute(
                "UPDATE conversation SET title = ? WHERE id = ? AND visitor = ?", (titled(title), conversation, visitor)
            )
            return changed.rowcount > 0

    def delete(self, visitor: str, conversation: str | None = None) -> int:
        """Delete a conversation of the visitor, or all of them; how many were deleted. Their words are overwritten on disk."""
        if not self.path.exists():
            return 0
        with self._opened(write=True) as database:
            deleted = database.execute(
                "DELETE FROM conversation WHERE visitor = ? AND (? IS NULL OR id = ?)", (visitor, conversation, conversation)
            ).rowcount
        self._write_back()
        return deleted

    def read(self, visitor: str, conversation: str) -> Conversation | None:
        """A conversation of the visitor, or None if the visitor has no such conversation."""
        if not self.path.exists():
            return None
        with self._opened(write=False) as database:
            row = database.execute(
                "SELECT title, started FROM conversation WHERE id = ? AND visitor = ?", (conversation, visitor)
            ).fetchone()
            if row is None:
                return None
            turns = database.execute(
                "SELECT number, reply, event, remark, told FROM turn WHERE conversation = ? ORDER BY number", (conversation,)
            )
            return Conversation(conversation, row[0], tuple(_turns(turns)), row[1])

    def listed(self, visitor: str, search: str = "", *, skip: int = 0, limit: int = 25) -> tuple[Listed, ...]:
        """The visitor's conversations, last asked first; with `search`, those whose title and questions hold each of its words."""
        if not self.path.exists():
            return ()
        words = search.casefold().split()[:_MOST_WORDS]
        with self._opened(write=False) as database:
            database.create_function("holds", 1, lambda text: all(word in text.casefold() for word in words), deterministic=True)
            rows = database.execute(_LIST, {"visitor": visitor, "all": not words, "skip": skip, "limit": limit})
            return tuple(Listed(*row) for row in rows)

    def remark(self, visitor: str, conversation: str, number: int, remark: Remark) -> None:
        """Keep what the visitor says about a turn, in place of what was said before; `told` is left as it is."""
        said = json.dumps([remark.verdict, remark.reason, remark.comment])
        with self._opened(write=True) as database:
            database.execute(_REMARK, (said, conversation, visitor, number))

    def tell(self, visitor: str, conversation: str, number: int, *, told: bool = True) -> bool:
        """Mark that the tutors were told of a turn; False if they had been already."""
        with self._opened(write=True) as database:
            return database.execute(_TELL, (told, conversation, visitor, number, told)).rowcount > 0

    def purge(self, before: float) -> int:
        """Remove every conversation whose last question is from before a time (seconds since 1970); gives how many were removed."""
        if not self.path.exists():
            return 0
        with self._opened(write=True) as database:
            removed = database.execute(
                "DELETE FROM conversation WHERE started < ? AND id NOT IN (SELECT conversation FROM turn WHERE asked >= ?)",
                (before, before),
            ).rowcount
        self._write_back()
        return removed

    def latest_replies(self, visitor: str, most: int = 200) -> tuple[Reply, ...]:
        """The latest replies to the visitor's questions in any conversation, newest first."""
        if not self.path.exists():
            return ()
        with self._opened(write=False) as database:
            turns = database.execute(
                "SELECT number, reply, event, remark, told FROM turn JOIN conversation ON id = conversation WHERE visitor = ? ORDER BY asked DESC LIMIT ?",
                (visitor, most),
            )
            return tuple(turn.reply for turn in _turns(turns))

    @contextmanager
    def _opened(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        with faults_told(self.path), self._file.transaction(write=write) as database:
            yield database

    def _write_back(self) -> None:
        with faults_told(self.path):
            self._file.write_back()


def titled(text: str) -> str:
    """The text as a title: on one line, and no longer than TITLE_LENGTH, cut between words where it has any."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH - 1]
    words, space, rest = cut.rpartition(" ")
    return f"{words if space and len(rest) < _LONGEST_WORD else cut}…"


def _attempted(database: sqlite3.Connection, visitor: str, attempt: str) -> Kept | None:
    if not attempt:
        return None
    row = database.execute(
        "SELECT conversation, number, reply, event, remark, told FROM turn JOIN conversation ON id = conversation WHERE attempt = ? AND visitor = ?",
        (attempt, visitor),
    ).fetchone()
    turn = next(_turns([row[1:]]), None) if row else None
    return Kept(row[0], turn) if turn else None


def _remove_last(database: sqlite3.Connection, conversation: str, number: int, title: str) -> None:
    """Take the turn away if it is the last; a conversation named by its first question is named by the next one."""
    (last,) = database.execute("SELECT max(number) FROM turn WHERE conversation = ?", (conversation,)).fetchone()
    if last != number:
        return
    (reply,) = database.execute("SELECT reply FROM turn WHERE conversation = ? AND number = ?", (conversation, number)).fetchone()
    database.execute("DELETE FROM turn WHERE conversation = ? AND number = ?", (conversation, number))
    if number == 1:
        old = next((titled(turn.reply.question.asked) for turn in _turns([(1, reply, "", "", 0)])), "")
        database.execute("UPDATE conversation SET title = ? WHERE id = ? AND title = ?", (title, conversation, old))


def _turns(rows: Iterable[tuple[int, str, str, str, int]]) -> Iterator[Turn]:
    for number, reply, event, said, told in rows:
        try:
            verdict, reason, comment = json.loads(said or '["", "", ""]')
            yield Turn(number, decode_reply(json.loads(reply)), event, Remark(verdict, reason, comment, bool(told)))
        except ValueError as error:  # written by a version that is no longer understood: the other turns are still worth reading
            _LOG.warning("turn %d is left out: %s", number, error)
