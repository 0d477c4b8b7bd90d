"""The learning outcomes held against the text: which are covered, which thinly, which not at all.

An outcome is covered when a marked section answers it at some length and the assistant, asked about it, finds that section: by the outcome's own
words, and for at least half of the questions about it, which are made of those words or are the practice questions of its sections.
Knows nothing of who reads the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from assistant.coverage_probes import probe_questions

if TYPE_CHECKING:
    from corpus import Course, Outcome, Section

Verdict = Literal["covered", "thin", "missing"]

ENOUGH_WORDS = 150
"""Words of marked text from which an outcome can be covered: two or three paragraphs, less than which no outcome here can be taught."""

FOUND_WITHIN = 5
"""How far down the search for the outcome's own words may find its section."""


ANSWERED_FROM = 0.2
"""The chance of being covered from which a question is answered, as when a trainee asks it."""


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
class Probe:
    """A question about an outcome: where it finds the outcome's sections (1 best, 0 not), and the chance that the course covers it, 0 to 1."""

    question: str
    rank: int
    chance: float

    @property
    def answered(self) -> bool:
        """Whether it is answered, from a section of the outcome."""
        return 0 < self.rank <= FOUND_WITHIN and self.chance >= ANSWERED_FROM


@dataclass(frozen=True, slots=True)
class OutcomeCoverage:
    """One outcome and its evidence. `facts` counts sentences with a figure; `rank` is where its sections are found (1 best, 0 not).

    `probes` are questions made of the outcome's words, then the practice questions of its sections, of which there are `questions`.
    """

    outcome: Outcome
    verdict: Verdict
    sections: tuple[str, ...]
    words: int
    facts: int
    questions: int
    rank: int
    chance: float
    probes: tuple[Probe, ...] = ()

    @property
    def answered(self) -> int:
        """How many of the questions about it are answered from its sections."""
        return sum(probe.answered for probe in self.probes)


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
    own = _probed(assistant, outcome.text, ids)
    practice = [
        question.question for question in (unit.check_questions if unit else ()) if question.evidence in {one.anchor for one in marked}
    ]
    asked = [*probe_questions(outcome.text), *practice] if marked else []
    probes = tuple(_probed(assistant, question, ids) for question in asked)
    return OutcomeCoverage(
        outcome=outcome,
        verdict=_verdict(words, own, probes, marked),
        sections=ids,
        words=words,
        facts=sum(bool(_NUMBER.search(text)) for text in sentences),
        questions=len(practice),
        rank=own.rank,
        chance=own.chance,
        probes=probes,
    )


def _probed(assistant: Probed, question: str, sections: tuple[str, ...]) -> Probe:
    found, chance = assistant.probe(question)
    rank = next((at for at, section in enumerate(dict.fromkeys(found), 1) if section in sections), 0)
    return Probe(question, rank, round(chance, 4))


def _verdict(words: int, own: Probe, probes: tuple[Probe, ...], marked: list[Section]) -> Verdict:
    if not marked or not words:
        return "missing"
    answered = 2 * sum(probe.answered for probe in probes) >= len(probes)
    return "covered" if words >= ENOUGH_WORDS and 0 < own.rank <= FOUND_WITHIN and answered else "thin"
