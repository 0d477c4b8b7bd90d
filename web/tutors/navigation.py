"""The way from one page of the tutors to another: a page stands in it once its blueprint is in the app.

Knows nothing of the pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from web.language import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the navigation; `here` says that the page shown is the one it leads to, or belongs to it."""

    name: str
    url: str
    here: bool


def steps() -> list[Step]:
    """The tutors' pages that the app has, in the order of the navigation."""
    planned = [
        ("tutor.overview", _("Overview")),
        ("tutor_coverage.page", _("Coverage")),
        ("tutor_gaps.page", _("Gaps")),
        ("tutor_answers.page", _("Answers")),
        ("tutor_text.page", _("Course text")),
        ("tutor_golden.page", _("Test questions")),
        ("tutor_health.page", _("Health")),
        ("tutor_reports.page", _("Reports")),
        ("tutor_journal.page", _("Journal")),
        ("tutor_self_test.page", _("Self-test")),
        ("tutor_accounts.page", _("Accounts")),
    ]
    return [
        Step(name, url_for(endpoint), request.blueprint == endpoint.partition(".")[0])
        for endpoint, name in planned
        if endpoint in current_app.view_functions
    ]
