"""Reports on a period: to read, to print, and as files.

Knows nothing of how anything in them is counted.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request

from assistant.usage import FEWEST_CONVERSATIONS, STATES
from web.problems import Problem
from web.services import services
from web.tutors.charts import HEIGHT, WIDTH, columns
from web.tutors.coverage_page import VERDICTS, kept_coverage
from web.tutors.gap_report import reported_gaps
from web.tutors.guarding import guard
from web.tutors.overview import usage_between
from web.tutors.periods import between
from web.tutors.report import Report, report_body, report_csv
from web.tutors.words import state_words, verdict_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = guard(Blueprint("tutor_reports", __name__, url_prefix="/tutor/reports"))


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The report on the days from `?from=` to `?to=`; on this month so far without them."""
    report = _report()
    return render_template(
        "tutor_report.html",
        used=report.used,
        gaps=report.gaps,
        coverage=report.coverage,
        has_gaps_page="tutor_gaps.page" in current_app.view_functions,
        chart=columns(report.used.steps),
        chart_size=(WIDTH, HEIGHT),
        states=[(state, state_words(state)) for state in STATES],
        verdicts=[(verdict, verdict_words(verdict)) for verdict in VERDICTS],
        fewest=FEWEST_CONVERSATIONS,
        module_titles=services().places.module_titles,
    )


@blueprint.get("/period.<form>")
def period(form: str) -> ResponseReturnValue:
    """The same as a file: `csv` or `json`."""
    if form not in ("csv", "json"):
        abort(HTTPStatus.NOT_FOUND)
    report = _report()
    name = f"genomics-tutor-{report.used.first}-{report.used.last}.{form}"
    # A byte order mark: without it a spreadsheet program reads Chinese titles in the code page of its machine.
    answer = jsonify(report_body(report)) if form == "json" else Response("\ufeff" + report_csv(report), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _report() -> Report:
    period = between(request.args)
    if period is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "no-period")
    return Report(usage_between(*period), kept_coverage(), reported_gaps(*period))
