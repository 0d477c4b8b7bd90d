"""Edits of the course that are cut off: saved again and again, put into use behind the pages, and the first one, which copies the course.

Knows nothing of what must have survived.
"""

from __future__ import annotations

import random
import secrets
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kills_home import FILE, UNIT, Home, edited
from kills_program import hidden, until
from kills_work import AtHome, Moments, word

from corpus.loading import course_digest
from corpus.saving import digest_of
from index import generations
from index.generations import IndexUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kills_home import Fault


class Editing(AtHome):
    """A tutor who saves the unit again and again, and another who answers questions."""

    name = "course edit"

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        start = time.monotonic()
        for _ in range(2):
            self.save()
            self._answer()
        return Moments(0, max(1.0, time.monotonic() - start))

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self.home.serve()
        return self.cut_while(seconds, self._saving, self._answering)

    def save(self) -> None:
        """Save the unit once, as the editor does."""
        kept, tutor = self.home.acknowledged, self.home.tutor
        page = tutor.get(f"/tutor/text/unit/{UNIT}").text
        text = edited(f"The readers of edit {kept.saves + 1} met the word {word(self.rng)}.")
        fields = {"token": hidden(page, "token"), "begun_from": hidden(page, "begun_from"), "file": FILE, "name": ""}
        kept.texts.add(text)
        kept.sent = text
        said = tutor.post(f"/tutor/text/unit/{UNIT}", {**fields, "text": text.decode(), "checked": digest_of(text), "action": "save"})
        assert said.status == 303, said.text[:3000]
        kept.saved = text
        kept.saves += 1

    def _answer(self) -> None:
        token = self.home.tutor.token("/tutor/answers/new")
        body = f"Ask the ward for {secrets.token_hex(6)}."
        fields = {"token": token, "action": "save", "question": f"Who keeps the list of {word(random.Random())}?", "body": body}
        said = self.home.tutor.post("/tutor/answers/new", fields)
        assert said.status == 303, said.text[:3000]
        self.home.acknowledged.answers[body] = body

    def _saving(self) -> None:
        while True:
            self.save()

    def _answering(self) -> None:
        while True:
            self._answer()


class Reindexing(Editing):
    """One edit, saved; then the index is made anew in the background, and the pages change over to it."""

    name = "re-index"

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        self.home.serve()
        self.save()
        wanted = course_digest(self.home.unit.parents[2])
        return Moments(0, 2 * until(lambda: _indexed(self.home.index) == wanted))

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self.home.serve()
        self.save()
        return self.cut_while(seconds)


def _indexed(index: Path) -> str:
    """The digest of the course that the index in use is of."""
    try:
        return str(generations.current(index).about["course"])
    except IndexUnusableError:
        return ""


@dataclass(slots=True, eq=False)
class FirstEditing:
    """The first edit of a course that may not be changed where it lies: it is copied to the data folder, index and all. Each has a home of its own."""

    seed: Path
    folder: Path
    rng: random.Random
    name: str = "course edit"
    _work: Editing | None = field(default=None, init=False)
    _made: int = field(default=0, init=False)

    @property
    def data(self) -> Path:
        """The data folder that it writes to."""
        return self._editing().home.data

    def _editing(self) -> Editing:
        if self._work is None:
            self._made += 1
            folder = self.folder / f"first-{self._made}"
            self._work = Editing(Home.made(folder, folder / "site-packages" / "course", self.seed), self.rng)
            self._work.home.serve()
            self._work.home.sign_in()
        return self._work

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        self.drop()
        work = self._editing()
        start = time.monotonic()
        work.save()
        return Moments(0, time.monotonic() - start)

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self.drop()
        work = self._editing()
        return work.cut_while(seconds, work.save)

    def faults(self) -> Iterator[Fault]:
        """Start again and look; what is wrong."""
        yield from self._editing().home.faults()

    def drop(self) -> None:
        """Remove the home of the edit before."""
        if self._work is not None:
            self._work.home.kill()
            shutil.rmtree(self._work.home.folder)
            self._work = None
