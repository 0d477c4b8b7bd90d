"""The chat: a page to ask on, the form behind it, and the same answer as a stream.

The stream is a post read with fetch, not an EventSource: a question of up to 2,000 characters, perhaps about a patient, then
stands in no address, history or log, the form's token guards it, and a lost connection does not ask again by itself. Knows nothing of how an answer is found.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for

from web.asking import LONGEST_QUESTION, Asked, answer, readable
from web.conversations import Conversation, ConversationsError
from web.problems import EVENT_STREAM, Problem, sentence, wants_json
from web.security import visitor
from web.services import services
from web.starters import starters
from web.streaming import events
from web.taught import show

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("chat", __name__)

_EMPTY = Conversation("", "", ())


def init_app(app: Flask) -> None:
    """Give the app its chat."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """An empty conversation, with questions to start from."""
    return _page(draft=readable(request.args.get("question", ""))[:LONGEST_QUESTION])


@blueprint.get("/chat/<key>")
def conversation(key: str) -> ResponseReturnValue:
    """A conversation of this browser."""
    try:
        found = services().conversations.read(visitor(), key)
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    return _page(found)


@blueprint.post("/ask")
def ask() -> ResponseReturnValue:
    """Answer a form, then show the conversation that holds the answer."""
    try:
        answered = answer(Asked.read(request.form), visitor(), services())
    except Problem as problem:
        if wants_json():
            raise
        draft = readable(request.form.get("question", ""))[: 2 * LONGEST_QUESTION]
        return _again(problem, draft, request.form.get("conversation", "")), problem.status
    if answered.conversation is None:
        return _page(Conversation("", "", (answered.turn,)), lost=True)
    address = url_for(".conversation", key=answered.conversation, _anchor=f"turn-{answered.turn.number}")
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.post("/ask/stream")
def ask_stream() -> ResponseReturnValue:
    """Answer a form as events."""
    answered = answer(Asked.read(request.form), visitor(), services())
    stream = stream_with_context(events(answered, services().places))
    return Response(stream, mimetype=EVENT_STREAM, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether questions can be answered, for whatever watches the server."""
    ready = services().assistant is not None
    body = {"status": "ok" if ready else "unavailable", "units": len(services().course.units)}
    return body, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE


def _again(problem: Problem, draft: str, key: str) -> str:
    """The page that the form came from, with what is wrong and the question still in the box."""
    try:
        found = services().conversations.read(visitor(), key) if key else None
    except ConversationsError:
        found = None
    return _page(found or _EMPTY, draft, sentence(problem.reason))


def _page(held: Conversation = _EMPTY, draft: str = "", problem: str = "", *, lost: bool = False) -> str:
    """The chat page over a conversation; `lost` says that its answer could not be kept."""
    places = services().places
    section = places.sections.get(request.args.get("section", ""))
    return render_template(
        "chat.html",
        turns=[(turn.number, show(turn.reply, places)) for turn in held.turns],
        conversation=held.id,
        title=held.title,
        draft=draft,
        problem=problem,
        lost=lost,
        section=section,
        modules=services().course.modules,
        course=services().course,
        starters=() if held.turns else starters(services().course),
        longest=LONGEST_QUESTION,
    )
