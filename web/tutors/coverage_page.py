"""The page of coverage: which learning outcomes the text answers, with the sections that do.

Knows nothing of how coverage is judged.
"""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, current_app, render_template, request

from assistant.coverage_text import coverage_text
from web.problems import Problem
from web.services import services
from web.tutors.charts import SQUARE, matrix
from web.tutors.coverage_keeper import CoverageKeeper
from web.tutors.guarding import guard
from web.tutors.words import verdict_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.coverage import OutcomeCoverage, Probed

blueprint = guard(Blueprint("tutor_coverage", __name__, url_prefix="/tutor/coverage"))

VERDICTS = ("covered", "thin", "missing")
_KEY = "genomics-tutor coverage"


def init_app(app: Flask) -> None:
    """Give the app what keeps the coverage of its course."""
    app.extensions[_KEY] = CoverageKeeper()


def kept_coverage() -> Sequence[OutcomeCoverage] | None:
    """The coverage of every outcome, or None while it is being worked out or where no assistant could be started."""
    assistant = _probed()
    return cast("CoverageKeeper", current_app.extensions[_KEY]).rows(assistant) if assistant else None


def _probed() -> Probed | None:
    """The assistant, if there is one that can be probed. It is asked, not looked at: one that is being opened answers when it is there."""
    assistant = services().assistant
    return cast("Probed", assistant) if hasattr(assistant, "probe") else None


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The matrix and its table; `?show=thin` lists those outcomes alone."""
    rows = kept_coverage()
    if rows is None and _probed() is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    wanted = request.args.get("show", "")
    shown = [row for row in rows or () if row.verdict == wanted or wanted not in VERDICTS]
    course = services().course
    return render_template(
        "tutor_coverage.html",
        waiting=rows is None,
        total=len(rows or ()),
        verdicts=Counter(row.verdict for row in rows or ()),
        names=[(verdict, verdict_words(verdict)) for verdict in VERDICTS],
        wanted=wanted if wanted in VERDICTS else "",
        matrix=matrix(course, rows or ()),
        square=SQUARE,
        modules=[
            (module, [(unit, [row for row in shown if row.outcome.unit == unit]) for unit in module.units]) for module in course.modules
        ],
        units=course.units,
        sections=services().places.sections,
    )


@blueprint.get("/outcomes.<form>")
def outcomes(form: str) -> ResponseReturnValue:
    """The same as a file: `csv` or `json`."""
    if form not in ("csv", "json"):
        abort(HTTPStatus.NOT_FOUND)
    rows = kept_coverage()
    if rows is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    text = coverage_text(rows, form) + "\n"
    kind = "text/csv" if form == "csv" else "application/json"
    return Response(text, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="coverage.{form}"'})
