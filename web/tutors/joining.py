"""The tutors' pages handed to the app.

Knows nothing of what they show.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from web.language import gettext as _
from web.language import short_day
from web.problems import shown
from web.tutors import (
    accounts_page,
    answers_pages,
    coverage_page,
    door,
    first_account,
    gaps_page,
    golden_pages,
    health_pages,
    journal_page,
    overview,
    reports_page,
    retention,
    self_test_page,
    text_pages,
)
from web.tutors.guarding import keep_records, signed_in
from web.tutors.navigation import steps
from web.tutors.records import RecordsError
from web.tutors.words import complaint_words, deed, moment

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from web.settings import Settings

_LOG = logging.getLogger(__name__)
_PAGES = (
    door.blueprint,
    first_account.blueprint,
    overview.blueprint,
    coverage_page.blueprint,
    answers_pages.blueprint,
    text_pages.blueprint,
    golden_pages.blueprint,
    health_pages.blueprint,
    reports_page.blueprint,
    gaps_page.blueprint,
    journal_page.blueprint,
    self_test_page.blueprint,
    accounts_page.blueprint,
)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its tutors' pages; their accounts lie in the data folder, and questions are kept for so many days."""
    keep_records(app, settings.data)
    first_account.init_app(app)
    gaps_page.init_app(app, settings.data)
    retention.init_app(app, settings.keep_days)
    coverage_page.init_app(app)
    journal_page.init_app(app, settings.journal_key)
    self_test_page.init_app(app, settings)
    app.register_error_handler(RecordsError, _show_records)
    app.jinja_env.globals.update(tutor_steps=steps, signed_in=signed_in, deed=deed, complaint_words=complaint_words, short_day=short_day)
    app.jinja_env.filters["moment"] = moment
    for blueprint in _PAGES:
        app.register_blueprint(blueprint)


def _show_records(error: RecordsError) -> ResponseReturnValue:
    _LOG.error("%s", error)
    return shown(
        _("The tutors' accounts cannot be read now; see that the data folder may be written to and has room."),
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
