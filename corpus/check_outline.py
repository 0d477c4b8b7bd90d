"""Checks of how a unit is built: outcomes answered, length, headings, practice questions.

Knows nothing of single sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.faults import Fault
from corpus.unit_words import unit_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.course_text import CourseText, UnitText

WORDS = (1_500, 3_400)
QUESTIONS = (5, 8)
FORMS = ("direct", "vignette", "calculation", "compare")
FEWEST_FORMS = 3

_ANCHOR = re.compile(r"\{[^}]*#(?P<anchor>[^\s}]+)[^}]*\}\s*$")
_EVIDENCE = re.compile(r"\{[^}]*\bevidence=[^}]*\}\s*$")
_STABLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_outcomes(text: CourseText) -> Iterator[Fault]:
    """Every outcome of the syllabus is answered by a marked section of its own unit, and no other outcome is marked."""
    answered = {outcome for written in text.units for section in written.unit.sections for outcome in section.outcomes}
    for outcome in text.course.outcomes.values():
        if outcome.id not in answered:
            line = next((number for number, line in enumerate(text.syllabus_lines, 1) if outcome.text[:40] in line), 1)
            yield Fault(
                "syllabus.yaml",
                line,
                f"outcome {outcome.id} is answered by no section.",
                f'Mark the section that answers it: outcomes="{outcome.id}".',
            )
    if not text.planned:
        return
    for written in text.units:
        for section in written.unit.sections:
            for outcome_id in section.outcomes:
                outcome_of = text.course.outcomes.get(outcome_id)
                if outcome_of is None or outcome_of.unit != written.unit.id:
                    yield written.fault(
                        section.line, f"“{outcome_id}” is no outcome of unit {written.unit.id}.", "Use an id of this unit's outcomes."
                    )


def check_length(text: CourseText) -> Iterator[Fault]:
    """A unit has between 1,500 and 3,400 words."""
    for written in text.units if text.planned else ():
        words = unit_words(written.unit)
        if not WORDS[0] <= words <= WORDS[1]:
            yield written.fault(1, f"the unit has {words:,} words.", f"Keep it between {WORDS[0]:,} and {WORDS[1]:,}.")


def check_headings(text: CourseText) -> Iterator[Fault]:
    """Every heading carries an anchor of its own, which citations can point at for good."""
    for written in text.units if text.planned else ():
        for line, heading in written.headings():
            if heading.startswith("# "):
                yield written.fault(
                    line, "the text has a heading of the first level.", "Begin sections with “##”; the title is the front matter's."
                )
            anchor = _ANCHOR.search(heading)
            if anchor is None and not _EVIDENCE.search(heading):
                yield written.fault(
                    line, f"the heading “{heading.strip('# ')[:60]}” has no anchor.", "Add one behind it, such as {#recurrence-risk}."
                )
            elif anchor is not None and not _STABLE.fullmatch(anchor["anchor"]):
                yield written.fault(
                    line, f"the anchor “{anchor['anchor']}” is not plain.", "Use lower-case letters, digits and hyphens alone."
                )


def check_questions(text: CourseText) -> Iterator[Fault]:
    """Five to eight practice questions of three forms or more, each with an answer and a section that holds the evidence."""
    for written in text.units:
        if text.planned:
            yield from _question_counts(written)
        anchors = {section.anchor for section in written.unit.sections}
        for question in written.unit.check_questions:
            if question.evidence not in anchors:
                yield written.fault(
                    question.line,
                    f"the evidence “{question.evidence}” is no section of the unit.",
                    "Name the anchor of the section that holds the answer.",
                )
            if question.form not in FORMS:
                yield written.fault(question.line, f"“{question.form}” is no form of question.", f"Use one of {', '.join(FORMS)}.")
            if not question.answer:
                yield written.fault(question.line, "the question has no model answer.", "Write one to three sentences below it.")


def _question_counts(written: UnitText) -> Iterator[Fault]:
    questions = written.unit.check_questions
    line = questions[0].line if questions else 1
    if not QUESTIONS[0] <= len(questions) <= QUESTIONS[1]:
        yield written.fault(
            line, f"the unit has {len(questions)} practice questions.", f"Give {QUESTIONS[0]} to {QUESTIONS[1]} under “Check yourself”."
        )
    forms = {question.form for question in questions}
    if questions and len(forms) < FEWEST_FORMS:
        yield written.fault(line, f"the practice questions have {len(forms)} forms.", f"Use at least {FEWEST_FORMS} of {', '.join(FORMS)}.")
