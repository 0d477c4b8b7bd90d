"""What tutors work on: their answers, the course text, their test questions; kept in the app beside the collaborators.

Knows nothing of routes or templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from assistant.tutor_answers import TutorAnswers

if TYPE_CHECKING:
    from flask import Flask

    from web.settings import Settings

_KEY = "genomics-tutor workshop"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where tutors' work lies."""

    answers: TutorAnswers


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app the tutors' work in the data folder."""
    app.extensions[_KEY] = Workshop(TutorAnswers(settings.data / "answers.sqlite"))


def workshop() -> Workshop:
    """The workshop of the app that handles this request."""
    return cast("Workshop", current_app.extensions[_KEY])
