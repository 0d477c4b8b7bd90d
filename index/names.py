"""What the course treats, by name: conditions, genes, tests and ideas, each with the sections that are about it.

>>> names = Names([Name("osteogenesis imperfecta", ("oi",)), Name("OI", ("oi",))])
>>> [mention.name for mention in names.mentions("Is osteogenesis imperfecta inherited?")]
['osteogenesis imperfecta']

Knows nothing of passages, vectors or what is asked about a name.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corpus.english import english_words
from index.aspects import aspect_words
from index.tokens import STOP_WORDS, word_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from corpus import Course

_WORD = re.compile(r"[^\W_]+")
_GREEK = {"α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "Α": " alpha ", "Β": " beta "}
_POSSESSIVE = re.compile(r"['’]s?\b")
_FULL_WEIGHT = 10.0
"""A name whose words weigh this much (about two rare words) counts in full; a name of one common word counts for less."""

_SHORTEST_IN_LOWER_CASE = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the ids of the units or sections that are about what it names. `kind` is the glossary's, or "topic".

    `alone` marks what a condition is named after, without "syndrome" or "disease".
    """

    text: str
    targets: tuple[str, ...]
    kind: str = "topic"
    preferred: str = ""
    """The term that the course itself uses, where `text` is another name for it."""
    alone: bool = False


_EPONYM = re.compile(r"([A-Z]\w*[a-z]{2}\w*(?:[ -][A-Z]\w*[a-z]{2}\w*)*)(?:['’]s)? (?:syndrome|disease|anomaly|sequence|cancer)")
_SUBJECTS = frozenset({"topic", "condition", "gene", "drug", "organisation", "law", "tool"})
"""Kinds of name that a question is about, whatever words they are made of."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a question: `start` and `end` are character offsets, `weight` is how rare its words are (0 up, higher is rarer).

    `subject` is False for what is asked of a subject ("inheritance pattern", "prenatal diagnosis").
    """

    start: int
    end: int
    name: str
    names: tuple[Name, ...]
    weight: float
    subject: bool = True

    @property
    def targets(self) -> frozenset[str]:
        """Every unit or section that one of its meanings is treated in."""
        return frozenset(target for name in self.names for target in name.targets)


class _Word(NamedTuple):  # made by the ten thousand at a start, four times as fast as a frozen dataclass
    key: str
    typed: str
    start: int
    end: int


class Names:
    """All names of a course, found in questions longest first."""

    def __init__(self, names: Sequence[Name], keys: Sequence[tuple[str, ...]] | None = None) -> None:
        """`keys` are those of the names (see `key_of`), in their order, where they are known already."""
        by_key: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        for name, key in zip(names, map(key_of, (name.text for name in names)) if keys is None else keys, strict=True):
            if key and name not in by_key[key]:
                by_key[key].append(name)
        self._by_key = {key: tuple(found) for key, found in by_key.items()}
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._by_key:
            lengths[key[0]].add(len(key))
        self._lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}
        holders = Counter(word for key in self._by_key for word in set(key))
        self._idf = {word: math.log(1 + len(self._by_key) / (count + 0.5)) for word, count in holders.items()}
        with_word: dict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(self._by_key):
            for word in set(key):
                with_word[word].append(number)
        self._with_word = {word: np.array(numbers) for word, numbers in with_word.items()}
        self._weights = np.array([sum(self._idf[word] for word in set(key)) for key in self._by_key], np.float32)
        pairs = [(number, target) for number, found in enumerate(self._by_key.values()) for name in found for target in name.targets]
        place = {target: at for at, target in enumerate(dict.fromkeys(target for _, target in pairs))}
        self.targets = tuple(place)
        target_of_pair = np.array([place[target] for _, target in pairs], np.int64)
        by_target = np.argsort(target_of_pair, kind="stable")  # so that the best of each target is the best of a stretch
        self._of_pair = np.array([number for number, _ in pairs], np.int64)[by_target]
        subjects = [_subject(key, name) for key, found in self._by_key.items() for name in found for _ in name.targets]
        self._subject_of_pair = np.array(subjects, bool)[by_target]
        self._first_pair = np.searchsorted(target_of_pair[by_target], np.arange(len(place)))

    def __len__(self) -> int:
        """How many different names there are."""
        return len(self._by_key)

    def all(self) -> Iterable[Name]:
        """Every name, with its targets."""
        return (name for found in self._by_key.values() for name in found)

    def mentions(self, text: str) -> list[Mention]:
        """The names that stand in `text`, in order, none overlapping another; the longest wins."""
        words = _words(text)
        found: list[Mention] = []
        at = 0
        while at < len(words):
            for length in self._lengths.get(words[at].key, ()):  # of the names that begin with this word, longest first
                if length <= len(words) - at and (names := self._named(words[at : at + length])):
                    mention = self._mention(text, words[at : at + length], names)
                    break
            else:
                at += 1
                continue
            found.append(mention)
            at = next((n for n in range(at, len(words)) if words[n].start >= mention.end), len(words))
        return found

    def within(self, text: str) -> frozenset[str]:
        """The targets of every name that stands in `text`, inside a longer one, too."""
        words = _words(text)
        return frozenset(
            target
            for at in range(len(words))
            for length in self._lengths.get(words[at].key, ())
            if length <= len(words) - at
            for name in self._named(words[at : at + length])
            for target in name.targets
        )

    def _named(self, words: Sequence[_Word]) -> tuple[Name, ...]:
        names = self._by_key.get(tuple(word.key for word in words), ())
        if len(words) > 1 or not names:
            return names
        return tuple(name for name in names if _same_case(words[0].typed, name))

    def _mention(self, text: str, words: Sequence[_Word], names: tuple[Name, ...]) -> Mention:
        start, end = words[0].start, words[-1].end
        weight = sum(self._idf[word] for word in {word.key for word in words})
        key = tuple(word.key for word in words)
        return Mention(start, end, text[start:end], names, weight, any(_subject(key, name) for name in names))

    def full_weight(self, mention: Mention) -> float:
        """The mention's weight as a share of what counts in full, 0 to about 3; higher is a rarer name."""
        return mention.weight / _FULL_WEIGHT

    def overlap(self, text: str, others: float = 1.0) -> NDArray[np.float32]:
        """How much of a name stands in `text`, as the best share (0 to 1, higher is more) for each of `targets`.

        Words count by how rare they are; a name of common words alone does not reach 1. What is no subject counts for the share `others`.
        """
        shared = np.zeros(len(self), np.float32)
        for key in {word.key for word in _words(text)} & self._with_word.keys():
            shared[self._with_word[key]] += self._idf[key]
        shares = shared / self._weights * np.minimum(shared / _FULL_WEIGHT, 1)
        if not len(self._of_pair):
            return np.zeros(0, np.float32)
        weighed = shares[self._of_pair] * np.where(self._subject_of_pair, np.float32(1), np.float32(others))
        return np.asarray(np.maximum.reduceat(weighed, self._first_pair), np.float32)


def _subject(key: Sequence[str], name: Name) -> bool:
    """Whether a name is something that a question is about, and not what is asked of it."""
    if name.kind in _SUBJECTS:
        return True
    words = set(key) - STOP_WORDS
    asking = len(words & aspect_words())
    # "Mode of inheritance" is asked of something; a test is a subject ("non-invasive prenatal testing") unless it is no more than that.
    return 2 * asking < len(words) if name.kind == "concept" else asking < len(words)


def course_names(course: Course) -> list[Name]:
    """Every name in a course: the units' titles and aliases, and the glossary's terms with all their English names."""
    names = [Name(text, (unit.id,), "topic", unit.title) for unit in course.units.values() for text in (unit.title, *unit.aliases)]
    terms = [Name(text, (entry.section,), entry.kind, entry.term) for entry in course.glossary for text in entry.names if entry.section]
    plain = {word for word in set(_WORD.findall("\n".join(entry.definition for entry in course.glossary))) if word.islower()}
    return [*names, *terms, *_eponyms(terms, plain)]


def _eponyms(names: Sequence[Name], plain: AbstractSet[str]) -> Iterator[Name]:
    """The conditions named after people or places, as they are called for short: "Marfan" for Marfan syndrome. No `plain` word is a name."""
    taken = {name.text.casefold() for name in names}
    for name in names:
        called = _EPONYM.fullmatch(name.text) if name.kind == "condition" else None
        if called is not None and called[1].casefold() not in taken and plain.isdisjoint(_WORD.findall(called[1].lower())):
            yield Name(called[1], name.targets, name.kind, name.preferred, alone=True)


def key_of(text: str) -> tuple[str, ...]:
    """What a name is found by: its words, folded and stemmed."""
    return tuple(word.key for word in _words(text))


def name_words(text: str) -> list[str]:
    """The words of a name as typed, in lower case, for the speller."""
    return [word.typed.lower() for word in _words(text)]


def _words(text: str) -> list[_Word]:
    """The words of a text with their offsets in it."""
    words: list[_Word] = []
    for match in _WORD.finditer(_POSSESSIVE.sub(lambda found: " " * len(found[0]), text)):
        words.extend(_Word(key, match[0], match.start(), match.end()) for key in _plain(match[0]).split())
    return words


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word)
    if not folded.isascii():
        folded = "".join(_GREEK.get(character, character) for character in folded)
    return " ".join(word_token(part) for part in folded.casefold().split())


def _same_case(typed: str, name: Name) -> bool:
    """Whether a one-word name is meant: what is an English word in small letters (down, hunter) is no eponym, and an abbreviation only if it is none."""
    if name.alone:
        return not typed.islower() or typed not in english_words()
    if name.text.upper() != name.text or typed == name.text:
        return True
    if typed.isalpha() and typed.upper() == typed:
        return True
    return len(typed) >= _SHORTEST_IN_LOWER_CASE and typed.lower() not in english_words()
