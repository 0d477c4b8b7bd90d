"""Test questions that tutors keep: what each must find, and what got better or worse, since when.

Knows nothing of how a question is graded.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.golden import LONGEST_QUESTION, LONGEST_TERM, GoldenError, GoldenFaultError, standings
from web.asking import readable
from web.language import gettext as _
from web.problems import Problem
from web.services import services
from web.tutors.guarding import audit, guard
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from assistant.golden import Fault

blueprint = guard(Blueprint("tutor_golden", __name__, url_prefix="/tutor/golden"))
_FORM = {"question": "", "section": "", "terms": ""}


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The questions as they stand, those that got worse first. `?question=` fills the form."""
    return _page(_FORM | {"question": readable(request.args.get("question", ""))[:LONGEST_QUESTION]})


@blueprint.post("/add")
def add() -> ResponseReturnValue:
    """Keep a question, and ask all of them."""
    form = {name: readable(request.form.get(name, "")) for name in _FORM}
    known = services().places.sections.keys() | services().course.units.keys()
    if form["section"].strip() and form["section"].strip() not in known:
        return _page(form, _("The course has no such section; give its id, such as 1.6#penetrance, or a unit's.")), HTTPStatus.BAD_REQUEST
    try:
        with _told():
            kept = workshop().golden.add(form["question"], form["section"], re.split(r"[,，、;；\n]", form["terms"]))
    except GoldenFaultError as error:
        return _page(form, _sentence(error.fault)), HTTPStatus.BAD_REQUEST
    audit("test question added", kept.id, kept.question)
    return _run()


@blueprint.post("/remove")
def remove() -> ResponseReturnValue:
    """Remove a question."""
    question = request.form.get("question", "")
    with _told():
        if not workshop().golden.remove(question):
            raise Problem(HTTPStatus.NOT_FOUND, "no-answer")
    audit("test question removed", question)
    return redirect(url_for(".page"), HTTPStatus.SEE_OTHER)


@blueprint.post("/run")
def run() -> ResponseReturnValue:
    """Ask all questions in the background."""
    return _run()


def _run() -> ResponseReturnValue:
    workshop().testing.start()
    return redirect(url_for(".page", _anchor="ui_status"), HTTPStatus.SEE_OTHER)


def _page(form: Mapping[str, str], problem: str = "") -> str:
    with _told():
        runs = workshop().golden.runs()
        rows = standings(workshop().golden.questions(), runs)
    order = {"worse": 0, "better": 1, "": 2}
    rows.sort(key=lambda row: (order[row.change], row.grade is not None and row.grade.passed))
    return render_template(
        "tutor_golden.html",
        rows=[(row, datetime.fromisoformat(row.since).astimezone() if row.since else None) for row in rows],
        passed=sum(row.grade is not None and row.grade.passed for row in rows),
        runs=[(run, sum(one.passed for one in run.grades.values())) for run in runs[:10]],
        progress=workshop().testing.progress,
        form=form,
        problem=problem,
        longest=LONGEST_QUESTION,
        sections=services().places.sections,
    )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except GoldenError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-saved") from error


def _sentence(fault: Fault) -> str:
    match fault:
        case "no-question":
            return _("There is no question; type one and send it again.")
        case "too-long":
            return _("The question or a term is too long; a question has at most 2,000 characters, a term %(most)d.", most=LONGEST_TERM)
        case "too-many":
            return _("There are too many; keep at most 12 terms a question and 1,000 questions.")
