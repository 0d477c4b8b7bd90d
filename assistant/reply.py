"""What the assistant can say to a question: five kinds of reply, and the citations they stand on.

Knows nothing of how a reply is found or shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Elsewhere = Literal["", "covered", "partly"]
"""What the whole course holds of a question that was asked within a part of it which holds less; empty where that is not so."""


@dataclass(frozen=True, slots=True)
class Citation:
    """The place in the course that a sentence of an answer is taken from.

    `quote` is the text of the sentence, table row or code line word for word; `url` (`/course/<unit>#<fragment>`) lands on the
    element of the page whose text it is. `number` counts from 1 within the answer.
    """

    number: int
    sentence: str
    passage: str
    module: str
    unit: str
    headings: tuple[str, ...]
    url: str
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence that the trainee reads, with the citations that hold it (never none).

    `label` names the part of a comparison it belongs to, or is empty. A table row reads "Row name: header cell; header cell".
    """

    text: str
    citations: tuple[Citation, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class NearestSection:
    """A section that comes near a question the course does not answer."""

    passage: str
    headings: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked and as understood. `changes` are (as asked, as understood) pairs worth showing to the trainee."""

    asked: str
    understood: str
    language: str = "en"
    changes: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    """Key terms as (English, Chinese) pairs, for a question asked in Chinese."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The course covers the question. `confidence` is the calibrated chance that it does, 0 to 1, higher is surer."""

    question: Question
    confidence: float
    sentences: tuple[AnswerSentence, ...]
    more: tuple[NearestSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Partly:
    """The course covers part of the question; `missing` names what was asked for and is not there.

    With `elsewhere` it is the part asked within that covers no more: `more` are then sections of the course that do, and `confidence` is of the whole course.
    """

    question: Question
    confidence: float
    sentences: tuple[AnswerSentence, ...]
    missing: tuple[str, ...]
    more: tuple[NearestSection, ...] = ()
    elsewhere: Elsewhere = ""


@dataclass(frozen=True, slots=True)
class NotCovered:
    """The course does not hold an answer; the nearest sections are offered instead.

    With `elsewhere` it is the part asked within that holds none: `nearest` are then the sections of the course that do, and `confidence` is of the whole course.
    """

    question: Question
    confidence: float
    nearest: tuple[NearestSection, ...]
    elsewhere: Elsewhere = ""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A question about the asker's own patient or family: course text may follow, after a plain sentence on what the course is for.

    `elsewhere` as in NotCovered; there are no sentences then.
    """

    question: Question
    confidence: float
    sentences: tuple[AnswerSentence, ...]
    nearest: tuple[NearestSection, ...]
    elsewhere: Elsewhere = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No question could be read from what was sent. `reason` is one sentence that says what to do."""

    question: Question
    reason: str


Reply = Answer | Partly | NotCovered | Boundary | Unreadable
