"""A course of any length: the units of a real one, and after them altered copies of its units, as many as it takes.

A copy is about something else as much as one real unit is about something else than another. Each of its sections moves part of the way
(`_MOVED`) to the heading of a section of a second unit, and a little (`_STRAYED`) along the difference of two headings drawn from the whole
course; its sentences move along, each strays (`_SAID_OTHERWISE`) along the difference of two sentences of the course, and half of them change
places with others of their section. All steps are differences of real vectors, so that copies lie where vectors of texts lie and not in all 384
directions alike. The vector of a passage is then made as an index makes it. `tests/bench/growth_likeness.py` says how near that comes to real passages.

Knows nothing of words, and nothing of what is measured.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.fields import Rows, known_questions, passage_vectors, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from corpus import Course, Passage
    from index import Index

_MOVED = (0.2, 0.8)
_STRAYED = 0.1
_SAID_OTHERWISE = 0.4
"""Chosen so that 1,963 passages of copies lie as near to each other as the 1,963 of the real course do."""

_CHANGING_PLACES = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """A unit: its passages, what their rows stand for, and the unit vectors of its headings, sentences and known questions."""

    passages: tuple[Passage, ...]
    rows: Rows
    headings: NDArray[np.float32]
    sentences: NDArray[np.float32]
    questions: NDArray[np.float32]

    @property
    def vectors(self) -> NDArray[np.float32]:
        """The vectors of the passages, (passages, dimension)."""
        return passage_vectors(self.rows, self.headings, self.sentences)


@dataclass(frozen=True, slots=True)
class Copy:
    """The unit `source` of the real course altered: `said[n]` is the sentence of it, counted from 0, that stands in the place of sentence n."""

    number: int
    source: int
    said: NDArray[np.int64]
    part: Part


def parts_of(course: Course, index: Index) -> tuple[Part, ...]:
    """The units of a real course that have passages, with their vectors from its index."""
    headings, sentences, questions = (np.asarray(index.vectors[name], np.float32) for name in ("heading", "sentence", "question"))
    asked = [known.section.partition("#")[0] for known in known_questions(course)]
    found: list[Part] = []
    for unit, members in itertools.groupby(enumerate(index.passages), key=lambda pair: pair[1].unit):
        rows, passages = zip(*members, strict=True)
        own = rows_of(passages)
        first_section, first_sentence = int(index.rows.section_of_passage[rows[0]]), int(index.rows.first_sentence[rows[0]])
        found.append(
            Part(
                passages=passages,
                rows=own,
                headings=headings[first_section : first_section + len(own.sections)],
                sentences=sentences[first_sentence : first_sentence + len(own.passage_of_sentence)],
                questions=questions[[at for at, of in enumerate(asked) if of == unit]],
            )
        )
    return tuple(found)


def units(parts: Sequence[Part], seed: int) -> Iterator[Copy]:
    """The real units as they are, then copies without end. The same seed gives the same course, and a longer one begins with a shorter one."""
    for number, part in enumerate(parts):
        yield Copy(number, number, np.arange(len(part.sentences)), part)
    everything = tuple(np.concatenate([getattr(part, name) for part in parts]) for name in ("headings", "sentences"))
    for number in itertools.count(len(parts)):
        yield _copy(parts, everything, number, np.random.default_rng([seed, number]))


def vectors(parts: Sequence[Part], count: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """The vectors of the first `count` passages, unit by unit."""
    for unit in units(parts, seed):
        if count <= 0:
            return
        yield unit.part.vectors[:count]
        count -= len(unit.part.passages)


def _copy(parts: Sequence[Part], everything: tuple[NDArray[np.float32], ...], number: int, rng: np.random.Generator) -> Copy:
    headings, sentences = everything
    source, other = rng.integers(len(parts), size=2)
    part = parts[source]
    sections = len(part.headings)
    towards = parts[other].headings[rng.integers(len(parts[other].headings), size=sections)] - part.headings
    moved = rng.uniform(*_MOVED, size=(sections, 1)).astype(np.float32) * towards + _STRAYED * _differences(headings, sections, rng)
    section = part.rows.section_of_passage[part.rows.passage_of_sentence]
    said = _changed_places(section, rng)
    strayed = _SAID_OTHERWISE * _differences(sentences, len(said), rng)
    along = moved[rng.integers(sections, size=len(part.questions))] if sections else moved[:0]
    altered = Part(
        passages=part.passages,
        rows=part.rows,
        headings=_unit(part.headings + moved),
        sentences=_unit(part.sentences[said] + moved[section] + strayed),
        questions=_unit(part.questions + along),
    )
    return Copy(number, int(source), said, altered)


def _changed_places(section: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.int64]:
    """For each sentence the one that stands in its place: itself, or as often another of its section (a section's sentences stand together)."""
    first, last = np.searchsorted(section, section, "left"), np.searchsorted(section, section, "right")
    return np.where(rng.random(len(section)) < _CHANGING_PLACES, rng.integers(first, last), np.arange(len(section)))


def _differences(of: NDArray[np.float32], count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    return np.asarray(of[rng.integers(len(of), size=count)] - of[rng.integers(len(of), size=count)], np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
