"""The learning outcomes held against the text: which are covered, which thinly, which not at all.

An outcome is covered when a marked section answers it at some length and the assistant, asked about it, finds that section.
Knows nothing of who reads the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from corpus import Course, Outcome, Section

Verdict = Literal["covered", "thin", "missing"]

ENOUGH_WORDS = 150
"""Words of marked text from which an outcome can be covered: two or three paragraphs, less than which no outcome here can be taught."""

FOUND_WITHIN = 5
"""How far down the search for the outcome's own words may find its section."""


@runtime_checkable
class Probed(Protocol):
    """What is needed of an assistant to say what its course covers."""

    @property
    def course(self) -> Course:
        """The course that it answers from."""
        ...

    def probe(self, text: str) -> tuple[tuple[str, ...], float]:
        """The sections found for a text, best first with repeats, and the chance that the course covers it, 0 to 1."""
        ...


_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class OutcomeCoverage:
    """One outcome and its evidence. `facts` counts sentences with a figure; `rank` is where its sections are found (1 best, 0 not)."""

    outcome: Outcome
    verdict: Verdict
    sections: tuple[str, ...]
    words: int
    facts: int
    questions: int
    rank: int
    chance: float


def outcome_coverage(assistant: Probed) -> list[OutcomeCoverage]:
    """The coverage of every outcome of the course, in the order of the syllabus."""
    course = assistant.course
    return [_coverage(assistant, course, outcome) for outcome in course.outcomes.values()]


def _coverage(assistant: Probed, course: Course, outcome: Outcome) -> OutcomeCoverage:
    unit = course.units.get(outcome.unit)
    marked = [section for section in unit.sections if outcome.id in section.outcomes] if unit else []
    sentences = [sentence.text for section in marked for block in section.blocks for sentence in block.sentences]
    words = sum(len(text.split()) for text in sentences)
    ids = tuple(section.id for section in marked)
    found, chance = assistant.probe(outcome.text)
    rank = next((at for at, section in enumerate(dict.fromkeys(found), 1) if section in ids), 0)
    return OutcomeCoverage(
        outcome=outcome,
        verdict=_verdict(words, rank, marked),
        sections=ids,
        words=words,
        facts=sum(bool(_NUMBER.search(text)) for text in sentences),
        questions=sum(question.evidence in {section.anchor for section in marked} for question in (unit.check_questions if unit else ())),
        rank=rank,
        chance=round(chance, 4),
    )


def _verdict(words: int, rank: int, marked: list[Section]) -> Verdict:
    if not marked or not words:
        return "missing"
    return "covered" if words >= ENOUGH_WORDS and 0 < rank <= FOUND_WITHIN else "thin"
