"""The chat: a page to ask on, the form behind it, and the same answer as a stream.

The stream is a post read with fetch, not an EventSource: a question of up to 2,000 characters, perhaps about a patient, then
stands in no address, history or log, the form's token guards it, and a lost connection does not ask again by itself. Knows nothing of how an answer is found.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, get_template_attribute, jsonify, redirect, render_template, request, stream_with_context, url_for

from web.after import After, after_last
from web.asking import LONGEST_QUESTION, Asked, answer, readable
from web.chats import recent
from web.conversations import Conversation, ConversationsError
from web.guard import Notice, held_back, notice
from web.problems import EVENT_STREAM, Problem, sentence, wants_json
from web.security import visitor
from web.services import services
from web.starters import starters
from web.streaming import events
from web.taught import show
from web.tracing import request_id

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from web.conversations import Turn
    from web.starters import Starters

blueprint = Blueprint("chat", __name__)

_EMPTY = Conversation("", "", ())


def init_app(app: Flask) -> None:
    """Give the app its chat."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """An empty conversation, with questions to start from; `?view=starters` gives those alone."""
    if request.args.get("view") == "starters":
        within = _place(request.args.get("module"))
        return render_template("starters.html", starters=_starters(within), within=within, attempt=secrets.token_urlsafe(12))
    return _page(draft=readable(request.args.get("question", ""))[:LONGEST_QUESTION])


@blueprint.get("/chat/<key>")
def conversation(key: str) -> ResponseReturnValue:
    """A conversation of this browser; `?edit=` with the number of its last turn puts that question back into the box."""
    try:
        found = services().conversations.read(visitor(), key)
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    last = found.turns[-1] if found.turns else None
    if last and request.args.get("edit") == str(last.number):
        return _page(found, last.reply.question.asked, editing=last.number)
    return _page(found)


@blueprint.post("/ask")
def ask() -> ResponseReturnValue:
    """Answer a form, then show the conversation that holds the answer."""
    try:
        asked = Asked.read(request.form)
        if noticed := notice(asked):
            return _held_back(noticed)
        answered = answer(asked, visitor(), services())
    except Problem as problem:
        if wants_json():
            raise
        draft = readable(request.form.get("question", ""))[: 2 * LONGEST_QUESTION]
        return _again(problem, draft, request.form.get("conversation", "")), problem.status
    if answered.conversation is None:
        return _page(Conversation("", "", (answered.turn,)), lost=True)
    about = asked.section if asked.section in services().places.sections else None
    address = url_for(
        ".conversation", key=answered.conversation, section=about, module=asked.module, _anchor=f"turn-{answered.turn.number}"
    )
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.post("/ask/stream")
def ask_stream() -> ResponseReturnValue:
    """Answer a form as events."""
    asked = Asked.read(request.form)
    if noticed := notice(asked):
        return _held_back(noticed)
    if services().assistant is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    stream = stream_with_context(events(asked, visitor(), services()))
    return Response(stream, mimetype=EVENT_STREAM, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether questions can be answered, for whatever watches the server."""
    ready = services().assistant is not None
    body = {"status": "ok" if ready else "unavailable", "units": len(services().course.units)}
    return body, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE


def _held_back(noticed: Notice) -> ResponseReturnValue:
    """The question with what was noticed in it, and the choices: a page, or the same panel for the chat's script."""
    if wants_json():
        html = get_template_attribute("guard.html", "panel")(noticed)
        body = {"error": held_back(), "request": request_id(), "html": str(html)}
        return jsonify(body), HTTPStatus.UNPROCESSABLE_ENTITY
    page = _page(_continued(noticed.asked.conversation or ""), noticed.asked.question, noticed=noticed)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _again(problem: Problem, draft: str, key: str) -> str:
    """The page that the form came from, with what is wrong and the question still in the box."""
    return _page(_continued(key), draft, sentence(problem.reason))


def _continued(key: str) -> Conversation:
    """The conversation that a form continues; an empty one where it cannot be read."""
    try:
        found = services().conversations.read(visitor(), key) if key else None
    except ConversationsError:
        found = None
    return found or _EMPTY


def _place(id_: str | None) -> str:
    """The id of a module or unit of the course, or nothing where it is none."""
    course = services().course
    return id_ if id_ and (id_ in course.units or any(id_ == module.id for module in course.modules)) else ""


def _starters(within: str) -> tuple[Starters, ...]:
    return starters(services().course, datetime.now().astimezone().date(), within)


def _page(  # noqa: PLR0913  (a page and what is to be said on it)
    held: Conversation = _EMPTY,
    draft: str = "",
    problem: str = "",
    *,
    lost: bool = False,
    noticed: Notice | None = None,
    editing: int = 0,
) -> str:
    """The chat page over a conversation; `lost` says that its answer could not be kept, `editing` is the turn whose question is in the box."""
    places = services().places
    section = places.sections.get(request.args.get("section", ""))
    within = _place(noticed.asked.module if noticed else request.args.get("module"))
    beginning = not (held.turns or section or noticed)
    return render_template(
        "chat.html",
        turns=[(turn.number, services().terms.explained(show(turn.reply, places)), _after(turn, held)) for turn in held.turns],
        conversation=held.id,
        title=held.title,
        draft=draft,
        problem=problem,
        lost=lost,
        noticed=noticed,
        section=section,
        modules=services().course.modules,
        units=services().course.units,
        within=within,
        course=services().course,
        beginning=beginning,
        starters=_starters(within) if beginning else (),
        longest=LONGEST_QUESTION,
        attempt=secrets.token_urlsafe(12),
        editing=editing or (noticed.asked.replaces if noticed else 0),
        recent=recent(),
    )


def _after(turn: Turn, held: Conversation) -> After:
    """What stands below a turn; questions to go on with stand below the last alone."""
    if turn is not held.turns[-1]:
        return After(turn, held.id)
    return after_last(turn, held.id, held.turns[:-1], services())
