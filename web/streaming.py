"""A turn as server-sent events, in the order in which it is read: understood, state, sentence..., nearest, done.

Each event's data is JSON and carries the same `html` that the page without JavaScript has, made by the same templates, so
there is one way in which an answer looks. Knows nothing of forms or of how the answer came about.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import render_template, url_for

from web.answers import show
from web.language import gettext as _
from web.language import ngettext
from web.wire import encode_reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from web.asking import Answered
    from web.places import Places


def events(answered: Answered, places: Places) -> Iterator[str]:
    """The events of a turn. Must be run within its request: templates are rendered on the way."""
    body = encode_reply(answered.turn.reply)
    shown = show(answered.turn.reply, places)
    known = {"shown": shown, "number": answered.turn.number, "conversation": answered.conversation}

    def part(name: str, **more: object) -> str:
        return render_template("part.html", part=name, **known, **more).strip()

    yield _event("understood", {**body["question"], "html": part("shell")})
    stated = {"state": shown.state, "confidence": shown.confidence, "missing": shown.missing, "reason": shown.reason}
    yield _event("state", {**stated, "html": part("state")})
    position = 0
    for number, group in enumerate(shown.groups):
        for place, said in enumerate(group.sentences):
            opens = part("group", group=group) if place == 0 else ""
            html = part("said", group=group, said=said)
            yield _event("sentence", {**body["sentences"][position], "group": number, "opens": opens, "html": html})
            position += 1
    offered = [{"passage": one.passage, "headings": one.headings, "url": one.url} for one in shown.offered]
    yield _event("nearest", {"sections": offered, "html": part("tail")})
    url = url_for("chat.conversation", key=answered.conversation) if answered.conversation else ""
    yield _event("done", {"conversation": answered.conversation, "turn": answered.turn.number, "url": url, "announcement": _announcement(position)})


def _announcement(sentences: int) -> str:
    """What a screen reader says when the answer is there: that it is, and how long it is; the rest is read at the reader's own pace."""
    if not sentences:
        return _("The reply is ready.")
    return ngettext("The answer is ready: %(num)d sentence.", "The answer is ready: %(num)d sentences.", sentences)


def _event(name: str, data: Mapping[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
