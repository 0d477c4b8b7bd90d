"""The page of the self-test: whether program, course, index, data and machine are in order, and what to do where they are not.

Knows nothing of how that is found out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, redirect, render_template, url_for

from web.lab.doctor import examine
from web.language import gettext as _
from web.tutors.guarding import guard
from web.tutors.self_test import SelfTest
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from web.lab.doctor import Examination
    from web.lab.findings import Finding, State, Words
    from web.settings import Settings

blueprint = guard(Blueprint("tutor_self_test", __name__, url_prefix="/tutor/self-test"))
_KEY = "genomics-tutor self-test"
_ORDER: tuple[State, ...] = ("fault", "unknown", "fine")


@dataclass(frozen=True, slots=True)
class ShownWords:
    """Words as they are shown; `english` says that no catalogue holds them, so that they stay in English."""

    text: str
    english: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding in the tutor's language. `deed` is what to do about a fault; where that is known in English alone, `advice` says it in general."""

    name: str
    state: State
    fact: ShownWords
    deed: ShownWords | None
    advice: str


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its self-test, of the course and index that are in use."""

    def look() -> Examination:
        with app.app_context():
            course, index = workshop().desk.folders
        return examine(replace(settings, course=course, index=index), serving=True)

    app.extensions[_KEY] = SelfTest(look)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """What was found last, faults first."""
    latest = _self_test().latest
    findings = sorted(latest.found.findings, key=lambda one: _ORDER.index(one.state)) if latest else []
    return render_template(
        "tutor_self_test.html",
        latest=latest,
        findings=[_shown(one) for one in findings],
        faults=sum(one.state == "fault" for one in findings),
        states={"fine": _("in order"), "fault": _("fault"), "unknown": _("could not be looked at")},
        refreshing=workshop().refreshing.progress.running,
    )


@blueprint.post("/")
def look() -> ResponseReturnValue:
    """Look now, unless a changed course is being put into use: its index is of another course until that is over."""
    if not workshop().refreshing.progress.running:
        _self_test().look()
    return redirect(url_for(".page"), HTTPStatus.SEE_OTHER)


def _self_test() -> SelfTest:
    return cast("SelfTest", current_app.extensions[_KEY])


def _shown(finding: Finding) -> Shown:
    deed = _said(finding.deed) if finding.deed else None
    return Shown(
        _name(finding.check), finding.state, _said(finding.fact), deed, _advice(finding.check) if deed is not None and deed.english else ""
    )


def _said(words: Words) -> ShownWords:
    text = _(words.message, **words.values)
    return ShownWords(text, english=text == str(words))


def _name(check: str) -> str:
    """What was looked at."""
    return {
        "libraries": _("Libraries"),
        "search": _("Search"),
        "encoder": _("Encoder"),
        "course": _("Course text"),
        "index": _("Index"),
        "question": _("A known question"),
        "data": _("Data folder"),
        "database": _("Database"),
        "disk": _("Free disk space"),
        "writing": _("Right to write"),
        "memory": _("Memory"),
        "clock": _("Clock"),
        "port": _("Port"),
        "network": _("Network"),
    }.get(check, check)


def _advice(check: str) -> str:
    """What to do in general where the remedy of a check comes with what was found."""
    return {
        "encoder": _("Install genomics-tutor again, or make the encoder anew with “genomics-tutor index export-encoder”."),
        "course": _("Correct the file that is named, or give another folder with --course."),
        "index": _("Build it with “genomics-tutor index build”."),
        "data": _("Start the newer program, or give another folder with --data."),
    }.get(check, "")
