"""The collaborators of the pages, kept in the app and fetched by type.

They are replaced as a whole when the course has changed; a request keeps those it began with.

Knows nothing of routes or templates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app, g

from web.places import Places
from web.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Flask

    from assistant.coach import Coach
    from assistant.findings import Findings
    from assistant.journal import Journal
    from assistant.reply import Reply
    from assistant.taught import TaughtAnswers
    from corpus.course import Course
    from index.search import Found
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

    def search(self, query: str, k: int = 10) -> Found:
        """The `k` best passages for a query, best first."""
        ...

    def find(self, query: str) -> Findings:
        """The sentences that come nearest to a query, unit by unit, the best unit first."""
        ...

    def suggestions(self, reply: Reply, history: Sequence[str] = ()) -> Sequence[str]:
        """Questions to go on with, each one that the course covers; none of the conversation's earlier questions."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A course with what answers over it."""

    course: Course
    assistant: Answering
    taught: TaughtAnswers | None = None
    coach: Coach | None = None


Reopen = Callable[["Path", "Path"], Opened]
"""Opens the course in a folder, its index in another, after a change; the index is refreshed first."""


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
    terms: Terms
    journal: Journal | None = None
    taught: TaughtAnswers | None = None
    reopen: Reopen | None = None
    practice: Practice | None = None

    def answered_by(self, opened: Opened) -> Services:
        """The same collaborators over the same course, with what answers over it."""
        practice = replace(self.practice, coach=opened.coach) if self.practice and opened.coach else self.practice
        return replace(self, assistant=opened.assistant, taught=opened.taught, practice=practice)

    def over(self, opened: Opened) -> Services:
        """The same collaborators over a course that has changed."""
        places = Places.of(opened.course)
        terms = Terms(opened.course, places.sections)
        return replace(self.answered_by(opened), course=opened.course, places=places, terms=terms)

    @classmethod
    def of(  # noqa: PLR0913, PLR0917  # one argument for each collaborator
        cls,
        course: Course,
        assistant: Answering | None,
        conversations: Conversations,
        journal: Journal | None = None,
        taught: TaughtAnswers | None = None,
        reopen: Reopen | None = None,
    ) -> Services:
        """The collaborators over a course. Without a journal, nothing is kept for the tutors; without `taught`, no tutor's answer is found."""
        places = Places.of(course)
        return cls(course, assistant, conversations, places, Terms(course, places.sections), journal, taught, reopen)


def init_app(app: Flask, collaborators: Services) -> None:
    """Keep the collaborators in the app, in place of those it had: requests that are being handled go on with the old ones."""
    app.extensions[_KEY] = collaborators


def services_of(app: Flask) -> Services:
    """The collaborators that the app's next request will have."""
    return cast("Services", app.extensions[_KEY])


def services() -> Services:
    """The collaborators of the app that handles this request."""
    return cast("Services", g.setdefault("services", current_app.extensions[_KEY]))
