"""How the course text fares: what is cited, what never is, what was found unhelpful, what is missing, how it reads.

Knows nothing of how the figures come about.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.journal import JournalError
from assistant.text_health import FEWEST, text_health
from web.language import gettext as _
from web.problems import Problem
from web.services import services
from web.tutors.guarding import guard
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from assistant.journal import Event

blueprint = guard(Blueprint("tutor_health", __name__, url_prefix="/tutor/health"))
_MONTHS = (6, 12, 24, 36)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The health of the text; `?months=` says from when on a unit is called not reviewed."""
    wanted = request.args.get("months", "")
    months = next((one for one in _MONTHS if str(one) == wanted), 12)
    course = services().course
    return render_template(
        "tutor_health.html",
        health=text_health(course, _events(), months),
        course=course,
        months=months,
        choices=_MONTHS,
        fewest=FEWEST,
        reasons=_reasons(),
        duplicates=workshop().comparing.found(course.digest),
        comparing=workshop().comparing.work.progress,
        sections=services().places.sections,
    )


@blueprint.post("/duplicates")
def duplicates() -> ResponseReturnValue:
    """Look for passages that say nearly the same, in the background."""
    workshop().comparing.work.start()
    return redirect(url_for(".page", _anchor="ui_duplicates"), HTTPStatus.SEE_OTHER)


def _events() -> Sequence[Event]:
    journal = services().journal
    try:
        return journal.events() if journal is not None else ()
    except JournalError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-saved") from error


def _reasons() -> Mapping[str, str]:
    """The reasons that a trainee can give, in words."""
    return {
        "wrong": _("wrong"),
        "incomplete": _("incomplete"),
        "not_in_course": _("not in the course"),
        "hard_to_understand": _("hard to understand"),
        "citation_wrong": _("citation does not fit"),
    }
