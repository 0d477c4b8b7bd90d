"""Outcomes against the text: the questions made of them, and what those that find nothing make of the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.coverage import outcome_coverage
from assistant.coverage_probes import probe_questions

if TYPE_CHECKING:
    from assistant import Assistant
    from corpus import Course


def test_questions_are_made_of_an_outcomes_own_words() -> None:
    """One for what it names, one for each thing that it asks."""
    assert probe_questions("Explain nonsense-mediated decay and when a truncating variant escapes it") == (
        "What should a doctor know about nonsense-mediated decay?",
        "Nonsense-mediated decay: when a truncating variant escapes it?",
    )
    assert probe_questions("Describe how genes are named") == ("How genes are named?",)
    assert probe_questions("Explain") == ("What should a doctor know about Explain?",)
    assert probe_questions("") == ()


class Deaf:
    """An assistant that finds the sections for the outcome's own words alone."""

    def __init__(self, assistant: Assistant) -> None:
        """Over the assistant's course."""
        self._assistant = assistant

    @property
    def course(self) -> Course:
        """The course."""
        return self._assistant.course

    def probe(self, text: str) -> tuple[tuple[str, ...], float]:
        """What the assistant finds, or nothing."""
        return self._assistant.probe(text) if any(text == one.text for one in self.course.outcomes.values()) else ((), 0.0)


def test_an_outcome_whose_questions_are_not_answered_is_thin(assistant: Assistant) -> None:
    """However much its sections say."""
    before = {row.outcome.id: row for row in outcome_coverage(assistant) if row.verdict == "covered"}
    after = {row.outcome.id: row for row in outcome_coverage(Deaf(assistant))}
    assert before
    assert all(2 * row.answered >= len(row.probes) > row.questions for row in before.values())
    assert {after[key].verdict for key in before} == {"thin"}
