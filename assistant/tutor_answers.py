"""Answers that tutors wrote: kept in one SQLite file, every revision of each.

A revision is never changed once it is written. Whoever saves says which revision the edit began from; where another tutor has saved
since, the later one is told and shown both. Knows nothing of how an answer is found or shown.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from assistant.open_database import OpenDatabase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpus import Passage

VERSION = 1
"""Version of the tables, kept as SQLite's `user_version`."""

LONGEST_QUESTION = 300
LONGEST_BODY = 10_000
LONGEST_AUTHOR = 80
MOST_PHRASINGS = 12

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS revision (
    answer TEXT NOT NULL, number INTEGER NOT NULL, question TEXT NOT NULL, phrasings TEXT NOT NULL, body TEXT NOT NULL,
    author TEXT NOT NULL, cited TEXT NOT NULL, time TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (answer, number)
) STRICT;
PRAGMA user_version = {VERSION};
"""
_LATEST = """
SELECT answer, number, question, phrasings, body, author, cited, time, removed FROM revision AS one
WHERE number = (SELECT max(number) FROM revision WHERE answer = one.answer)
"""
CITED = re.compile(r"`(?P<quoted>[^`#\s]+#[^`#\s/]+/\d+)`|(?<![\w/(#`])(?P<bare>\d+\.\d+#[\w-]+/\d+)(?![\w.]*\w)")
"""A passage id in an answer: between grave accents, or a plain one of a numbered unit standing free."""

Fault = Literal["no-question", "no-answer", "question-too-long", "answer-too-long", "too-many-phrasings", "author-too-long"]


class TutorAnswersError(OSError):
    """The file of answers cannot be read or written; the message says what to do about it."""


class AnswerFaultError(ValueError):
    """What was written cannot be kept as an answer; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        """The error for this fault."""
        super().__init__(f"The answer cannot be kept: {fault}; change it and save it again.")
        self.fault: Fault = fault


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that an answer names, with the SHA-256 (hex) of its text when the answer was saved; "" where the course had none such."""

    passage: str
    digest: str


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """What a tutor wrote, before it is kept: Markdown, the question it answers, and other wordings of it."""

    question: str
    body: str
    phrasings: tuple[str, ...] = ()
    author: str = ""

    @classmethod
    def checked(cls, question: str, body: str, phrasings: str = "", author: str = "") -> WrittenAnswer:
        """The answer, trimmed; `phrasings` has one wording a line. Raises AnswerFaultError."""
        question, body, author = " ".join(question.split()), body.strip(), " ".join(author.split())
        lines = tuple(dict.fromkeys(" ".join(line.split()) for line in phrasings.splitlines() if line.strip()))
        faults: tuple[tuple[bool, Fault], ...] = (
            (not question, "no-question"),
            (not body, "no-answer"),
            (max(map(len, (question, *lines))) > LONGEST_QUESTION, "question-too-long"),
            (len(body) > LONGEST_BODY, "answer-too-long"),
            (len(lines) > MOST_PHRASINGS, "too-many-phrasings"),
            (len(author) > LONGEST_AUTHOR, "author-too-long"),
        )
        for wrong, fault in faults:
            if wrong:
                raise AnswerFaultError(fault)
        return cls(question, body, lines, author)

    @property
    def passages(self) -> tuple[str, ...]:
        """The ids of the passages that it names, each once."""
        return tuple(dict.fromkeys(match["quoted"] or match["bare"] for match in CITED.finditer(self.body)))


@dataclass(frozen=True, slots=True)
class TutorAnswer:
    """A revision of an answer. `number` counts from 1; `time` is UTC in ISO 8601; `written.author` is empty unless the tutor chose to be named."""

    id: str
    number: int
    written: WrittenAnswer
    cited: tuple[CitedPassage, ...]
    time: str
    removed: bool = False

    def changed(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        """The passages it names whose text (by passage id, as the course is now) is not what it was when the answer was saved."""
        return tuple(cited.passage for cited in self.cited if _digest(texts.get(cited.passage)) != cited.digest)


class AnswerChangedError(Exception):
    """Another tutor saved this answer since the edit began; `now` is what stands there."""

    def __init__(self, now: TutorAnswer) -> None:
        """The error, with the revision that is in force."""
        super().__init__(f"Another tutor saved revision {now.number} of this answer; read it, then save yours again.")
        self.now = now


class TutorAnswers:
    """The answers in one file, made when it is first written to. Safe to use from many threads and processes."""

    def __init__(self, path: Path) -> None:
        """`path` is the SQLite file; its folder need not exist yet."""
        self._path = path
        self._file = OpenDatabase(path, self._prepare)

    def save(  # noqa: PLR0913  # what, instead of which revision of what, over which course, when
        self,
        written: WrittenAnswer,
        texts: Mapping[str, str],
        *,
        answer: str = "",
        begun_from: int = 0,
        removed: bool = False,
        now: datetime | None = None,
    ) -> TutorAnswer:
        """Keep a revision of `answer` (a new one where that is empty) that was begun from the revision `begun_from`.

        `texts` are the passages of the course by id. Raises AnswerChangedError where `begun_from` is no longer the latest.
        """
        kept = TutorAnswer(
            id=answer or uuid.uuid4().hex[:12],
            number=begun_from + 1,
            written=written,
            cited=tuple(CitedPassage(passage, _digest(texts.get(passage))) for passage in written.passages),
            time=(now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
            removed=removed,
        )
        with self._open(write=True) as database:
            latest = _read(database, f"{_LATEST} AND answer = ?", kept.id)
            if latest and latest[0].number != begun_from:
                raise AnswerChangedError(latest[0])
            database.execute("INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _row(kept))
        return kept

    def latest(self) -> list[TutorAnswer]:
        """The answers in force, the one saved last first."""
        if not self._path.exists():
            return []
        with self._open() as database:
            return _read(database, f"{_LATEST} AND removed = 0 ORDER BY time DESC, rowid DESC")

    def revisions(self, answer: str) -> list[TutorAnswer]:
        """Every revision of an answer, latest first; none if there is no such answer."""
        if not self._path.exists():
            return []
        with self._open() as database:
            return _read(
                database,
                "SELECT answer, number, question, phrasings, body, author, cited, time, removed FROM revision "
                "WHERE answer = ? ORDER BY number DESC",
                answer,
            )

    def state(self) -> int:
        """A number that changes with every save: how many revisions there are."""
        if not self._path.exists():
            return 0
        with self._open() as database:
            (count,) = database.execute("SELECT count(*) FROM revision").fetchone()
            return int(count)

    @contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with self._file.transaction(write=write) as database:
                yield database
        except sqlite3.Error as error:
            message = (
                f"{self._path}: the tutors' answers cannot be used ({error}); make room on the disk or give another folder with --data."
            )
            raise TutorAnswersError(message) from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            message = f"{self._path}: the tutors' answers were written by a newer version; update genomics-tutor on this machine."
            raise TutorAnswersError(message)
        if version < VERSION:
            database.executescript(_SCHEMA)


def passage_texts(passages: Iterable[Passage]) -> dict[str, str]:
    """The texts of passages by id."""
    return {passage.id: passage.text for passage in passages}


def _digest(text: str | None) -> str:
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def _row(kept: TutorAnswer) -> tuple[object, ...]:
    written = kept.written
    phrasings = json.dumps(written.phrasings, ensure_ascii=False)
    cited = json.dumps([[one.passage, one.digest] for one in kept.cited], ensure_ascii=False)
    return kept.id, kept.number, written.question, phrasings, written.body, written.author, cited, kept.time, int(kept.removed)


def _read(database: sqlite3.Connection, query: str, *values: str) -> list[TutorAnswer]:
    return [
        TutorAnswer(
            id=answer,
            number=number,
            written=WrittenAnswer(question, body, tuple(json.loads(phrasings)), author),
            cited=tuple(CitedPassage(passage, digest) for passage, digest in json.loads(cited)),
            time=time,
            removed=bool(removed),
        )
        for answer, number, question, phrasings, body, author, cited, time, removed in database.execute(query, values)
    ]
