"""What a search needs to know of names, headings and words, worked out when the index is built: at each start it took half a second.

It is of one list of names, in its order. Raise `VERSION` whenever the same course would give something else.

Knows nothing of vectors, nor of how scores are made.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from index.aspects import aspect_names, aspect_words, heading_aspects
from index.names import Names, key_of, name_words
from index.tokens import tokens
from index.vocabulary import word_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from corpus import Passage
    from index.fields import Rows
    from index.names import Name

VERSION = 1


class WorkedOutUnreadableError(Exception):
    """The bytes are nothing that was worked out."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What follows from the names and passages of a course. `keys`, `name_tokens` and `name_words` have a row for each name.

    `keys` is what names are found by, `name_words` what they are spelt with. `heading_aspects` (sections, aspects) is what each section's
    heading announces; `sections_about` maps a name's target to the rows of the sections that it stands for, ascending. `word_counts` is how
    often each word form stands in the course.
    """

    keys: tuple[tuple[str, ...], ...]
    name_tokens: tuple[tuple[str, ...], ...]
    name_words: tuple[tuple[str, ...], ...]
    heading_aspects: NDArray[np.float32]
    sections_about: Mapping[str, NDArray[np.int64]]
    word_counts: Mapping[str, int]

    @classmethod
    def of(cls, passages: Sequence[Passage], rows: Rows, called: Sequence[Name]) -> WorkedOut:
        """What follows from these passages and names."""
        keys = tuple(key_of(name.text) for name in called)
        names = Names(called, keys)
        first = {passage.section: passage for passage in reversed(passages)}
        headings = [first[section].headings for section in rows.sections]
        units = [first[section].unit for section in rows.sections]
        announced = [heading_aspects(path[-1] if len(path) > 1 else "") for path in headings]
        return cls(
            keys,
            tuple(tuple(tokens(name.text)) for name in called),
            tuple(tuple(name_words(name.text)) for name in called),
            np.array(announced, np.float32).reshape(len(headings), len(aspect_names())),
            _sections_about(rows.sections, headings, units, names),
            word_counts(passages, names),
        )

    def to_bytes(self) -> bytes:
        """This as bytes; the same gives the same. No pickle."""
        targets = sorted(self.sections_about)
        file = io.BytesIO()
        np.savez(
            file,
            keys=_text(map(" ".join, self.keys)),
            name_tokens=_text(map(" ".join, self.name_tokens)),
            name_words=_text(map(" ".join, self.name_words)),
            heading_aspects=self.heading_aspects,
            targets=_text(targets),
            starts=np.cumsum([0, *(len(self.sections_about[target]) for target in targets)], dtype=np.int64),
            rows=np.concatenate([np.zeros(0, np.int64), *(self.sections_about[target] for target in targets)]),
            words=_text(self.word_counts),
            counts=np.array(list(self.word_counts.values()), np.int64),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> WorkedOut:
        """What `to_bytes` gave. Raises WorkedOutUnreadableError."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                known: dict[str, str] = {}  # each word once in memory, however many names have it
                keys, found, spelt = (_rows(arrays[name], known) for name in ("keys", "name_tokens", "name_words"))
                starts, rows, targets = arrays["starts"].tolist(), arrays["rows"], _lines(arrays["targets"])
                about = {target: rows[start:end] for target, (start, end) in zip(targets, pairwise(starts), strict=True)}
                counts = dict(zip(_lines(arrays["words"]), arrays["counts"].tolist(), strict=True))
                return cls(keys, found, spelt, arrays["heading_aspects"], about, counts)
        except Exception as error:  # a damaged zip raises whatever its parts raise
            message = "These bytes were not worked out by this version; build the index again with “genomics-tutor index build”."
            raise WorkedOutUnreadableError(message) from error


@cache
def worked_out_version() -> str:
    """Changes with `VERSION` and with the words that announce an aspect."""
    return f"{VERSION}-{hashlib.sha256(repr(sorted(aspect_words())).encode()).hexdigest()[:12]}"


def _text(lines: Iterable[str]) -> NDArray[np.uint8]:
    """Lines as bytes, each with its end; no word, id or name's key holds a line feed."""
    return np.frombuffer("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"), np.uint8)


def _lines(text: NDArray[np.uint8]) -> list[str]:
    return text.tobytes().decode("utf-8", "surrogatepass").split("\n")[:-1]


def _rows(text: NDArray[np.uint8], known: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple([known.setdefault(word, word) for word in line.split(" ")]) if line else () for line in _lines(text))


def _sections_about(
    sections: tuple[str, ...], headings: list[tuple[str, ...]], units: list[str], names: Names
) -> dict[str, NDArray[np.int64]]:
    """The rows of the sections that a name's target stands for.

    A unit stands for all its sections; a section for itself, those below it, and those whose headings bear the name.
    """
    about: dict[str, list[int]] = {}
    for row, (section, unit) in enumerate(zip(sections, units, strict=True)):
        about.setdefault(unit, []).append(row)
        about.setdefault(section, []).append(row)
    units_of_course = set(units)
    by_path = {(unit, path): section for section, path, unit in zip(sections, headings, units, strict=True)}
    for row, (path, unit) in enumerate(zip(headings, units, strict=True)):
        for length in range(2, len(path)):
            above = by_path.get((unit, path[:length]))
            if above is not None:
                about[above].append(row)
        for target in names.within(" / ".join(path[1:])) - units_of_course:
            about.setdefault(target, []).append(row)
    return {target: np.unique(rows) for target, rows in about.items()}
