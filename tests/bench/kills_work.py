"""Kinds of work that are cut off over a served course: building, asking, importing.

Each does its work whole (`quiet`, which gives the seconds that it takes) or is killed after some of them (`cut`, which says whether there was still something to kill).
Knows nothing of what must have survived.
"""

from __future__ import annotations

import json
import random
import re
import secrets
import shutil
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kills_home import Fault, Home, Turn, edited, rows
from kills_program import NOWHERE, Program

from assistant.journal import Event
from assistant.journal_file import write_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ASKED = ("What causes cystic fibrosis?", "Who is a carrier of thalassaemia?", "What is penetrance?", "Who won the football match?")
BROWSERS = 4
FILES, EVENTS = 4, 1000


class Moments(NamedTuple):
    """Seconds after its beginning between which work is killed."""

    first: float
    last: float


class Work(Protocol):
    """A kind of work."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    @property
    def data(self) -> Path:
        """The data folder that it writes to."""
        ...

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        ...

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        ...

    def faults(self) -> Iterator[Fault]:
        """Start again and look; what is wrong."""
        ...


@dataclass(slots=True, eq=False)
class AtHome:
    """Work on a served course."""

    home: Home
    rng: random.Random

    @property
    def data(self) -> Path:
        """The data folder that it writes to."""
        return self.home.data

    def faults(self) -> Iterator[Fault]:
        """Start again and look; what is wrong."""
        return self.home.faults()

    def cut_while(self, seconds: float, *working: Callable[[], None]) -> bool:
        """Kill the server after so long, while browsers do this."""
        threads = [threading.Thread(target=self._until_nowhere, args=(work,), daemon=True) for work in working]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        killed = self.home.kill()
        for thread in threads:
            thread.join(30)
        return killed

    def _until_nowhere(self, work: Callable[[], None]) -> None:
        try:
            work()
        except NOWHERE:
            return
        except AssertionError as error:
            self.home.acknowledged.refused.append(str(error))


class Building(AtHome):
    """`index build`, by turns from nothing and over the index of an earlier text."""

    name = "index build"
    _times = 0

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        self.home.kill()
        start = time.monotonic()
        assert self._begun().process.wait(300) == 0
        took = time.monotonic() - start
        self.home.serve()
        return Moments(0, took)

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self.home.kill()
        return self._begun().kill_after(seconds)

    def _begun(self) -> Program:
        type(self)._times += 1
        if self._times % 2:
            text = edited(f"The readers of build {self._times} met the word {word(self.rng)}.")
            self.home.unit.write_bytes(text)
            self.home.acknowledged.saved = text
            self.home.acknowledged.texts.add(text)
        elif self.home.index.exists():
            shutil.rmtree(self.home.index)
        return Program.run(self.home.command("index", "build"), self.home.folder / "build.log")


class Asking(AtHome):
    """Four trainees who ask, read on and judge, as fast as they are answered."""

    name = "journal writes"

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        self.home.serve()
        ends = time.monotonic() + 0.5
        self._trainee(lambda: time.monotonic() < ends)
        return Moments(0, 1)

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self.home.serve()
        return self.cut_while(seconds, *[self._trainee] * BROWSERS)

    def _trainee(self, on: Callable[[], bool] = lambda: True) -> None:
        kept, browser = self.home.acknowledged, self.home.browser()
        token, conversation = browser.token(), ""
        while on():
            question = f"{secrets.choice(ASKED)[:-1]}, {word(random.Random())}?"
            noted: list[Turn] = []

            def begun(seen: bytes, question: str = question, noted: list[Turn] = noted) -> None:
                if b"event: state" in seen and not noted:
                    data = json.loads(seen.partition(b"data: ")[2].partition(b"\n")[0])
                    noted.append(Turn(data["conversation"], data["turn"], question))
                    with kept.lock:
                        kept.turns.add(noted[0])

            fields = {"token": token, "conversation": conversation, "question": question, "attempt": secrets.token_hex(8)}
            said = browser.post("/ask/stream", fields, begun)
            assert said.status == 200, said.text[:300]
            conversation = noted[0].conversation
            event = browser.tell("/api/v1/ask", {"question": question})["event"]
            with kept.lock:
                kept.events.add(event)
            judged = browser.tell("/api/v1/feedback", {"about": event, "verdict": "helpful"})["event"]
            with kept.lock:
                kept.events.add(judged)


class Importing(AtHome):
    """`journal import` of four files of another machine's, while the course is served and asked."""

    name = "journal import"

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        files = self._files()
        start = time.monotonic()
        assert self._begun({}).process.wait(300) == 2  # which is how long it takes to say that no file was given
        begun = time.monotonic()
        assert self._begun(files).process.wait(300) == 0
        self._acknowledge(files)
        return Moments(begun - start, time.monotonic() - begun)

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self.home.serve()
        files = self._files()
        program = self._begun(files)
        killed = program.kill_after(seconds)
        self.home.kill()
        self._acknowledge(files)
        return killed

    def _begun(self, files: dict[Path, set[str]]) -> Program:
        log = self.home.folder / "import.log"
        log.unlink(missing_ok=True)
        return Program.run(self.home.command("journal", "import", *map(str, files)), log)

    def _acknowledge(self, files: dict[Path, set[str]]) -> None:
        told = (self.home.folder / "import.log").read_text(encoding="utf-8")
        for path in re.findall(rf"([^\s:]+): {EVENTS} events taken", told):
            self.home.acknowledged.events |= next(ids for file, ids in files.items() if str(file) == path)
        self.last = files

    def faults(self) -> Iterator[Fault]:
        """Start again and look; what is wrong."""
        yield from super().faults()
        yield from self._in_part()

    def _in_part(self) -> Iterator[Fault]:
        there = {row[0] for row in rows(self.home.data / "journal.sqlite", "SELECT id FROM event")}
        for file, ids in self.last.items():
            if 0 < len(ids & there) < len(ids):
                yield Fault("broken", f"{file.name} was taken in part: {len(ids & there)} of {len(ids)}")

    def _files(self) -> dict[Path, set[str]]:
        """Files of events that no journal knows yet, with the ids of each."""
        made: dict[Path, set[str]] = {}
        machine, now = str(uuid.uuid4()), datetime.now(UTC).isoformat(timespec="milliseconds")
        for number in range(FILES):
            body = {"question": "What is penetrance?", "state": "covered", "confidence": 0.9, "conversation": "0123456789abcdef"}
            events = [Event(str(uuid.uuid4()), machine, now, "question", body) for _ in range(EVENTS)]
            path = self.home.folder / f"import-{number}.jsonl"
            with path.open("w", encoding="utf-8") as out:
                write_journal(out, events, machine)
            made[path] = {event.id for event in events}
        return made


def word(rng: random.Random) -> str:
    """A word that stands nowhere else."""
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(5))
