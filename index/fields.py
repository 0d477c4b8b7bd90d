"""Which words of a passage go into which field of the index. Change it here, raise `VERSION`, and the next start builds anew.

    vectors  heading    the path of headings                     what a section says that it is about
             sentence   the sentence alone                       one fact; of what, the other fields say
             aspect     the example questions of `index.aspects` what a question asks for
             question   practice and expected questions          ways in to the sections and sentences that answer them
             passage    no text of its own (`passage_vectors`)   the meaning of a passage
    words    body       the path of headings and the text
             heading    the path of headings and the unit's other names

Knows nothing of encoders, nor of how a field is searched.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from index.aspects import example_questions
from index.names import course_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corpus import Course, Passage, Sentence
    from index.names import Name

VERSION = 5
"""Raised whenever the same passages would give other texts. Texts that no passage has part in need no such care: see `fields_version`."""

VECTOR_FIELDS = ("heading", "sentence", "aspect", "question")
WORD_FIELDS = ("body", "heading")


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of the fields stand for.

    Row n of the passages' vectors and of `body` is passage n. Row n of both `heading` fields is section `sections[n]` (an id), in the
    order of its first passage. Sentence rows run through the passages in order.
    """

    sections: tuple[str, ...]
    section_of_passage: NDArray[np.int32]
    """(passages,): the row of each passage's section."""
    passage_of_sentence: NDArray[np.int32]
    """(sentences,): the row of each sentence's passage; ascending."""
    first_sentence: NDArray[np.int32]
    """(passages + 1,): passage n has sentence rows first_sentence[n] up to first_sentence[n + 1]."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts of each field, a row a text: `vectors` are to be encoded, `words` to be tokenised."""

    vectors: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]


def rows_of(passages: Sequence[Passage]) -> Rows:
    """What the rows stand for in an index of `passages`."""
    row_of: dict[str, int] = {}
    section_of_passage = [row_of.setdefault(passage.section, len(row_of)) for passage in passages]
    lengths = [len(passage.sentences) for passage in passages]
    return Rows(
        sections=tuple(row_of),
        section_of_passage=np.array(section_of_passage, np.int32),
        passage_of_sentence=np.repeat(np.arange(len(passages), dtype=np.int32), lengths),
        first_sentence=np.cumsum([0, *lengths], dtype=np.int32),
    )


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What leads into a course besides its passages.

    `names` maps a unit's id to further names of what it is about; `questions` are those that it is known to answer, in the order
    of `known_questions`; `called` is all that it treats, by name.
    """

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    questions: Sequence[str] = ()
    called: Sequence[Name] = ()


def ways_into(course: Course) -> WaysIn:
    """The aliases, the known questions and the names of a course."""
    names = {unit.id: unit.aliases for unit in course.units.values() if unit.aliases}
    return WaysIn(names, tuple(known.question for known in known_questions(course)), course_names(course))


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question that the course is known to answer: in which section (an id), and by which sentence (an id, or "" for the whole)."""

    question: str
    section: str
    sentence: str = ""


def known_questions(course: Course) -> tuple[KnownQuestion, ...]:
    """The practice questions and the expected questions of a course, unit by unit."""
    found: list[KnownQuestion] = []
    for unit in course.units.values():
        found += [KnownQuestion(one.question, f"{unit.id}#{one.evidence}") for one in unit.check_questions]
        found += [KnownQuestion(one.question, f"{unit.id}#{one.evidence}", one.sentence) for one in unit.expected_questions]
    return tuple(found)


def fields_of(passages: Sequence[Passage], ways_in: WaysIn | None = None) -> Fields:
    """The texts of each field."""
    ways_in = ways_in or WaysIn()
    names = ways_in.names
    first_of_section = {passage.section: passage for passage in reversed(passages)}
    sections = [first_of_section[section] for section in dict.fromkeys(passage.section for passage in passages)]
    whole = tuple(f"{_path(passage)}\n{' '.join(map(with_headers, passage.sentences))}" for passage in passages)
    return Fields(
        vectors={
            "heading": tuple(_path(passage) for passage in sections),
            "sentence": tuple(with_headers(sentence) for passage in passages for sentence in passage.sentences),
            "aspect": example_questions(),
            "question": tuple(ways_in.questions),
        },
        words={
            "body": whole,
            "heading": tuple("\n".join([_path(passage), *names.get(passage.unit, ())]) for passage in sections),
        },
    )


def passage_vectors(rows: Rows, headings: NDArray[np.floating], sentences: NDArray[np.floating]) -> NDArray[np.float32]:
    """The vectors of passages: half what the sentences say on average, half their headings. Shape (passages, dimension), unit rows.

    Encoding each passage as a text found no more on any set of questions, and took nearly half the time of a build.
    """
    said = np.zeros((len(rows.section_of_passage), headings.shape[1]), np.float32)
    np.add.at(said, rows.passage_of_sentence, sentences.astype(np.float32))
    both = _unit_rows(said) + headings.astype(np.float32)[rows.section_of_passage]
    return _unit_rows(both)


def with_headers(sentence: Sentence) -> str:
    """A sentence as it is searched for: a table row with the header of each cell, anything else as it stands."""
    if not sentence.cells:
        return sentence.text
    return "; ".join(f"{header}: {cell}" if header else cell for header, cell in sentence.cells if cell)


@cache
def fields_version() -> str:
    """Changes with `VERSION` and with the texts that are there for every course (the examples of aspects)."""
    always = repr(fields_of(())).encode()
    return f"{VERSION}-{hashlib.sha256(always).hexdigest()[:12]}"


def _unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def _path(passage: Passage) -> str:
    return " > ".join(passage.headings)
