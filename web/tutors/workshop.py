"""What tutors work on: their answers, the course text, their test questions; kept in the app beside the collaborators.

Knows nothing of routes or templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from assistant.tutor_answers import TutorAnswers
from web import services
from web.tutors.desk import Desk
from web.tutors.refreshing import Refreshing

if TYPE_CHECKING:
    from flask import Flask

    from web.settings import Settings

_KEY = "genomics-tutor workshop"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where tutors' work lies, and the work in the background that puts a changed course into use."""

    answers: TutorAnswers
    desk: Desk
    refreshing: Refreshing


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app the tutors' work in the data folder."""
    desk = Desk(settings)

    def refresh() -> None:
        reopen = services.services_of(app).reopen
        if reopen is not None:
            opened = reopen(*desk.folders)
            services.init_app(app, services.services_of(app).over(opened))

    app.extensions[_KEY] = Workshop(TutorAnswers(settings.data / "answers.sqlite"), desk, Refreshing(refresh))


def workshop() -> Workshop:
    """The workshop of the app that handles this request."""
    return cast("Workshop", current_app.extensions[_KEY])
