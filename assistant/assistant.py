"""The assistant: reads a question, finds passages, judges whether they answer it, and says so with citations.

Knows nothing of web pages, files on disk or who is asking.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

from assistant.chinese import has_chinese
from assistant.composer import HITS, STANDS_FOR_IT, Composer
from assistant.coverage_judge import shipped_judge, signals
from assistant.elsewhere import falls_short, said_of_a_part
from assistant.findings import MOST_FINDINGS, Findings, findings
from assistant.onward import Onward
from assistant.places import Places, nearest
from assistant.question import Reader, parts_as_typed
from assistant.reply import Answer, Boundary, NotCovered, Partly, Unreadable
from index.search import Query, Searcher
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.coverage_judge import Signals
    from assistant.question import Reading
    from assistant.reply import NearestSection, Reply
    from corpus import Course
    from index.encoder import Encoder
    from index.search import Found
    from index.store import Index

PARTLY_FROM = 0.2
"""The chance from which a question is answered at all. Chosen on the tuning questions: about 97 in 100 covered ones are then answered."""

INSTRUCTED_FROM = 0.6
"""The chance from which a text that gives the assistant instructions is answered as the question it also is."""

COVERED_FROM = 0.5
"""The chance from which an answer is given without saying that it may be only part of one."""

_REPLIES_REMEMBERED = 256
"""A class asks the starter questions and each other's; a reply has about 8 KB."""

_REST_SECONDS = 0.03
"""After each question that is judged ahead: a course's 300 take some 15 seconds, of which a quarter is work."""

_FOREIGN_BELOW = 0.1
"""A part of a question asked alone whose chance is below this may be about something that the course knows nothing of."""

_FOREIGN_WORD = 0.8
"""So rare a word is one that the course hardly uses, as a share of the highest rarity: at most three sections have it."""

_NEAREST = 4
_MORE = 3


class Assistant:
    """Answers questions over one course. Safe to use from many threads at once."""

    def __init__(self, course: Course, index: Index, encoder: Encoder) -> None:
        self.course = course
        self.encoder = encoder
        self.searcher = Searcher(index, course, encoder)
        self._composer = Composer(self.searcher, Places(course))
        self._reader = Reader(self.searcher.names, index.worked_out, course.glossary, self.searcher.together)
        self._onward = Onward(course, lambda question: self.probe(question)[1] >= COVERED_FROM)
        self._reply = lru_cache(_REPLIES_REMEMBERED)(self._reply_to)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        module: str | None = None,
        section: str | None = None,
        literal: bool = False,
    ) -> Reply:
        """The reply to a question. `history` are the earlier questions of the conversation, oldest first.

        `module` (a title) or `section` (an id; the sections below it belong to it) confines the search, and what that part of the course does not fully
        answer is asked of the whole; `literal` takes every word as typed.
        """
        scope = section or module or ""
        reply = self._reply(question, tuple(history), scope, literal)
        if not scope or not falls_short(reply):
            return reply
        whole = self._reply(question, tuple(history), "", literal)
        return said_of_a_part(reply, whole, lambda cited: self.searcher.within(cited.passage.rpartition("/")[0], scope))

    def _reply_to(self, question: str, history: tuple[str, ...], scope: str, literal: bool) -> Reply:  # noqa: FBT001  # by place, for the memory
        reading = self._reader.read(question, history, literal=literal)
        if reading.problem:
            return Unreadable(reading.question, reading.problem)
        reading, foreign = self._without_foreign_parts(reading)
        found, judged = self._judged(reading, scope)
        chance = shipped_judge().chance(judged)
        answered = chance >= (INSTRUCTED_FROM if judged.instructs else PARTLY_FROM)
        sentences, missing = self._composer.sentences(found, reading, scope) if answered else ((), ())
        near = _sections(found, _NEAREST)
        if reading.personal and not (judged.instructs and not answered):
            return Boundary(reading.question, chance, sentences, near)
        if not sentences:
            return NotCovered(reading.question, chance, near)
        cited = {citation.passage.rpartition("/")[0] for sentence in sentences for citation in sentence.citations}
        others = [one for one in _sections(found, _NEAREST + len(cited)) if one.passage.rpartition("/")[0] not in cited]
        more = tuple(others[:_MORE])
        missing = (*missing, *foreign)
        if missing or chance < COVERED_FROM:
            return Partly(reading.question, chance, sentences, missing, more)
        return Answer(reading.question, chance, sentences, more)

    def suggestions(self, reply: Reply, history: Sequence[str] = ()) -> tuple[str, ...]:
        """Up to three questions to go on with after a reply, each one that the course covers; none of `history`, the earlier questions."""
        return self._onward.after(reply, history)

    def think_ahead(self) -> None:
        """Judge the questions to go on with, unhurried, in a thread that ends with the program: replies are then spared it."""
        Thread(target=self._onward.judge_all, args=(_REST_SECONDS,), name="onward", daemon=True).start()

    def search(self, query: str, k: int = 10) -> Found:
        """The passages for a query, read as a question is."""
        reading = self._reader.read(query)
        return self.searcher.search(Query(reading.text), k)

    def find(self, query: str) -> Findings:
        """The sentences of the course that come nearest to a query, read as a question is; unit by unit, the best unit first."""
        reading = self._reader.read(query)
        if reading.problem:
            return Findings(reading.text, problem=reading.problem)
        return Findings(reading.text, findings(self.searcher.search(Query(reading.text), MOST_FINDINGS), self.searcher))

    def signals(self, question: str, history: Sequence[str] = ()) -> Signals | None:
        """What the coverage judge is given for a question; None if the question cannot be read."""
        reading = self._reader.read(question, history)
        if reading.problem:
            return None
        return self._judged(reading)[1]

    def probe(self, text: str) -> tuple[tuple[str, ...], float]:
        """The sections found for a text, best first with repeats, and the chance that the course covers it, 0 to 1."""
        found, judged = self._judged(self._reader.read(text))
        return tuple(hit.passage.section for hit in found.hits), shipped_judge().chance(judged)

    def _judged(self, reading: Reading, scope: str = "") -> tuple[Found, Signals]:
        """What is found for a question that was read, and the coverage judge's signals for it."""
        found = self.searcher.search(Query(reading.text, scope), HITS)
        return found, signals(found, self.searcher, reading)

    def _without_foreign_parts(self, reading: Reading) -> tuple[Reading, tuple[str, ...]]:
        """A question in several parts without those that the course knows nothing of, and these; all of it where the rest is not surely covered.

        What is asked of "it" goes with the part before, if that was the first.
        """
        foreign: tuple[str, ...] = ()
        kept: tuple[str, ...] = ()
        for part in reading.parts if len(reading.parts) > 1 else ():
            leans = bool(STANDS_FOR_IT.search(part)) and not has_chinese(part)  # "how is it treated" is 如何治疗, and no pronoun
            if self._is_foreign(part, reading) if not leans else bool(foreign) and not kept:
                foreign = (*foreign, part)
            else:
                kept = (*kept, part)
        rest = replace(reading, text="? ".join(kept), parts=kept)
        if not foreign or not kept or self._chance(rest) < COVERED_FROM:
            return reading, ()
        typed = dict(zip(reading.parts, parts_as_typed(reading), strict=True))
        return rest, tuple(typed[part] for part in foreign)

    def _is_foreign(self, part: str, reading: Reading) -> bool:
        """Whether a part is not covered and has a word that the course hardly uses: "how do I manage septic shock?"."""
        body = self.searcher.index.lexical["body"]
        rarest = max((body.idf(word) for word in tokens(part)), default=0.0)
        return rarest >= _FOREIGN_WORD * body.idf("\0") and self._chance(replace(reading, text=part)) < _FOREIGN_BELOW

    def _chance(self, reading: Reading) -> float:
        """The chance that the course covers what was read, 0 to 1."""
        return shipped_judge().chance(self._judged(reading)[1])


def _sections(found: Found, most: int) -> tuple[NearestSection, ...]:
    """The sections found, best first, each once."""
    first = {hit.passage.section: hit.passage for hit in reversed(found.hits)}
    order = dict.fromkeys(hit.passage.section for hit in found.hits)
    return tuple(nearest(first[section]) for section in list(order)[:most])
