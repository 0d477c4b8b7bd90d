"""What tutors work on: their answers, the course text, their test questions; kept in the app beside the collaborators.

Knows nothing of routes or templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from assistant.golden import Golden
from assistant.tutor_answers import TutorAnswers
from web import services
from web.tutors.comparing import Comparing
from web.tutors.desk import Desk
from web.tutors.refreshing import Refreshing

if TYPE_CHECKING:
    from flask import Flask

    from web.settings import Settings

_KEY = "genomics-tutor workshop"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where tutors' work lies, and what is done in the background: putting a changed course into use, and asking the test questions."""

    answers: TutorAnswers
    desk: Desk
    refreshing: Refreshing
    golden: Golden
    testing: Refreshing
    comparing: Comparing


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app the tutors' work in the data folder."""
    desk, golden = Desk(settings), Golden(settings.data / "golden.sqlite")

    def test() -> None:
        held = services.services_of(app)
        if held.assistant is not None:
            golden.run(held.assistant, held.course.digest)

    testing = Refreshing(test)

    def refresh() -> None:
        reopen = services.services_of(app).reopen
        if reopen is not None:
            opened = reopen(*desk.folders)
            services.init_app(app, services.services_of(app).over(opened))
            testing.start()

    app.extensions[_KEY] = Workshop(
        TutorAnswers(settings.data / "answers.sqlite"), desk, Refreshing(refresh), golden, testing, Comparing(app)
    )


def begin_testing(app: Flask, *, renewed: bool) -> None:
    """Ask the test questions in the background if the index was renewed before the app was there, or they were last asked of another course."""
    work = cast("Workshop", app.extensions[_KEY])
    if renewed or work.golden.is_behind(services.services_of(app).course.digest):
        work.testing.start()


def workshop() -> Workshop:
    """The workshop of the app that handles this request."""
    return cast("Workshop", current_app.extensions[_KEY])
