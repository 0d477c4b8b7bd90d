"""The assistant: reads a question, finds passages, judges whether they answer it, and says so with citations.

Knows nothing of web pages, files on disk or who is asking.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

from assistant.compose import compose, renumbered
from assistant.coverage_judge import shipped_judge, signals
from assistant.elsewhere import falls_short, said_of_a_part
from assistant.findings import MOST_FINDINGS, Findings, findings
from assistant.onward import Onward
from assistant.places import Places, nearest
from assistant.question import Reader, question_parts
from assistant.reply import Answer, Boundary, NotCovered, Partly, Unreadable
from assistant.vocabulary import word_counts
from index.search import Query, Searcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.coverage_judge import Signals
    from assistant.question import Reading
    from assistant.reply import AnswerSentence, NearestSection, Reply
    from corpus import Course
    from index.encoder import Encoder
    from index.names import Mention
    from index.search import Found
    from index.store import Index

PARTLY_FROM = 0.2
"""The chance from which a question is answered at all. Chosen on the tuning questions: about 97 in 100 covered ones are then answered."""

INSTRUCTED_FROM = 0.6
"""The chance from which a text that gives the assistant instructions is answered as the question it also is."""

COVERED_FROM = 0.5
"""The chance from which an answer is given without saying that it may be only part of one."""

PART_WORDS = 85
"""About how long the answer to one part of a question in several parts is, in words."""

SIDE_WORDS = 65
"""The same for one side of a comparison."""

_REPLIES_REMEMBERED = 256
"""A class asks the starter questions and each other's; a reply has about 8 KB."""

_REST_SECONDS = 0.03
"""After each question that is judged ahead: a course's 300 take some 15 seconds, of which a quarter is work."""

_MOST_OF_BOTH = 4
_HITS = 50
_NEAREST = 4
_MORE = 3
_COMPARES = re.compile(
    r"\b(?:compare|compared|comparison|contrast|differ(?:s|ent|ence|ences|entiate)?|distinguish|versus|vs\.?|better than|(?<!-)or(?!-)|and (?:which|what) (?:in|for|with|of))\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\s*(?:\([^()]*\))?\s*(?:for|in|of|on|at|during|after|before|by)\s+(?:the |an? )?", re.IGNORECASE)
"""What stands before a name that two others are compared in: "sensitivity and specificity of NIPT"."""

_STANDS_FOR_IT = re.compile(r"\b(?:it|its|this|these|they|them|their)\b", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"(?<=[a-z)][.!])\s+(?=[A-Z])")
_LIGHTEST_SIDE = 3.0
_MOST_SIDES = 3


class Assistant:
    """Answers questions over one course. Safe to use from many threads at once."""

    def __init__(self, course: Course, index: Index, encoder: Encoder) -> None:
        self.course = course
        self.encoder = encoder
        self.searcher = Searcher(index, course, encoder)
        self._places = Places(course)
        self._reader = Reader(
            self.searcher.names, word_counts(index.passages, self.searcher.names), course.glossary, self.searcher.together
        )
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
        found = self.searcher.search(Query(reading.text, scope), _HITS)
        judged = signals(found, self.searcher, reading)
        chance = shipped_judge().chance(judged)
        answered = chance >= (INSTRUCTED_FROM if judged.instructs else PARTLY_FROM)
        sentences, missing = self._sentences(found, reading, scope) if answered else ((), ())
        near = _sections(found, _NEAREST)
        if reading.personal and not (judged.instructs and not answered):
            return Boundary(reading.question, chance, sentences, near)
        if not sentences:
            return NotCovered(reading.question, chance, near)
        cited = {citation.passage.rpartition("/")[0] for sentence in sentences for citation in sentence.citations}
        others = [one for one in _sections(found, _NEAREST + len(cited)) if one.passage.rpartition("/")[0] not in cited]
        more = tuple(others[:_MORE])
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
        return signals(self.searcher.search(Query(reading.text), _HITS), self.searcher, reading)

    def probe(self, text: str) -> tuple[tuple[str, ...], float]:
        """The sections found for a text, best first with repeats, and the chance that the course covers it, 0 to 1."""
        reading = self._reader.read(text)
        found = self.searcher.search(Query(reading.text), _HITS)
        return tuple(hit.passage.section for hit in found.hits), shipped_judge().chance(signals(found, self.searcher, reading))

    def _sentences(self, found: Found, reading: Reading, scope: str) -> tuple[tuple[AnswerSentence, ...], tuple[str, ...]]:
        """The sentences of the answer, and what was asked for that the course does not hold."""
        sides = _sides(found.mentions, reading.text)
        if 1 < len(sides) <= _MOST_SIDES and _COMPARES.search(reading.text):
            return self._comparison(found, reading, [side.name for side in sides], scope)
        parts = question_parts(reading.text)
        if len(parts) == 1:
            return renumbered(compose(found, self.searcher, self._places, reading.text)), ()
        return renumbered(self._each_part(parts, [side.name for side in sides], scope)), ()

    def _each_part(self, parts: Sequence[str], topics: Sequence[str], scope: str) -> list[AnswerSentence]:
        """An answer to each part of a question; a part that names none of the question's topics is asked about them all."""
        said: dict[str, AnswerSentence] = {}
        before: list[str] = []
        told = _told(parts[0])
        for number, part in enumerate(parts):
            named = [topic for topic in topics if topic.lower() in part.lower()]
            lacking = topics if not named else before if _STANDS_FOR_IT.search(part) else ()
            context = f"{told} {part}" if told and number else part
            whole = " ".join([context, *(topic for topic in lacking if topic not in context)])
            before += [topic for topic in named if topic not in before]
            found = self.searcher.search(Query(whole, scope), _HITS)
            for sentence in compose(found, self.searcher, self._places, whole, words=PART_WORDS, said=said):
                said[sentence.citations[0].sentence] = sentence
        return list(said.values())

    def _comparison(
        self, found: Found, reading: Reading, sides: list[str], scope: str
    ) -> tuple[tuple[AnswerSentence, ...], tuple[str, ...]]:
        """Both sides of a comparison, each under its name; what stands of both together comes first."""
        both = compose(found, self.searcher, self._places, reading.text)
        together = [one for one in both if _speaks_of_all(one.text, sides, reading.text)][:_MOST_OF_BOTH]
        parts: list[AnswerSentence] = list(together)
        missing: list[str] = []
        for side in sides:
            alone = reading.text
            for other in sides:
                alone = alone if other == side else alone.replace(other, " ")
            searched = self.searcher.search(Query(_COMPARES.sub(" ", alone), scope), _HITS)
            found_side = _naming((side, _stands_for(side, reading.text)), searched)
            said = {sentence.citations[0].sentence for sentence in parts}
            own = compose(found_side, self.searcher, self._places, alone, label=side, words=SIDE_WORDS, said=said)
            if not own and not together:
                missing.append(side)
            parts += own
        return renumbered(parts), tuple(missing)


def _naming(names: Sequence[str], found: Found) -> Found:
    """What was found for one side of a comparison, without the passages that do not name it; all, if none does."""
    wanted = [name.lower() for name in names if name]
    kept = tuple(hit for hit in found.hits if any(name in f"{hit.passage.headings} {hit.passage.text}".lower() for name in wanted))
    return replace(found, hits=kept or found.hits)


def _told(part: str) -> str:
    """What a question tells before it asks ("A newborn has a large tongue."), of which its later parts ask as well."""
    sentences = _SENTENCE_ENDS.split(part)
    return " ".join(sentences[:-1])


def _sides(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """What a question is about, each once: of two names for one thing ("DMD (Duchenne muscular dystrophy)") the first."""
    sides: list[Mention] = []
    for mention in mentions:
        again = any(mention.name.lower() == one.name.lower() or text[one.end : mention.start].strip() == "(" for one in sides)
        if mention.weight >= _LIGHTEST_SIDE and not again:
            sides.append(mention)
    compared = [side for at, side in enumerate(sides) if not (at and _WHERE.fullmatch(text[sides[at - 1].end : side.start]))]
    return compared if len(compared) > 1 else sides


def _speaks_of_all(text: str, sides: list[str], question: str) -> bool:
    """Whether a sentence names every side, or what its abbreviation is said in the question to stand for."""
    lower = text.lower()
    return all(side.lower() in lower or ((long := _stands_for(side, question)) and long.lower() in lower) for side in sides)


def _stands_for(side: str, question: str) -> str:
    found = re.search(rf"{re.escape(side)} \(([^()]+)\)", question)
    return found[1] if found else ""


def _sections(found: Found, most: int) -> tuple[NearestSection, ...]:
    """The sections found, best first, each once."""
    first = {hit.passage.section: hit.passage for hit in reversed(found.hits)}
    order = dict.fromkeys(hit.passage.section for hit in found.hits)
    return tuple(nearest(first[section]) for section in list(order)[:most])
