"""Questions that tutors keep to see that the course still answers them: what each must find, and how every run went.

One SQLite file. A run is kept with the digest of the course that it asked, so that what got better or worse can be told, and since when.
Knows nothing of how questions are answered.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from assistant.reply import Answer, Partly
from assistant.wire import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.reply import Reply

VERSION = 1
LONGEST_QUESTION = 2000
LONGEST_TERM = 200
MOST_TERMS = 12
MOST_QUESTIONS = 1000
MOST_RUNS = 200
"""Older runs are dropped."""

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS question (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, section TEXT NOT NULL, terms TEXT NOT NULL, added TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS run (number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, course TEXT NOT NULL, grades TEXT NOT NULL) STRICT;
PRAGMA user_version = {VERSION};
"""

Fault = Literal["no-question", "too-long", "too-many"]
Change = Literal["better", "worse", ""]


class GoldenError(OSError):
    """The file of test questions cannot be read or written; the message says what to do about it."""


class GoldenFaultError(ValueError):
    """A test question that cannot be kept; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        """The error for this fault."""
        super().__init__(f"The question cannot be kept: {fault}; change it and add it again.")
        self.fault: Fault = fault


class Asked(Protocol):
    """Whatever answers."""

    def ask(self, question: str) -> Reply:
        """The reply to a question."""
        ...


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question, the section or unit that the answer must cite (empty for any), and the terms that must stand in it."""

    id: str
    question: str
    section: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """How a question fared. `cited` are the sections cited; `missing` the terms that the answer lacked."""

    state: str
    found: bool
    cited: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether it was answered, from where it should be, with what it should say."""
        return self.state in ("covered", "partly") and self.found and not self.missing


@dataclass(frozen=True, slots=True)
class Run:
    """One run over all questions. `time` is UTC in ISO 8601; `course` the digest of the course; `grades` by id of the question."""

    time: str
    course: str
    grades: dict[str, Grade]


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it stands: its last grade, if it was asked, since when it has passed or failed, and what the last run changed."""

    question: GoldenQuestion
    grade: Grade | None = None
    since: str = ""
    change: Change = ""


def grade(question: GoldenQuestion, reply: Reply) -> Grade:
    """How a reply fares against what the question must find."""
    sentences = reply.sentences if isinstance(reply, Answer | Partly) else ()
    cited = tuple(dict.fromkeys(citation.passage.rpartition("/")[0] for sentence in sentences for citation in sentence.citations))
    text = " ".join(sentence.text for sentence in sentences).casefold()
    found = not question.section or any(question.section in (section, section.partition("#")[0]) for section in cited)
    return Grade(state_of(reply), found, cited, tuple(term for term in question.terms if term.casefold() not in text))


def standings(questions: Sequence[GoldenQuestion], runs: Sequence[Run]) -> list[Standing]:
    """Each question as it stands after `runs`, latest first."""
    result = []
    for question in questions:
        graded = [(run, run.grades[question.id]) for run in runs if question.id in run.grades]
        if not graded:
            result.append(Standing(question))
            continue
        last, now = graded[0]
        since = last.time
        for run, earlier in graded:
            if earlier.passed != now.passed:
                break
            since = run.time
        before = graded[1][1].passed if len(graded) > 1 else now.passed
        change: Change = "" if before == now.passed else "better" if now.passed else "worse"
        result.append(Standing(question, now, since, change))
    return result


def summary(now: Sequence[Standing]) -> str:
    """How the questions stand after a run, as one sentence: how many pass, and how many the run made worse or better."""
    passed = sum(one.grade is not None and one.grade.passed for one in now)
    worse, better = (sum(one.change == change for one in now) for change in ("worse", "better"))
    return f"{passed} of {len(now)} test questions pass: {worse} got worse, {better} better."


class Golden:
    """The test questions and their runs in one file, made when it is first written to. Safe to use from many threads and processes."""

    def __init__(self, path: Path) -> None:
        """`path` is the SQLite file; its folder need not exist yet."""
        self._path = path

    def add(self, question: str, section: str = "", terms: Sequence[str] = ()) -> GoldenQuestion:
        """Keep a question. Raises GoldenFaultError."""
        trimmed = tuple(dict.fromkeys(" ".join(term.split()) for term in terms if term.strip()))
        kept = GoldenQuestion(uuid.uuid4().hex[:12], " ".join(question.split()), " ".join(section.split()), trimmed)
        if not kept.question:
            raise GoldenFaultError(fault="no-question")
        if len(kept.question) > LONGEST_QUESTION or any(len(text) > LONGEST_TERM for text in (kept.section, *trimmed)):
            raise GoldenFaultError(fault="too-long")
        with self._open(write=True) as database:
            (count,) = database.execute("SELECT count(*) FROM question").fetchone()
            if len(trimmed) > MOST_TERMS or count >= MOST_QUESTIONS:
                raise GoldenFaultError(fault="too-many")
            row = (kept.id, kept.question, kept.section, json.dumps(kept.terms, ensure_ascii=False), _now())
            database.execute("INSERT INTO question VALUES (?, ?, ?, ?, ?)", row)
        return kept

    def remove(self, question: str) -> bool:
        """Remove a question by its id; whether there was one."""
        with self._open(write=True) as database:
            return database.execute("DELETE FROM question WHERE id = ?", (question,)).rowcount > 0

    def questions(self) -> list[GoldenQuestion]:
        """The questions in the order in which they were added."""
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute("SELECT id, question, section, terms FROM question ORDER BY added, rowid").fetchall()
        return [GoldenQuestion(id_, question, section, tuple(json.loads(terms))) for id_, question, section, terms in rows]

    def run(self, assistant: Asked, course: str) -> Run | None:
        """Ask every question, keep how it went, and give it; None if there are no questions. `course` is the digest of the course."""
        questions = self.questions()
        if not questions:
            return None
        run = Run(_now(), course, {question.id: grade(question, assistant.ask(question.question)) for question in questions})
        plain = {key: [one.state, one.found, one.cited, one.missing] for key, one in run.grades.items()}
        with self._open(write=True) as database:
            values = (run.time, course, json.dumps(plain, ensure_ascii=False))
            database.execute("INSERT INTO run (time, course, grades) VALUES (?, ?, ?)", values)
            database.execute("DELETE FROM run WHERE number <= (SELECT max(number) FROM run) - ?", (MOST_RUNS,))
        return run

    def is_behind(self, course: str) -> bool:
        """Whether the last run asked another course than that with the digest `course`; False before the first run."""
        runs = self.runs()
        return bool(runs) and runs[0].course != course

    def runs(self) -> list[Run]:
        """The runs that are kept, latest first."""
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute("SELECT time, course, grades FROM run ORDER BY number DESC").fetchall()
        return [
            Run(
                time,
                course,
                {
                    key: Grade(state, found, tuple(cited), tuple(missing))
                    for key, (state, found, cited, missing) in json.loads(grades).items()
                },
            )
            for time, course, grades in rows
        ]

    @contextmanager
    def _open(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as database:
                (version,) = database.execute("PRAGMA user_version").fetchone()
                if version > VERSION:
                    message = f"{self._path}: the test questions were written by a newer version; update genomics-tutor on this machine."
                    raise GoldenError(message)
                if version < VERSION:
                    database.execute("PRAGMA journal_mode = WAL")
                    database.executescript(_SCHEMA)
                database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                yield database
                database.execute("COMMIT")
        except sqlite3.Error as error:
            message = (
                f"{self._path}: the test questions cannot be used ({error}); make room on the disk or give another folder with --data."
            )
            raise GoldenError(message) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
