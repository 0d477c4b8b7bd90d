"""Hints before a model answer, step by step, made of course text alone: where to look, how the key terms begin, and a sentence with a gap.

The same question always gets the same hints. Knows nothing of learners or of how hints are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.amounts import amounts
from corpus.term_mentions import Terms
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.practice import PracticeQuestion
    from corpus import GlossaryEntry, Section, Sentence

GAP = "_____"
"""What stands where a number or term was taken out."""

_MOST_TERMS = 3
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LONG_WORD = 5
_VAGUE = ("Variant", "Gene", "Chromosome", "Carrier")
"""Terms that the answers of every unit hold: their first letter helps nobody."""


@dataclass(frozen=True, slots=True)
class PlaceHint:
    """Where the answer stands: the module's title ("" for none), and the headings from the unit's title down to the section's."""

    module: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermsHint:
    """Key terms of the answer, each with only the first letter of each word left."""

    initials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapHint:
    """A sentence of the section with the key numbers, or the key term, replaced by `GAP`."""

    sentence: str


Hint = PlaceHint | TermsHint | GapHint


class Hints:
    """Makes the hints to a question, knowing the course's terms."""

    def __init__(self, glossary: Iterable[GlossaryEntry]) -> None:
        self._terms = Terms(glossary)

    def of(self, question: PracticeQuestion) -> tuple[Hint, ...]:
        """The hints in the order to give them, from the faintest on: always a place, and terms and a sentence where there are any."""
        hints: list[Hint] = [PlaceHint(question.unit.module, question.section.headings)]
        words = self._key_words(question)
        if words:
            hints.append(TermsHint(tuple(_initials(word) for word in words)))
        gap = self._gap(question, words)
        if gap:
            hints.append(GapHint(gap))
        return tuple(hints)

    def _key_words(self, question: PracticeQuestion) -> tuple[str, ...]:
        """Terms of the answer that the question does not name, as the answer writes them where it does; then its longest words."""
        asked = {entry.term for entry in self._terms.mentioned(question.question)}
        told = [entry for entry in self._terms.mentioned(question.answer) if entry.term not in asked]
        terms = [
            next((name for name in entry.names if name.casefold() in question.answer.casefold()), entry.term)
            for entry in told
            if entry.term not in _VAGUE
        ]
        known = set(tokens(question.question))
        plain = [word for word in _WORD.findall(question.answer) if len(word) >= _LONG_WORD and not set(tokens(word)) <= known]
        inside = " ".join([*terms, *_VAGUE]).casefold()
        words = sorted((word for word in dict.fromkeys(plain) if word.casefold() not in inside), key=len, reverse=True)
        return tuple([*terms, *words][:_MOST_TERMS])

    def _gap(self, question: PracticeQuestion, words: tuple[str, ...]) -> str:
        sentence = nearest_sentence(question.answer, question.section)
        if sentence is None:
            return ""
        wanted = [one for one in amounts(question.answer) if not any(one.same_as(other) for other in amounts(question.question))]
        hidden = [one for one in amounts(sentence.text) if any(one.same_as(other) or other.same_as(one) for other in wanted)]
        if hidden:
            text = sentence.text
            for one in reversed(hidden):
                text = text[: one.start] + GAP + text[one.start + len(one.text) :]
            return text
        names = [*words, *sorted(set(_WORD.findall(question.answer)), key=lambda word: (-len(word), word))]
        for name in names:
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            if len(name) >= _LONG_WORD - 1 and pattern.search(sentence.text) and not pattern.search(question.question):
                return pattern.sub(GAP, sentence.text)
        return ""


def nearest_sentence(answer: str, section: Section) -> Sentence | None:
    """The sentence of the section that shares most with a model answer: words, and numbers twice over; the first of equals.

    None in a section without running text or tables.
    """
    wanted, numbers = set(tokens(answer)), amounts(answer)
    best: Sentence | None = None
    most = -1.0
    for sentence in (sentence for block in section.blocks if block.kind != "code" for sentence in block.sentences):
        words = set(tokens(sentence.text))
        same = sum(any(one.same_as(other) for other in amounts(sentence.text)) for one in numbers)
        score = (len(wanted & words) + 2 * same) / (len(words | wanted) ** 0.5 or 1)
        if score > most:
            best, most = sentence, score
    return best


def _initials(text: str) -> str:
    """Each word as its first letter and a dot for each of the rest: “gene panel” is “g··· p····”."""
    return _WORD.sub(lambda match: match[0][0] + "·" * (len(match[0]) - 1), text)
