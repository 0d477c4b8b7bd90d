"""The first page of the tutors: how many questions were asked, how it went, and what the course covers.

Knows nothing of single trainees: nothing is shown of fewer than three conversations.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, request

from assistant.journal import JournalError
from assistant.usage import FEWEST_CONVERSATIONS, STATES, askings, usage
from web.problems import Problem
from web.services import services
from web.tutors.charts import HEIGHT, WIDTH, columns
from web.tutors.coverage_page import kept_coverage
from web.tutors.gap_report import reported_gaps
from web.tutors.guarding import guard
from web.tutors.periods import last_days
from web.tutors.words import state_words

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from assistant.usage import Usage

blueprint = guard(Blueprint("tutor", __name__, url_prefix="/tutor"))

PERIODS = (28, 90, 365)


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """Questions over time, by outcome and by module; coverage; machines."""
    first, last = last_days(request.args, PERIODS[1])
    journal = services().journal
    try:
        machines = journal.machines() if journal is not None else []
    except JournalError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal") from error
    used = usage_between(first, last)
    rows = kept_coverage()
    return render_template(
        "tutor_overview.html",
        used=used,
        days=(last - first).days + 1,
        periods=PERIODS,
        chart=columns(used.steps),
        chart_size=(WIDTH, HEIGHT),
        states=[(state, state_words(state)) for state in STATES],
        fewest=FEWEST_CONVERSATIONS,
        module_titles=services().places.module_titles,
        verdicts=Counter(row.verdict for row in rows) if rows is not None else None,
        machines=machines,
        gaps=reported_gaps(first, last),
        has_gaps_page="tutor_gaps.page" in current_app.view_functions,
    )


def usage_between(first: date, last: date) -> Usage:
    """What was asked in a period, of all machines. Raises Problem if the journal cannot be read."""
    journal, course = services().journal, services().course
    try:
        since = datetime.combine(first, time()).astimezone()
        events = journal.events(since) if journal is not None else []
    except JournalError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal") from error
    return usage(askings(events, course), first, last, [module.id for module in course.modules])
