"""Which terms of the glossary a text mentions, longest names first.

>>> terms = Terms([GlossaryEntry("Haemophilia A", "condition", "", ""), GlossaryEntry("Haemophilia", "condition", "", "")])
>>> [entry.term for entry in terms.mentioned("Severe haemophilia A is X-linked.")]
['Haemophilia A']

Knows nothing of what is said about them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.course import GlossaryEntry

_WORD = re.compile(r"[^\W_]+")


class Terms:
    """The names of glossary entries, found in running text. An abbreviation counts only as it is written, other names in any case."""

    def __init__(self, entries: Iterable[GlossaryEntry]) -> None:
        """Take the names of `entries`; where two share a name, the first has it."""
        self._by_name: dict[tuple[str, ...], GlossaryEntry] = {}
        for entry in entries:
            for name in (entry.term, *entry.synonyms, *entry.abbreviations):
                self._by_name.setdefault(_key(_WORD.findall(name)), entry)
        self._longest = max(map(len, self._by_name), default=0)

    def mentioned(self, text: str) -> tuple[GlossaryEntry, ...]:
        """The entries that `text` names, each once, in the order of their first mention."""
        words = _key(_WORD.findall(text))
        found: dict[str, GlossaryEntry] = {}
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                entry = self._by_name.get(words[place : place + length])
                if entry is not None:
                    found.setdefault(entry.term, entry)
                    place += length
                    break
            else:
                place += 1
        return tuple(found.values())


def _key(words: list[str]) -> tuple[str, ...]:
    return tuple(word if _is_symbol(word) else _singular(word.casefold()) for word in words)


def _is_symbol(word: str) -> bool:
    """Whether a word is written with capitals of its own, as abbreviations and gene symbols are."""
    return any(character.isupper() for character in word[1:])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > len("gas") and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word
