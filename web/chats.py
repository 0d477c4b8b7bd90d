"""A browser's conversations: found again, renamed, deleted.

Each change is a form of its own, and deleting asks first, so that all of it works without JavaScript. Knows nothing of how a conversation is held.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from web.asking import readable
from web.conversations import TITLE_LENGTH, ConversationsError, titled
from web.problems import Problem
from web.security import visitor
from web.services import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from web.conversations import Listed

blueprint = Blueprint("chats", __name__, url_prefix="/chats")

RECENT = 20
"""How many conversations stand beside the chat."""

_ON_A_PAGE = 25
_LAST_PAGE = 1000
_LONGEST_SEARCH = 200


def init_app(app: Flask) -> None:
    """Give the app its conversations."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["day"] = date.fromtimestamp


def recent() -> tuple[Listed, ...]:
    """The visitor's latest conversations; none where they cannot be read, for the chat beside them still works."""
    try:
        return services().conversations.listed(visitor(), limit=RECENT)
    except ConversationsError:
        return ()


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The visitor's conversations, page by page; `?q=` finds words in titles and questions, `?view=panel` gives the latest alone."""
    if request.args.get("view") == "panel":
        return render_template("chats_panel.html", recent=recent(), conversation=request.args.get("current", ""))
    search = readable(request.args.get("q", "")).strip()[:_LONGEST_SEARCH]
    number = min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    with _kept():
        found = services().conversations.listed(visitor(), search, skip=(number - 1) * _ON_A_PAGE, limit=_ON_A_PAGE + 1)
    return render_template(
        "chats.html",
        listed=found[:_ON_A_PAGE],
        more=len(found) > _ON_A_PAGE,
        page=number,
        search=search,
        told=request.args.get("told", ""),
        longest_title=TITLE_LENGTH,
        longest_search=_LONGEST_SEARCH,
    )


@blueprint.post("/<key>/rename")
def rename(key: str) -> ResponseReturnValue:
    """Give a conversation another title."""
    title = titled(readable(request.form.get("title", "")))
    if not title:
        raise Problem(HTTPStatus.BAD_REQUEST, "no-title")
    with _kept():
        if not services().conversations.rename(visitor(), key, title):
            raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    return redirect(url_for(".page", told="renamed"), HTTPStatus.SEE_OTHER)


@blueprint.get("/<key>/delete")
def confirm(key: str) -> ResponseReturnValue:
    """Ask whether the conversation is to be deleted."""
    with _kept():
        found = services().conversations.read(visitor(), key)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    return render_template("chats_delete.html", action=url_for(".delete", key=key), conversation=found)


@blueprint.post("/<key>/delete")
def delete(key: str) -> ResponseReturnValue:
    """Delete a conversation."""
    with _kept():
        if not services().conversations.delete(visitor(), key):
            raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    return redirect(url_for(".page", told="deleted"), HTTPStatus.SEE_OTHER)


@blueprint.get("/delete")
def confirm_all() -> ResponseReturnValue:
    """Ask whether all conversations are to be deleted: whoever used somebody else's computer leaves nothing on it."""
    return render_template("chats_delete.html", action=url_for(".delete_all"), conversation=None)


@blueprint.post("/delete")
def delete_all() -> ResponseReturnValue:
    """Delete all conversations of this browser."""
    with _kept():
        services().conversations.delete(visitor())
    return redirect(url_for(".page", told="all-deleted"), HTTPStatus.SEE_OTHER)


@contextmanager
def _kept() -> Iterator[None]:
    """Say in words that conversations cannot be read or written now."""
    try:
        yield
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error
