"""A Chinese question read as the English one the course is searched with.

The glossary gives the terms, `chinese.yaml` the question words and clinical verbs; the longest word wins. What is left
over is counted, since a question whose words nobody knows should not be answered. Knows nothing of what is asked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from corpus.patterns import pattern
from corpus.safe_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus import GlossaryEntry

_CHINESE = pattern(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HYPHEN_BEFORE_CHINESE = pattern(r"(?<=[^\s,.?])[-‐–·](?=[\u4e00-\u9fff])")
_ASKS_THE_SAME = pattern(r"^(?!和|与|and\b)(.{2,16})呢[\s?.]*$")
"""A name and 呢 alone ("α地中海贫血呢？") asks of it what was asked before of another."""

# What ends the name of a disease, and the words for one: with characters before them that are not understood, the name is nobody's here.
_ENDS_A_DISEASE = ("炎", "癌", "瘤", "癣", "疮", "症")
_DISEASES = frozenset({"disease", "syndrome", "deficiency", "cancer", "tumour"})
_FEWEST_OF_A_NAME = 2
_LONGEST = 16
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Translation:
    """The English for a Chinese question, in which the name of a disease that is not known stays Chinese. `terms` are (English, Chinese) pairs; `unread` is the share of its Chinese characters not understood, 0 to 1.

    `left` is what was not understood: runs of Chinese characters, in order.
    """

    text: str
    terms: tuple[tuple[str, str], ...]
    unread: float
    left: tuple[str, ...] = ()


def has_chinese(text: str) -> bool:
    """Whether any character of the text is Chinese."""
    return bool(_CHINESE.search(text))


class ChineseReader:
    """Reads Chinese questions with the glossary's terms."""

    def __init__(self, glossary: Iterable[GlossaryEntry]) -> None:
        self._terms: dict[str, str] = {}
        for entry in glossary:
            for name in entry.chinese:
                self._terms.setdefault(_plain(name), entry.term)
        for name, term in list(self._terms.items()):
            for other in _also_written(name):
                self._terms.setdefault(other, term)
        self._phrases = {_plain(word): english for word, english in _phrases().items()}

    def read(self, question: str) -> Translation:
        """The question in English; its Latin letters and numbers stay as they are."""
        text = _ASKS_THE_SAME.sub(r"and \1?", _plain(question))
        parts: list[str] = []
        terms: list[tuple[str, str]] = []
        unread = at = 0
        left = [""]
        while at < len(text):
            word = self._longest(text, at)
            if word is None:
                chinese = bool(_CHINESE.match(text[at]))
                unread += chinese
                left[-1:] = [left[-1] + text[at]] if chinese else [left[-1], ""]
                parts.append(" " if chinese else text[at])
                at += 1
                if left[-1].endswith(_ENDS_A_DISEASE):
                    parts.append(left[-1])
                continue
            term = self._terms.get(word)
            english = term if term is not None else self._phrases[word]
            if english.lower() in _DISEASES and len(left[-1]) >= _FEWEST_OF_A_NAME:
                english, term = f"{left[-1]}{word}", None
            parts.append(f" {english} ")
            left.append("")
            if term is not None and (term, word) not in terms:
                terms.append((term, word))
            at += len(word)
        total = len(_CHINESE.findall(text))
        english = re.sub(r"\s+([?.,;])", r"\1", " ".join("".join(parts).split()))
        return Translation(english, tuple(terms), unread / total if total else 0.0, tuple(run for run in left if run))

    def _longest(self, text: str, at: int) -> str | None:
        """The longest word known that begins at `at`; it may begin in Latin or Greek ("β地中海贫血") but holds Chinese."""
        if text[at].isascii() and not (text[at].isalnum() and (at == 0 or not text[at - 1].isascii() or not text[at - 1].isalnum())):
            return None
        for length in range(min(_LONGEST, len(text) - at), 0, -1):
            word = text[at : at + length]
            if (word in self._terms or word in self._phrases) and has_chinese(word):
                return word
        return None


def _also_written(name: str) -> tuple[str, ...]:
    """The common other writings of a disease's name: 成骨不全 for 成骨不全症, 综合症 for 综合征."""
    if name.endswith("综合征"):
        return (f"{name[:-1]}症",)
    return (name[:-1],) if len(name) > _SHORTEST_STEM and name.endswith("症") else ()


def _plain(text: str) -> str:
    """Full-width forms made plain, Chinese punctuation made English, hyphens before Chinese left out ("β-地中海贫血")."""
    marks = str.maketrans({"，": ", ", "。": ". ", "？": "? ", "！": "! ", "；": "; ", "：": ": ", "、": ", ", "（": " (", "）": ") "})
    return _HYPHEN_BEFORE_CHINESE.sub("", unicodedata.normalize("NFKC", text.translate(marks)))


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, str]:
    data: dict[str, str] = read_yaml(files("assistant").joinpath("chinese.yaml").read_text(encoding="utf-8"))
    return data
