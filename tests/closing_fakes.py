"""The app with what tutors close gaps by, over the small course or over a course of files that can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tiny_course
from fakes import FakeEncoder
from web_fakes import FakeAssistant, small_course

from assistant.journal import Journal
from assistant.taught import TaughtAnswers
from assistant.tutor_answers import TutorAnswers, passage_texts
from corpus import load_course, passages_of
from index.names import Names, course_names
from web import create_app
from web.conversations import Conversations
from web.services import Opened, Services
from web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from corpus import Course


def opened(course: Course, data: Path) -> Opened:
    """The course with a fake assistant and a finder of tutors' answers."""
    store = TutorAnswers(data / "answers.sqlite")
    finder = TaughtAnswers(store, FakeEncoder(512), Names(course_names(course)), passage_texts(passages_of(course)))
    return Opened(course, FakeAssistant(course), finder)


def app_over(course: Course, folder: Path, course_folder: Path) -> Flask:
    """The app over a course, with its data and its index in the folder."""
    data = folder / "data"
    settings = Settings(course=course_folder, index=folder / "index", data=data)
    first = opened(course, data)
    services = Services.of(
        course,
        first.assistant,
        Conversations(data / "conversations.sqlite"),
        Journal(data / "journal.sqlite"),
        first.taught,
        lambda course, _index: opened(load_course(course), data),
    )
    return create_app(settings, services)


def closing_app(folder: Path) -> Flask:
    """The app over the small course, of which no files lie anywhere."""
    return app_over(small_course(folder / "course"), folder, folder / "course")


def text_app(folder: Path, course_folder: Path | None = None) -> Flask:
    """The app over a tiny course of files, written into `course_folder`; it is read anew when it has changed."""
    home = tiny_course.course(course_folder or folder / "course")
    return app_over(load_course(home), folder, home)
