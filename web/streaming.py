"""A question answered as server-sent events, in the order in which they are read: understood, state, sentence..., nearest, done.

Each event's data is JSON and carries the same `html` that the page without JavaScript has, made by the same templates, so
there is one way in which an answer looks. Knows nothing of forms or of how an answer comes about.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for

from web.after import after_last
from web.asking import answer
from web.language import gettext as _
from web.language import ngettext
from web.problems import Problem, sentence
from web.taught import show
from web.tracing import request_id
from web.wire import encode_reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from web.asking import Answered, Asked
    from web.services import Services


_RECEIVED = ": received\n\n"
"""A line that whoever reads events passes over: the connection stands, and what comes next may take a moment among many readers."""


def events(asked: Asked, visitor: str, collaborators: Services) -> Iterator[str]:
    """The question answered and kept, and its turn as events; one event, `problem`, where it cannot be answered.

    Must be run within its request: templates are rendered on the way.
    """
    yield _RECEIVED
    try:
        answered = answer(asked, visitor, collaborators)
    except Problem as problem:
        yield _event("problem", {"error": sentence(problem.reason), "request": request_id()})
        return
    # In one piece: they are ready within milliseconds of each other, and each piece sent alone has the server look at every connection.
    yield "".join(_turn(answered, collaborators))


def _turn(answered: Answered, collaborators: Services) -> Iterator[str]:
    number, reply = answered.turn.number, answered.turn.reply
    body = encode_reply(reply)
    shown = collaborators.terms.explained(show(reply, collaborators.places))
    turn = _templates()
    url = url_for("chat.conversation", key=answered.conversation) if answered.conversation else ""
    kept = {"conversation": answered.conversation, "turn": number, "url": url}
    yield _event("understood", {**body["question"], **kept, "html": turn.shell(shown, number, answered.conversation).strip()})
    stated = {
        "state": shown.state,
        "confidence": shown.confidence,
        "missing": shown.missing,
        "reason": shown.reason,
        "elsewhere": shown.elsewhere,
    }
    yield _event("state", {**stated, "html": turn.state(shown).strip()})
    position = 0
    for count, group in enumerate(shown.groups):
        for place, said in enumerate(group.sentences):
            opens = "" if place else turn.group(group, number).strip()
            made = {"group": count, "opens": opens, "html": turn.said(group, said, number).strip()}
            yield _event("sentence", {**body["sentences"][position], **made})
            position += 1
    offered = [{"passage": one.passage, "headings": one.headings, "url": one.url} for one in shown.offered]
    yield _event(
        "nearest",
        {
            "sections": offered,
            "html": turn.tail(
                shown, number, after_last(answered.turn, answered.conversation or "", answered.earlier, collaborators)
            ).strip(),
        },
    )
    yield _event("done", {**kept, "announcement": _announcement(position)})


def _templates() -> Any:
    """The macros of `turn.html` within this request, loaded once a turn rather than once a part."""
    context: dict[str, Any] = {}
    current_app.update_template_context(context)
    return current_app.jinja_env.get_template("turn.html").make_module(context)


def _announcement(sentences: int) -> str:
    """What a screen reader says when the answer is there: that it is, and how long it is; the rest is read at the reader's own pace."""
    if not sentences:
        return _("The reply is ready.")
    return ngettext("The answer is ready: %(num)d sentence.", "The answer is ready: %(num)d sentences.", sentences)


def _event(name: str, data: Mapping[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
