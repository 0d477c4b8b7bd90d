"""The sentences of an answer: to a question in one part or several, or to one that compares.

Knows nothing of how a question is read, or whether the course covers it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.compose import compose, renumbered
from index.search import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.places import Places
    from assistant.question import Reading
    from assistant.reply import AnswerSentence
    from index.names import Mention
    from index.search import Found, Searcher

PART_WORDS = 85
"""About how long the answer to one part of a question in several parts is, in words."""

SIDE_WORDS = 65
"""The same for one side of a comparison."""

HITS = 50
"""The passages that a question is answered from at most."""

_MOST_OF_BOTH = 4
_COMPARES = re.compile(
    r"\b(?:compare|compared|comparison|contrast|differ(?:s|ent|ence|ences|entiate)?|distinguish|versus|vs\.?|better than|(?<!-)or(?!-)|and (?:which|what) (?:in|for|with|of))\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\s*(?:\([^()]*\))?\s*(?:for|in|of|on|at|during|after|before|by)\s+(?:the |an? )?", re.IGNORECASE)
"""What stands before a name that two others are compared in: "sensitivity and specificity of NIPT"."""

STANDS_FOR_IT = re.compile(r"\b(?:it|its|this|these|they|them|their)\b", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"(?<=[a-z)][.!])\s+(?=[A-Z])")
_LIGHTEST_SIDE = 3.0
_MOST_SIDES = 3


class Composer:
    """Puts answers together from one course. Safe to use from many threads at once."""

    def __init__(self, searcher: Searcher, places: Places) -> None:
        self._searcher = searcher
        self._places = places

    def sentences(self, found: Found, reading: Reading, scope: str) -> tuple[tuple[AnswerSentence, ...], tuple[str, ...]]:
        """The sentences of the answer, and what was asked for that the course does not hold."""
        sides = _sides(found.mentions, reading.text)
        if 1 < len(sides) <= _MOST_SIDES and _COMPARES.search(reading.text):
            return self._comparison(found, reading, [side.name for side in sides], scope)
        if len(reading.parts) == 1:
            return renumbered(compose(found, self._searcher, self._places, reading.text)), ()
        return renumbered(self._each_part(reading.parts, [side.name for side in sides], scope)), ()

    def _each_part(self, parts: Sequence[str], topics: Sequence[str], scope: str) -> list[AnswerSentence]:
        """An answer to each part of a question; a part that names none of the question's topics is asked about them all."""
        said: dict[str, AnswerSentence] = {}
        before: list[str] = []
        told = _told(parts[0])
        for number, part in enumerate(parts):
            named = [topic for topic in topics if topic.lower() in part.lower()]
            leans = bool(STANDS_FOR_IT.search(part))
            lacking = topics if not named else before if leans else ()
            context = f"{told} {part}" if told and number else part
            if leans and number and not lacking:
                context = f"{parts[number - 1]}? {part}"
            whole = " ".join([context, *(topic for topic in lacking if topic not in context)])
            before += [topic for topic in named if topic not in before]
            found = self._searcher.search(Query(whole, scope), HITS)
            for sentence in compose(found, self._searcher, self._places, whole, words=PART_WORDS, said=said):
                said[sentence.citations[0].sentence] = sentence
        return list(said.values())

    def _comparison(
        self, found: Found, reading: Reading, sides: list[str], scope: str
    ) -> tuple[tuple[AnswerSentence, ...], tuple[str, ...]]:
        """Both sides of a comparison, each under its name; what stands of both together comes first."""
        both = compose(found, self._searcher, self._places, reading.text)
        together = [one for one in both if _speaks_of_all(one.text, sides, reading.text)]
        if sum(" — " in one.text for one in together) < _MOST_OF_BOTH:  # else a table compares the sides, and stays whole
            together = together[:_MOST_OF_BOTH]
        parts: list[AnswerSentence] = list(together)
        missing: list[str] = []
        for side in sides:
            alone = reading.text
            for other in sides:
                alone = alone if other == side else alone.replace(other, " ")
            searched = self._searcher.search(Query(_COMPARES.sub(" ", alone), scope), HITS)
            found_side = _naming((side, _stands_for(side, reading.text)), searched)
            said = {sentence.citations[0].sentence for sentence in parts}
            words = SIDE_WORDS if len(together) <= _MOST_OF_BOTH else SIDE_WORDS // 2
            own = compose(found_side, self._searcher, self._places, alone, label=side, words=words, said=said)
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
