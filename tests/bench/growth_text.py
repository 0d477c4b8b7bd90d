"""The words of a course of any length: copies say what their units say, with some of their rare words replaced by words that are new.

How many is Heaps' law: the vocabulary of a text of n words is proportional to n to a power below 1, which is read from the real course, unit by
unit. A copy replaces as many of its words as the vocabulary grows by over its length, those first that fewest units of the real course use,
throughout the copy. So a condition's name goes and a common word stays, which is what makes a search by words dearer as a course grows: the
share of passages that hold a common word stays the same.

Knows nothing of vectors, and nothing of what is measured.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.fields import with_headers
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from growth_course import Copy, Part

_WORD = re.compile(r"(?<![\w-])[A-Za-z]{4,}(?![\w-])")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True)
class Written:
    """The texts of a copy: of each of its sentences in their places, and of the path of headings of each passage. `name` is a word of its own."""

    copy: Copy
    sentences: tuple[str, ...]
    paths: tuple[str, ...]
    name: str
    renamed: Mapping[str, str]

    @property
    def bodies(self) -> Iterator[str]:
        """The text of each passage as it is indexed: its path, a line below it its sentences."""
        first = self.copy.part.rows.first_sentence
        for row, path in enumerate(self.paths):
            yield f"{path}\n{' '.join(self.sentences[first[row] : first[row + 1]])}"


class Writer:
    """Writes the texts of copies, which must come in their order."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._sentences = [tuple(with_headers(one) for passage in part.passages for one in passage.sentences) for part in parts]
        self._paths = [tuple(" > ".join(passage.headings) for passage in part.passages) for part in parts]
        self._words_of_sentences = [tuple(map(_plain_words, texts)) for texts in self._sentences]
        self._words_of_paths = [_plain_words(" ".join(dict.fromkeys(paths))) for paths in self._paths]
        counts = [
            sum((Counter(words) for words in (paths, *texts)), Counter[str]())
            for paths, texts in zip(self._words_of_paths, self._words_of_sentences, strict=True)
        ]
        units, uses = Counter(word for count in counts for word in count), sum(counts, Counter[str]())
        self._rarest = [sorted(count, key=lambda word: (units[word], uses[word], word)) for count in counts]
        self._lengths, self._vocabularies = _grown(self._sentences, self._paths)
        self.exponent = float(np.polyfit(np.log(np.cumsum(self._lengths)), np.log(self._vocabularies), 1)[0])
        self._words = 0
        self._new = 0
        self._given = 0

    def written(self, copy: Copy) -> Written:
        """The texts of a copy; those of a real unit are its own."""
        self._words += self._lengths[copy.source]
        said, paths = self._sentences[copy.source], self._paths[copy.source]
        if copy.number == copy.source:
            return Written(copy, said, paths, "", {})
        due = self._vocabularies[-1] * (self._words / sum(self._lengths)) ** self.exponent - self._vocabularies[-1] - self._new
        there = self._words_of_paths[copy.source].union(*(self._words_of_sentences[copy.source][row] for row in copy.said))
        words = [word for word in self._rarest[copy.source] if word in there][: max(round(due), 0)]
        self._new += len(words)
        renamed = {word: self._word() for word in words}
        return Written(
            copy,
            tuple(with_new_words(said[row], renamed) for row in copy.said),
            tuple(with_new_words(path, renamed) for path in paths),
            self._word(),
            renamed,
        )

    def _word(self) -> str:
        self._given += 1
        return new_word(self._given)


def new_word(number: int) -> str:
    """A word that no text has and that is one token: another one for every number."""
    word = ""
    while number:
        number, at = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        word += _CONSONANTS[at // len(_VOWELS)] + _VOWELS[at % len(_VOWELS)]
    return f"xu{word}x"


def with_new_words(text: str, renamed: Mapping[str, str]) -> str:
    """A text with the words that `renamed` maps (in small letters) replaced."""
    return _WORD.sub(lambda found: renamed.get(found[0].lower(), found[0]), text) if renamed else text


def _plain_words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def _grown(sentences: Sequence[Sequence[str]], paths: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    """How many tokens each unit has, and how many different ones there are up to its end."""
    seen: set[str] = set()
    lengths, vocabularies = [], []
    for texts in zip(sentences, paths, strict=True):
        found = [token for part in texts for text in part for token in tokens(text)]
        seen.update(found)
        lengths.append(len(found))
        vocabularies.append(len(seen))
    return lengths, vocabularies
