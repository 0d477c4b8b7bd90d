"""Tutors write answers to what the course lacks: a list, a form with a preview, and the revisions of each.

Knows nothing of how a trainee's question finds an answer.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.tutor_answers import (
    LONGEST_AUTHOR,
    LONGEST_BODY,
    LONGEST_QUESTION,
    MOST_PHRASINGS,
    AnswerChangedError,
    AnswerFaultError,
    TutorAnswersError,
    WrittenAnswer,
    passage_texts,
)
from corpus import passages_of
from web.asking import readable
from web.language import gettext as _
from web.problems import Problem
from web.services import services
from web.taught import body_html, word
from web.tutors.gaps_page import asked_again, wordings
from web.tutors.gaps_page import desk as gap_desk
from web.tutors.guarding import audit, current_tutor, guard
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from assistant.tutor_answers import Fault, TutorAnswer

blueprint = guard(Blueprint("tutor_answers", __name__, url_prefix="/tutor/answers"))
_FORM = {"question": "", "phrasings": "", "body": "", "author": "", "begun_from": "0", "gap": ""}


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The answers in force, the one saved last first, with those that the course has outrun marked."""
    texts = _texts()
    rows = [(word(answer, services().places, changed=bool(answer.changed(texts))), answer) for answer in _kept()]
    return render_template("tutor_answers.html", rows=rows)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """An empty form; `?question=` fills in the question, `?gap=` the wordings of a gap, which is asked again when the answer is saved."""
    gap = gap_desk().store.gap(request.args.get("gap", ""))
    if gap is not None:
        said = [one for one in wordings(gap, MOST_PHRASINGS + 1) if len(one) <= LONGEST_QUESTION]
        return _form(_FORM | {"question": next(iter(said), ""), "phrasings": "\n".join(said[1:]), "gap": gap.id})
    return _form(_FORM | {"question": readable(request.args.get("question", ""))[:LONGEST_QUESTION]})


@blueprint.get("/<answer>")
def edit(answer: str) -> ResponseReturnValue:
    """The form over an answer, or over an earlier revision of it with `?revision=`."""
    revisions = _revisions(answer)
    wanted = request.args.get("revision", "")
    shown = next((one for one in revisions if str(one.number) == wanted), revisions[0])
    return _form(_filled(shown.written) | {"begun_from": str(revisions[0].number)}, revisions)


@blueprint.post("/new")
def add() -> ResponseReturnValue:
    """Keep a new answer, or show how it would look."""
    return _sent("")


@blueprint.post("/<answer>")
def change(answer: str) -> ResponseReturnValue:
    """Keep a revision of an answer, show how it would look, or take the answer away."""
    return _sent(answer)


@blueprint.post("/preview")
def preview() -> ResponseReturnValue:
    """What the form's answer would look like, as a piece of a page."""
    body = readable(request.form.get("body", ""))[:LONGEST_BODY]
    return {"html": body_html(body, services().places)}


def _sent(answer: str) -> ResponseReturnValue:
    form = {name: readable(request.form.get(name, otherwise)) for name, otherwise in _FORM.items()}
    revisions = _revisions(answer) if answer else []
    if request.form.get("action") == "preview":
        return _form(form, revisions, preview=True)
    removed = request.form.get("action") == "remove"
    begun_from = int(form["begun_from"]) if form["begun_from"].isascii() and form["begun_from"].isdigit() else 0
    try:
        written = (
            revisions[0].written
            if removed and revisions
            else WrittenAnswer.checked(form["question"], form["body"], form["phrasings"], _author(form))
        )
        kept = workshop().answers.save(written, _texts(), answer=answer, begun_from=begun_from, removed=removed)
    except AnswerFaultError as error:
        return _form(form, revisions, problem=_sentence(error.fault)), HTTPStatus.BAD_REQUEST
    except AnswerChangedError as error:
        return _form(form | {"begun_from": str(error.now.number)}, revisions, now=error.now), HTTPStatus.CONFLICT
    except TutorAnswersError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-saved") from error
    audit("answer removed" if removed else "answer saved", kept.id, kept.written.question)
    gap = gap_desk().store.gap(form["gap"]) if form["gap"] else None
    if gap is not None:
        return asked_again(gap)
    return redirect(url_for(".page", _anchor="" if removed else f"answer-{kept.id}"), HTTPStatus.SEE_OTHER)


def _author(form: Mapping[str, str]) -> str:
    """The tutor's name if the tutor chooses to be named: no other name can be given."""
    return current_tutor().name[:LONGEST_AUTHOR] if form["author"] == "1" else ""


def _form(  # all that the one form can show
    form: Mapping[str, str],
    revisions: list[TutorAnswer] | None = None,
    *,
    problem: str = "",
    preview: bool = False,
    now: TutorAnswer | None = None,
) -> str:
    places = services().places
    known = set(_texts())
    written = WrittenAnswer(form["question"], form["body"])
    return render_template(
        "tutor_answer.html",
        form=form,
        revisions=[(one, datetime.fromisoformat(one.time).astimezone()) for one in revisions or ()],
        answer=revisions[0] if revisions else None,
        problem=problem,
        html=body_html(form["body"], places),
        preview=preview,
        now=now and word(now, places),
        unknown=[passage for passage in written.passages if passage not in known],
        changed=revisions[0].changed(_texts()) if revisions else (),
        longest_question=LONGEST_QUESTION,
        longest_body=LONGEST_BODY,
    )


def _filled(written: WrittenAnswer) -> dict[str, str]:
    return {
        "question": written.question,
        "phrasings": "\n".join(written.phrasings),
        "body": written.body,
        "author": "1" if written.author else "",
    }


def _texts() -> Mapping[str, str]:
    """The passages of the course by id."""
    found = services().taught
    return found.texts if found is not None else passage_texts(passages_of(services().course))


def _kept() -> list[TutorAnswer]:
    try:
        return workshop().answers.latest()
    except TutorAnswersError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-saved") from error


def _revisions(answer: str) -> list[TutorAnswer]:
    try:
        found = workshop().answers.revisions(answer)
    except TutorAnswersError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-saved") from error
    if not found:
        raise Problem(HTTPStatus.NOT_FOUND, "no-answer")
    return found


def _sentence(fault: Fault) -> str:
    match fault:
        case "no-question":
            return _("There is no question; type the question that this answers.")
        case "no-answer":
            return _("There is no answer; write one and save it again.")
        case "question-too-long":
            return _("A question is longer than 300 characters; shorten it and save it again.")
        case "answer-too-long":
            return _("The answer is longer than 10,000 characters; shorten it, or put the text into a unit of the course.")
        case "too-many-phrasings":
            return _("There are more than 12 other wordings; leave some out and save it again.")
        case "author-too-long":
            return _("The name is longer than 80 characters; save it without a name.")
