"""Misspelt words of a question, repaired against the words of the course.

>>> Speller({"achondroplasia": 9, "recurrence": 40}).repaired(["achondroplazia", "reccurence"])
['achondroplasia', 'recurrence']

A word that the course uses, an English or a soundly built medical word, a gene symbol, a variant name or a number is never changed. Knows nothing of
what a question means.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.medical_words import is_medical_word, spelt_alike
from corpus.english import english_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SHORTEST = 4
"""Words of fewer letters are not repaired: too many words lie one slip away from them."""

_TWO_SLIPS_FROM = 8
_THREE_SLIPS_FROM = 12
_TWO_SLIPS_IN_A_NAME_FROM = 5
_REMEMBERED = 10_000

_WORD = re.compile(r"[a-zà-öø-ÿ]+")
_OTHER_FIRST_LETTER = 0.6
_PER_LOG_COUNT = 0.15
_IN_A_NAME = 0.3
_BESIDE_ITS_NEIGHBOUR = 1.5


class Speller:
    """Repairs the words of a question.

    `vocabulary` is the course's word forms in lower case with their counts; `names` the names of what the course treats, as
    words: a slip in a name is forgiven more readily, most of all where the words beside it belong to the same name.
    """

    def __init__(self, vocabulary: Mapping[str, int], names: Iterable[Sequence[str]] = ()) -> None:
        """Take the words to repair with."""
        self._known = frozenset(vocabulary)
        self._english = english_words()  # at a start, not while somebody waits for the first answer
        self._counts = {word: n for word, n in vocabulary.items() if len(word) >= _SHORTEST and _WORD.fullmatch(word)}
        self._by_length: dict[int, list[str]] = {}
        for word in self._counts:
            self._by_length.setdefault(len(word), []).append(word)
        self._in_names: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        for name in names:
            self._in_names.update(name)
            self._pairs.update(pairwise(name))
        self._near: dict[str, list[tuple[str, int]]] = {}

    def knows(self, word: str) -> bool:
        """Whether the word, in lower case, is one of the course's or of the English language."""
        return word in self._known or word in self._english

    def near(self, word: str) -> bool:
        """Whether some word of the course lies within the slips that are forgiven."""
        return bool(self._nearest(word.lower()))

    def repaired(self, words: Sequence[str]) -> list[str]:
        """The words as the course would spell them, one for one (a word run together may come back as two, with a space).

        Words are given as typed: a capital letter marks a proper name, which only a word of a name can replace.
        """
        lower = [word.lower() for word in words]
        return [
            self._repaired(word, lower[i - 1 : i], lower[i + 1 : i + 2], proper=i > 0 and word[:1].isupper())
            for i, word in enumerate(words)
        ]

    def _repaired(self, typed: str, before: list[str], after: list[str], *, proper: bool) -> str:
        word = typed.lower()
        if len(word) < _SHORTEST or not _WORD.fullmatch(word) or typed[1:].lower() != typed[1:] or word in self._known:
            return typed
        near = [
            (self._cost(word, candidate, slips, beside), candidate)
            for candidate, slips in self._nearest(word)
            if self._forgiven(word, candidate, slips, beside := self._beside(candidate, before, after), proper=proper)
        ]
        if word in self._english:
            near = []
        if is_medical_word(word):
            near = [one for one in near if spelt_alike(word, one[1])]
        if near:
            return min(near)[1]
        return typed if proper or word in self._english or is_medical_word(word) else self._parted(word) or typed

    def _nearest(self, word: str) -> list[tuple[str, int]]:
        """The course's words within three slips, with the number of slips."""
        if word not in self._near:
            if len(self._near) > _REMEMBERED:
                self._near.clear()
            most = 1 if len(word) < _TWO_SLIPS_IN_A_NAME_FROM else 2 if len(word) < _THREE_SLIPS_FROM else 3
            self._near[word] = [
                (candidate, int(slips))
                for length in range(len(word) - most, len(word) + most + 1)
                for candidate, slips, _ in process.extract(
                    word, self._by_length.get(length, []), scorer=OSA.distance, score_cutoff=most, limit=20
                )
            ]
        return self._near[word]

    def _beside(self, candidate: str, before: list[str], after: list[str]) -> bool:
        return any((word, candidate) in self._pairs for word in before) or any((candidate, word) in self._pairs for word in after)

    def _forgiven(self, word: str, candidate: str, slips: int, beside: bool, *, proper: bool) -> bool:  # noqa: FBT001
        named = candidate in self._in_names
        if proper and not named:
            return False
        if slips == 1:
            return True
        if slips == 2:  # noqa: PLR2004
            return beside or len(word) >= _TWO_SLIPS_FROM or (named and len(word) > _TWO_SLIPS_IN_A_NAME_FROM and not proper)
        return named and beside

    def _cost(self, word: str, candidate: str, slips: int, beside: bool) -> float:  # noqa: FBT001
        """Slips made, more for another first letter (people seldom get that wrong), less for a common word and for a name."""
        first = _OTHER_FIRST_LETTER if candidate[0] != word[0] else 0.0
        name = _BESIDE_ITS_NEIGHBOUR if beside else _IN_A_NAME if candidate in self._in_names else 0.0
        return slips + first - name - _PER_LOG_COUNT * math.log1p(self._counts[candidate])

    def _parted(self, word: str) -> str | None:
        """The word as two words of the course, for a space that was left out."""
        parts = [
            (word[:at], word[at:])
            for at in range(_SHORTEST, len(word) - _SHORTEST + 1)
            if word[:at] in self._counts and word[at:] in self._counts
        ]
        if not parts:
            return None
        first, second = max(parts, key=lambda pair: min(self._counts[pair[0]], self._counts[pair[1]]))
        return f"{first} {second}"
