"""Practising: one question at a time, hints before the model answer, one's own answer beside it, and when to come back.

Every step is a form that is posted, kept and shown anew, so a reload or a way back loses and doubles nothing. Knows nothing of how answers
are compared or how repetitions are spaced.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from assistant.practice import day_start, next_question, standing
from assistant.repetition import RATINGS, waits
from web.asking import readable
from web.language import gettext as _
from web.language import waiting
from web.practice_choice import ASKED, chosen, known_choice
from web.practice_progress import DAYS, HEIGHT, bars, by_module
from web.practice_store import MOST_NEW_A_DAY, Attempt, PracticeStoreError
from web.problems import Problem
from web.security import visitor
from web.services import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.practice import PracticeQuestion
    from web.services import Practice

LONGEST_ANSWER = 2000
"""The longest answer, in characters."""

blueprint = Blueprint("practice", __name__, url_prefix="/practise")


def init_app(app: Flask) -> None:
    """Give the app its practice."""
    app.register_blueprint(blueprint)


@blueprint.get("")
def start() -> ResponseReturnValue:
    """What can be practised, and how much of it waits."""
    with _practice() as practice:
        questions, cards, now = practice.coach.questions, practice.store.cards(visitor()), _now()
        return render_template(
            "practise.html",
            whole=standing(questions, cards, now),
            new_left=_new_left(practice, now),
            new_a_day=practice.store.new_a_day(visitor()),
            most=MOST_NEW_A_DAY,
            modules=by_module(questions, cards, services().places.module_titles, now),
            asked=standing(chosen(ASKED, questions, services(), visitor()), cards, now),
        )


@blueprint.get("/next")
def following() -> ResponseReturnValue:
    """The question that comes next, or a page that says when one does."""
    choice = _choice()
    with _practice() as practice:
        questions, cards, now = chosen(choice, practice.coach.questions, services(), visitor()), practice.store.cards(visitor()), _now()
        new_left = _new_left(practice, now)
        question = next_question(questions, cards, new_left, now)
        if question is not None:
            return redirect(_address(".question", choice, key=question.key), HTTPStatus.SEE_OTHER)
        told = standing(questions, cards, now)
        return render_template("practise_done.html", standing=told, choice=choice, new_left=new_left, wait=_wait(told.next_due, now))


@blueprint.get("/question/<key>")
def question(key: str) -> ResponseReturnValue:
    """A question to answer; once it is answered, the model answer beside one's own."""
    return _page(key)


@blueprint.post("/question/<key>/hint")
def hint(key: str) -> ResponseReturnValue:
    """One hint more; what has been written so far is kept."""
    with _practice() as practice:
        asked = _question(practice, key)
        answer = _answer()
        if len(answer) > LONGEST_ANSWER:
            return _page(key, answer, _too_long()), HTTPStatus.BAD_REQUEST
        attempt = practice.store.attempt(visitor(), key)
        number = min(attempt.hints + 1, len(practice.coach.hints(asked)))
        practice.store.keep_attempt(visitor(), key, Attempt(answer, number))
        return redirect(_address(".question", _choice(), key=key, _anchor=f"ui_hint_{number}"), HTTPStatus.SEE_OTHER)


@blueprint.post("/question/<key>/answer")
def answer(key: str) -> ResponseReturnValue:
    """Settle an answer. Without one, the model answer is shown only after every hint has been."""
    with _practice() as practice:
        asked = _question(practice, key)
        answer = _answer()
        attempt = practice.store.attempt(visitor(), key)
        if len(answer) > LONGEST_ANSWER:
            return _page(key, answer, _too_long()), HTTPStatus.BAD_REQUEST
        if not answer and not attempt.shown and attempt.hints < len(practice.coach.hints(asked)):
            problem = _("Write what you know first, in a few words; if nothing comes to mind, take a hint.")
            return _page(key, answer, problem), HTTPStatus.BAD_REQUEST
        practice.store.keep_attempt(visitor(), key, replace(attempt, answer=answer, shown=True))
        return redirect(_address(".question", _choice(), key=key), HTTPStatus.SEE_OTHER)


@blueprint.post("/question/<key>/rating")
def rate(key: str) -> ResponseReturnValue:
    """How well the answer was known; on to the next question."""
    rating = next((one for one in RATINGS if one == request.form.get("rating")), None)
    with _practice() as practice:
        _question(practice, key)
        if rating is None:
            return _page(key, problem=_("Choose one of the four: again, hard, good or easy.")), HTTPStatus.BAD_REQUEST
        practice.store.rate(visitor(), key, rating, _now())
    return redirect(_address(".following", _choice()), HTTPStatus.SEE_OTHER)


@blueprint.get("/progress")
def progress() -> ResponseReturnValue:
    """How far this browser is, by module and unit and by day."""
    with _practice() as practice:
        questions, cards, now = practice.coach.questions, practice.store.cards(visitor()), _now()
        times = practice.store.review_times(visitor(), day_start(now) - timedelta(days=DAYS))
        whole = standing(questions, cards, now)
        return render_template(
            "practise_progress.html",
            whole=whole,
            wait=_wait(whole.next_due, now),
            modules=by_module(questions, cards, services().places.module_titles, now),
            bars=bars(times, now),
            height=HEIGHT,
            reset=request.args.get("reset") == "1",
            problem=_("Tick the box to say that you are sure.") if request.args.get("unsure") == "1" else "",
        )


@blueprint.post("/setting")
def setting() -> ResponseReturnValue:
    """How many new questions a day."""
    wanted = request.form.get("new_a_day", "").strip()
    with _practice() as practice:
        if wanted.isdecimal() and len(wanted) < len(str(MOST_NEW_A_DAY)) + 1:
            practice.store.set_new_a_day(visitor(), int(wanted))
    return redirect(url_for(".start"), HTTPStatus.SEE_OTHER)


@blueprint.post("/reset")
def reset() -> ResponseReturnValue:
    """Forget everything that this browser practised, if it says that it is sure."""
    if request.form.get("sure") != "1":
        return redirect(url_for(".progress", unsure="1", _anchor="ui_reset"), HTTPStatus.SEE_OTHER)
    with _practice() as practice:
        practice.store.reset(visitor())
    return redirect(url_for(".progress", reset="1"), HTTPStatus.SEE_OTHER)


def _page(key: str, draft: str | None = None, problem: str = "") -> str:
    with _practice() as practice:
        asked = _question(practice, key)
        attempt = practice.store.attempt(visitor(), key)
        cards, now, choice = practice.store.cards(visitor()), _now(), _choice()
        shared = {"asked": asked, "choice": choice, "hints": practice.coach.hints(asked), "problem": problem}
        if not attempt.shown:
            return render_template(
                "practise_question.html",
                **shared,
                taken=attempt.hints,
                draft=attempt.answer if draft is None else draft,
                longest=LONGEST_ANSWER,
                standing=standing(chosen(choice, practice.coach.questions, services(), visitor()), cards, now),
                new_left=_new_left(practice, now),
            )
        evidence = practice.coach.evidence(asked)
        return render_template(
            "practise_answer.html",
            **shared,
            answer=attempt.answer,
            comparison=practice.coach.compare(asked, attempt.answer),
            evidence=evidence,
            anchor=evidence.id.partition("#")[2] if evidence else asked.section.anchor,
            waits=[(rating, waiting(wait)) for rating, wait in waits(cards.get(key), now).items()],
        )


@contextmanager
def _practice() -> Iterator[Practice]:
    """What practising needs. Raises Problem if there is nothing to practise with or it cannot be kept."""
    practice = services().practice
    if practice is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-practice")
    try:
        yield practice
    except PracticeStoreError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "practice-not-kept") from error


def _question(practice: Practice, key: str) -> PracticeQuestion:
    found = practice.coach.question(key)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-practice-question")
    return found


def _new_left(practice: Practice, now: datetime) -> int:
    return max(practice.store.new_a_day(visitor()) - practice.store.new_since(visitor(), day_start(now)), 0)


def _answer() -> str:
    return readable(request.form.get("answer", "")).strip()


def _choice() -> str:
    return known_choice(readable(request.values.get("from", "")), services())


def _address(endpoint: str, choice: str, **values: Any) -> str:
    """The address of one of these pages that goes on with the same choice."""
    return url_for(endpoint, **values | ({"from": choice} if choice else {}))


def _too_long() -> str:
    return _("The answer is longer than 2,000 characters; shorten it and send it again.")


def _wait(due: datetime | None, now: datetime) -> str:
    return waiting(due - now) if due else ""


def _now() -> datetime:
    """The time here, with its zone: a day begins when the lab's clock says so."""
    return datetime.now(UTC).astimezone()
