"""The collaborators of the pages, kept in the app and fetched by type.

Knows nothing of routes or templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app

from web.places import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from assistant.coach import Coach
    from assistant.journal import Journal
    from assistant.reply import Reply
    from corpus.course import Course
    from web.conversations import Conversations
    from web.practice_store import PracticeStore

_KEY = "genomics-tutor"


class Answering(Protocol):
    """What the pages need of the assistant. Safe to call from many threads; no text makes it raise."""

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        module: str | None = None,
        section: str | None = None,
        literal: bool = False,
    ) -> Reply:
        """The reply to a question; `literal` takes it as it is written, with no spelling or abbreviation read into it."""
        ...


@dataclass(frozen=True, slots=True)
class Practice:
    """What practising needs: the questions with their hints and comparison, and where each visitor's progress is kept."""

    coach: Coach
    store: PracticeStore


@dataclass(frozen=True, slots=True)
class Services:
    """The collaborators. `assistant` is None where none could be started: the course can still be read."""

    course: Course
    assistant: Answering | None
    conversations: Conversations
    places: Places
    journal: Journal | None = None
    practice: Practice | None = None

    @classmethod
    def of(cls, course: Course, assistant: Answering | None, conversations: Conversations, journal: Journal | None = None) -> Services:
        """The collaborators over a course. Without a journal, nothing is kept for the tutors."""
        return cls(course, assistant, conversations, Places.of(course), journal)


def init_app(app: Flask, collaborators: Services) -> None:
    """Keep the collaborators in the app."""
    app.extensions[_KEY] = collaborators


def services() -> Services:
    """The collaborators of the app that handles this request."""
    return cast("Services", current_app.extensions[_KEY])
