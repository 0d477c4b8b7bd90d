"""A whole course of any length with its index, as far as the search looks: passages, names, known questions, vectors and words.

Every copy is a unit with a title, names in the glossary and known questions of its own: those of its unit, altered as its text is, each name with a
word of the copy's own behind it. It is indexed by `index.store`, which is given the vectors that it would have had encoded.

Knows nothing of what is measured.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from growth_course import units
from growth_text import Writer, with_new_words

from index import store
from index.fields import ways_into
from index.vectors import FieldVectors, _digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from growth_course import Copy, Part
    from growth_text import Written
    from numpy.typing import NDArray

    from corpus import Course, Passage
    from corpus.course import GlossaryEntry, Unit
    from index import Index
    from index.encoder import Encoder


class Whole:
    """The units of a course of at least `count` passages: its passages, its course, and the vectors of its fields."""

    def __init__(self, course: Course, parts: Sequence[Part], count: int, seed: int) -> None:
        writer = Writer(parts)
        kept: list[Copy] = []
        self.passages: list[Passage] = []
        found: dict[str, Unit] = {}
        glossary: list[GlossaryEntry] = []
        entries: dict[str, list[GlossaryEntry]] = {}
        for entry in course.glossary:
            entries.setdefault(entry.section.partition("#")[0], []).append(entry)
        for copy in units(parts, seed):
            if len(self.passages) >= count:
                break
            kept.append(copy)
            written, old = writer.written(copy), copy.part.passages[0].unit
            new = old if copy.number == copy.source else f"{old}-{copy.number}"
            self.passages += _passages(written, old, new)
            found[new] = _unit(course.units[old], written, new)
            glossary += [_entry(entry, written, old, new) for entry in entries.get(old, ())]
        self.course = replace(course, units=found, glossary=tuple(glossary), digest=f"{course.digest}-{count}")
        self._vectors = {
            "heading": np.concatenate([copy.part.headings for copy in kept]),
            "sentence": np.concatenate([copy.part.sentences.astype(np.float16) for copy in kept]),
            "question": np.concatenate([copy.part.questions.astype(np.float16) for copy in kept]),
        }

    def index(self, folder: Path, encoder: Encoder, aspects: NDArray[np.float32]) -> Index:
        """Build the index in the folder. `aspects` are the vectors of the examples that are there for every course."""
        arrays = self._vectors | {"aspect": aspects}

        def encoded(texts: Mapping[str, Sequence[str]], *_: object) -> FieldVectors:
            assert {name: len(rows) for name, rows in texts.items()} == {name: len(rows) for name, rows in arrays.items()}
            return FieldVectors(arrays, {name: _digests(rows) for name, rows in texts.items()})

        with patch.object(store, "encoded", encoded):
            return store.build_index(self.passages, self.course.digest, folder, encoder, ways_in=ways_into(self.course))


def _passages(written: Written, old: str, new: str) -> Iterable[Passage]:
    part = written.copy.part
    if old == new:
        return part.passages
    sentences = [sentence for passage in part.passages for sentence in passage.sentences]
    first = part.rows.first_sentence
    return [
        replace(
            passage,
            id=_moved(passage.id, old, new),
            unit=new,
            headings=tuple(with_new_words(heading, written.renamed) for heading in passage.headings),
            sentences=tuple(
                replace(sentences[at], id=_moved(sentences[at].id, old, new), text=written.sentences[at], cells=())
                for at in range(first[row], first[row + 1])
            ),
        )
        for row, passage in enumerate(part.passages)
    ]


def _unit(unit: Unit, written: Written, new: str) -> Unit:
    if new == unit.id:
        return unit
    questions = tuple(
        replace(one, question=with_new_words(one.question, written.renamed), sentence=_moved(one.sentence, unit.id, new))
        for one in unit.expected_questions
    )
    title, *aliases = (f"{name} {written.name}" for name in (unit.title, *unit.aliases))
    return replace(unit, id=new, title=title, aliases=tuple(aliases), html="", sections=(), expected_questions=questions)


def _entry(entry: GlossaryEntry, written: Written, old: str, new: str) -> GlossaryEntry:
    if old == new:
        return entry
    term, *others = (f"{name} {written.name}" for name in entry.names)
    return replace(entry, term=term, abbreviations=(), synonyms=tuple(others), section=_moved(entry.section, old, new))


def _moved(address: str, old: str, new: str) -> str:
    """The id of a section, passage or sentence of a unit as that of its copy."""
    return f"{new}{address.removeprefix(old)}"
