"""A small course with its data folder, served; all that was acknowledged there, and whether it is there still.

Knows nothing of when anything is killed.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kills_left import half_written
from kills_program import NOWHERE, TUTOR, Browser, NotStartedError, Program

from corpus.loading import course_digest
from index import generations
from web.tutors.accounts import Accounts
from web.tutors.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "correct horse battery"  # noqa: S105  (of an account that exists here alone)
QUESTION = "What causes cystic fibrosis?"
UNIT = "1.1"
FILE = "1-first/01-carriers.md"
SYLLABUS = """\
course: A small course
modules:
- id: 1
  title: First module
  units:
  - id: "1.1"
    title: Carriers
    outcomes:
    - Explain who is a carrier
"""
TEXT = """\
---
unit: "1.1"
title: Carriers
outcomes: ["1.1.a"]
---
## Cystic fibrosis {#cystic-fibrosis outcomes="1.1.a"}

Cystic fibrosis is caused by variants in *CFTR*. Carriers of cystic fibrosis number 1 in 25 people in Europe.

## Thalassaemia {#thalassaemia outcomes="1.1.a"}

Thalassaemia is caused by variants in the globin genes. Carriers are common in the south of China.

## Penetrance {#penetrance outcomes="1.1.a"}

Penetrance is the share of people with a genotype who show its phenotype.

## Edits {#edits}

"""


class Fault(NamedTuple):
    """What should not be: something acknowledged is "lost", or something is "broken"."""

    kind: str
    words: str


class Turn(NamedTuple):
    """A question whose turn a browser saw begin."""

    conversation: str
    number: int
    question: str


@dataclass(slots=True)
class Acknowledged:
    """What the program said that it had done. `texts` are all that were ever sent for the unit; `saved` is the last one acknowledged, `sent` one that was sent after it. `refused` is what was answered with an error while the server still ran."""

    events: set[str] = field(default_factory=set)
    turns: set[Turn] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)
    texts: set[bytes] = field(default_factory=set)
    saved: bytes = b""
    sent: bytes = b""
    saves: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def edited(words: str) -> bytes:
    """The unit with a paragraph of its own."""
    return f"{TEXT}{words}\n".encode()


@dataclass(slots=True)
class Home:
    """A course, its data folder and the server over them, which is None while nothing is served."""

    folder: Path
    course: Path
    acknowledged: Acknowledged
    program: Program | None = None
    tutor: Browser = field(default_factory=lambda: Browser(("", 0)))

    @classmethod
    def made(cls, folder: Path, course: Path, index: Path | None = None) -> Home:
        """A new one in `folder`; `index` is one to begin with, of whatever course: what it has encoded is not encoded again."""
        (course / "modules" / FILE).parent.mkdir(parents=True)
        (course / "syllabus.yaml").write_text(SYLLABUS, encoding="utf-8")
        first = edited("Nothing was edited yet.")
        (course / "modules" / FILE).write_bytes(first)
        home = cls(folder, course, Acknowledged(texts={first}, saved=first))
        home.data.mkdir(parents=True)
        if index:
            shutil.copytree(index, home.index)
        Accounts(Records(home.data / "tutors.sqlite")).add("Test tutor", PASSWORD)
        return home

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def index(self) -> Path:
        """The index, which lies in the data folder."""
        return self.data / "index"

    @property
    def unit(self) -> Path:
        """The file of the unit, in the tutors' copy of the course where there is one."""
        own = self.data / "course" / "modules" / FILE
        return own if own.exists() else self.course / "modules" / FILE

    def command(self, *words: str) -> list[str]:
        """A command of the program over this course."""
        return [*TUTOR, "--course", str(self.course), "--data", str(self.data), *words]

    def serve(self) -> Program:
        """The server, started if it is not there. Raises NotStartedError."""
        if self.program is None:
            self.program = Program.served(self.command("serve", "--port", "0"), self.folder / "serve.log")
            self.tutor.address = self.program.address
        return self.program

    def kill(self) -> bool:
        """Kill the server; whether it was running."""
        program, self.program = self.program, None
        return program is not None and program.kill()

    def browser(self) -> Browser:
        """A new trainee's browser."""
        return Browser(self.serve().address)

    def sign_in(self) -> None:
        """The tutor signs in, once: the session outlives the server."""
        fields = {"token": self.tutor.token("/tutor/sign-in"), "name": "Test tutor", "password": PASSWORD}
        assert self.tutor.post("/tutor/sign-in", fields).status == 303

    def faults(self) -> Iterator[Fault]:
        """Start again, ask, and look for all that was acknowledged."""
        for words in half_written(self.data):
            yield Fault("broken", f"before the start: {words}")
        while self.acknowledged.refused:
            yield Fault("broken", f"refused: {self.acknowledged.refused.pop()}")
        try:
            self.serve()
            yield from self._unanswered()
        except (NotStartedError, *NOWHERE) as error:
            self.kill()
            yield Fault("broken", f"no start: {error}")
            return
        for words in half_written(self.data):
            yield Fault("broken", words)
        yield from self.lost_rows()
        yield from self._lost_texts()

    def _unanswered(self) -> Iterator[Fault]:
        asked = self.browser().tell("/api/v1/ask", {"question": QUESTION})
        if asked["status"] != 200 or asked.get("state") != "covered" or "CFTR" not in asked["answer"]:
            yield Fault("broken", f"no answer: {asked}")
        else:
            self.acknowledged.events.add(asked["event"])
        if self.tutor.cookies and self.tutor.get("/tutor/answers/").status != 200:
            yield Fault("lost", "the tutor's session")
        if generations.current(self.index).about["course"] != course_digest(self.unit.parents[2]):
            yield Fault("broken", "the index is of another text")

    def lost_rows(self) -> Iterator[Fault]:
        """What was acknowledged and is in no database."""
        kept = self.acknowledged
        events = {row[0] for row in rows(self.data / "journal.sqlite", "SELECT id FROM event")}
        yield from (Fault("lost", f"event {one}") for one in sorted(kept.events - events))
        kept_turns = rows(self.data / "conversations.sqlite", "SELECT conversation, number, reply, event FROM turn") if kept.turns else []
        turns = {(conversation, number): (json.loads(reply), event) for conversation, number, reply, event in kept_turns}
        for turn in kept.turns:
            reply, event = turns.get((turn.conversation, turn.number), ({}, ""))
            if turn.question not in json.dumps(reply) or event not in events:
                yield Fault("lost", f"{turn}, kept as {reply and event}")
        answers = {row[0] for row in rows(self.data / "answers.sqlite", "SELECT body FROM revision")} if kept.answers else set()
        yield from (Fault("lost", f"the tutor's answer {body}") for body in kept.answers.values() if body not in answers)
        trail = rows(self.data / "tutors.sqlite", "SELECT count(*) FROM audit WHERE action = 'unit saved'")
        if trail[0][0] < kept.saves:
            yield Fault("lost", f"{kept.saves - trail[0][0]} lines of the audit trail")

    def _lost_texts(self) -> Iterator[Fault]:
        kept, now = self.acknowledged, self.unit.read_bytes()
        if now not in {kept.saved, kept.sent}:
            yield Fault("lost" if now in kept.texts else "broken", f"the unit: {now[-60:]!r} stands for {kept.saved[-60:]!r}")
        page = self.browser().get(f"/course/{UNIT}").text
        if re.sub(r"\s+", " ", now.decode().strip().rpartition("\n")[2]) not in page:
            yield Fault("broken", "the page shows another text than the file has")
        for path in (self.data / "backups").rglob("*.md"):
            if path.read_bytes() not in kept.texts:
                yield Fault("broken", f"a replaced text is none that ever was: {path.name}")
        kept.saved = now


def rows(path: Path, statement: str) -> list[tuple[str, ...]]:
    """What a database gives."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(statement).fetchall()
