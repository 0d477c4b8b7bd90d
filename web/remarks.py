"""What a trainee says about an answer: helpful or not and why, and "tell my tutors"; kept with the turn and written to the journal.

Only about turns of conversations of the same browser. Knows nothing of who reads the journal.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, redirect, render_template, request, url_for

from assistant.feedback import FEEDBACK, LONGEST_COMMENT, NOTE, feedback_body, note_body
from assistant.journal import JournalError
from web.answers import show
from web.asking import readable
from web.conversations import ConversationsError, Remark
from web.problems import Problem, wants_json
from web.security import visitor
from web.services import services

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from web.conversations import Turn

_LOG = logging.getLogger(__name__)

blueprint = Blueprint("remarks", __name__)


def init_app(app: Flask) -> None:
    """Give the app its remarks."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["longest_comment"] = LONGEST_COMMENT


@blueprint.post("/feedback")
def feedback() -> ResponseReturnValue:
    """Keep what a trainee says about an answer. The same said twice is kept once; something else counts in its place."""
    key, turn = _turn()
    form = request.form
    try:
        same = turn.remark if form.get("verdict") == turn.remark.verdict else Remark()
        reason, comment = form.get("reason", same.reason), readable(form.get("comment", same.comment))
        body = feedback_body(turn.event, form.get("verdict", ""), reason, comment)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "no-verdict") from error
    remark = Remark(body["verdict"], body["reason"], body["comment"], told=turn.remark.told)
    if remark != turn.remark:
        _journal(FEEDBACK, dict(body))
        _keep(key, turn, remark)
    return _shown(key, turn.number)


@blueprint.post("/note")
def note() -> ResponseReturnValue:
    """Tell the tutors of a question, once."""
    key, turn = _turn()
    try:
        first = services().conversations.tell(visitor(), key, turn.number)
        if first:
            body = note_body(turn.event, turn.reply.question.asked, readable(request.form.get("note", "")))
            try:
                _journal(NOTE, dict(body))
            except Problem:
                services().conversations.tell(visitor(), key, turn.number, told=False)
                raise
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error
    return _shown(key, turn.number)


def _turn() -> tuple[str, Turn]:
    """The conversation and the turn that the form is about. Raises Problem if this browser has no such turn, or the journal does not know it."""
    key = readable(request.form.get("conversation", ""))
    try:
        held = services().conversations.read(visitor(), key)
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error
    number = request.form.get("turn", "")
    turn = next((one for one in held.turns if str(one.number) == number and one.event), None) if held else None
    if turn is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    return key, turn


def _journal(kind: str, body: dict[str, object]) -> None:
    journal = services().journal
    try:
        if journal is not None:
            journal.add(kind, body)
    except JournalError as error:
        _LOG.error("%s", error)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error


def _keep(key: str, turn: Turn, remark: Remark) -> None:
    try:
        services().conversations.remark(visitor(), key, turn.number, remark)
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error


def _shown(key: str, number: int) -> ResponseReturnValue:
    """The conversation again at that turn; for the chat's script, the part of the turn that has changed."""
    if not wants_json():
        return redirect(url_for("chat.conversation", key=key, _anchor=f"ui_remark-{number}"), HTTPStatus.SEE_OTHER)
    held = services().conversations.read(visitor(), key)
    turn = next(one for one in held.turns if one.number == number) if held else None
    if turn is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    html = render_template("remark.html", turn=turn, shown=show(turn.reply, services().places), conversation=key)
    return jsonify({"html": html})
