"""Which terms of the glossary a text mentions, longest names first.

>>> terms = Terms([GlossaryEntry("Haemophilia A", "condition", "", ""), GlossaryEntry("Haemophilia", "condition", "", "")])
>>> [entry.term for entry in terms.mentioned("Severe haemophilia A is X-linked.")]
['Haemophilia A']

Knows nothing of what is said about them.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus.course import GlossaryEntry

_WORD = re.compile(r"[^\W_]+")


class Terms:
    """The names of glossary entries, found in running text. An abbreviation counts only as it is written, other names in any case."""

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        """Take the names of `entries`, at the first text; where two share a name, the first has it."""
        self._entries = tuple(entries)

    def mentioned(self, text: str) -> tuple[GlossaryEntry, ...]:
        """The entries that `text` names, each once, in the order of their first mention."""
        words = _key(_WORD.findall(text))
        by_name, longest = self._names
        found: dict[str, GlossaryEntry] = {}
        place = 0
        while place < len(words):
            for length in range(min(longest, len(words) - place), 0, -1):
                entry = by_name.get(words[place : place + length])
                if entry is not None:
                    found.setdefault(entry.term, entry)
                    place += length
                    break
            else:
                place += 1
        return tuple(found.values())

    @cached_property
    def _names(self) -> tuple[Mapping[tuple[str, ...], GlossaryEntry], int]:
        """The entry of each name, and how many words the longest has."""
        found: dict[tuple[str, ...], GlossaryEntry] = {}
        for entry in self._entries:
            for name in (entry.term, *entry.synonyms, *entry.abbreviations):
                found.setdefault(_key(_WORD.findall(name)), entry)
        return found, max(map(len, found), default=0)


def _key(words: list[str]) -> tuple[str, ...]:
    return tuple(word if _is_symbol(word) else _singular(word.casefold()) for word in words)


def _is_symbol(word: str) -> bool:
    """Whether a word is written with capitals of its own, as abbreviations and gene symbols are."""
    return any(character.isupper() for character in word[1:])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > len("gas") and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word
