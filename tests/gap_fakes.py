"""Gaps for the tests of their pages: a term of questions in the journal of a fake app, and what gaps are made with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fakes import FakeEncoder

from assistant.gap_making import GapCourse, make_gaps
from assistant.gap_subjects import Subjects
from web.services import services
from web.tutors.gaps_page import desk

if TYPE_CHECKING:
    from flask import Flask

    from assistant.gap_store import Gap

FABRY = (
    "How is Fabry disease treated? not covered",
    "What is the recurrence risk of Fabry disease? not covered",
    "Which gene causes Fabry disease? not covered",
)
POMPE = ("How is Pompe disease treated? not covered", "Is Pompe disease dominant? not covered", "Pompe disease 的预后如何? not covered")
LONELY = ("Is Stickler syndrome painful? not covered",)


def ask(app: Flask, *questions: str, days_ago: int = 2) -> None:
    """Questions that were not covered, each of a conversation of its own."""
    with app.app_context():
        journal = services().journal
        assert journal is not None
        for question in questions:
            body = {"question": question, "understood": question, "language": "en", "state": "not_covered", "conversation": question}
            now = datetime.now(UTC) - timedelta(days=days_ago)
            journal.add("question", body | {"cited": [], "nearest": ["1.6#autosomal-dominant/1"]}, now=now)


def with_gaps(app: Flask) -> dict[str, Gap]:
    """Three gaps made of the journal of the app; the gaps by their titles' first word."""
    with app.app_context():
        sections = frozenset(services().places.sections)
        desk().course = GapCourse((), sections, Subjects((), sections, 100, lambda _: 0), FakeEncoder(64))
    for days, questions in enumerate((FABRY * 2, POMPE, LONELY), 2):
        ask(app, *questions, days_ago=days * 6)
    return made(app)


def made(app: Flask) -> dict[str, Gap]:
    """The gaps made anew."""
    with app.app_context():
        course, journal = desk().course, services().journal
        assert course is not None
        assert journal is not None
        make_gaps(journal, course, desk().store)
        return {gap.figures.title.split()[0].rstrip(":"): gap for gap in desk().store.gaps()}
