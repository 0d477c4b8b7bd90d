"""The app over the small course with a finder of tutors' answers, for the tests of the pages that close gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes import FakeEncoder
from web_fakes import FakeAssistant, small_course

from assistant.journal import Journal
from assistant.taught import TaughtAnswers
from assistant.tutor_answers import TutorAnswers, passage_texts
from corpus import passages_of
from index.names import Names, course_names
from web import create_app
from web.conversations import Conversations
from web.services import Services
from web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def closing_app(folder: Path) -> Flask:
    """The app, with its data in the folder."""
    course, data = small_course(folder / "course"), folder / "data"
    settings = Settings(course=folder / "course", index=folder / "index", data=data)
    finder = TaughtAnswers(
        TutorAnswers(data / "answers.sqlite"), FakeEncoder(512), Names(course_names(course)), passage_texts(passages_of(course))
    )
    conversations = Conversations(data / "conversations.sqlite")
    return create_app(settings, Services.of(course, FakeAssistant(course), conversations, Journal(data / "journal.sqlite"), finder))
