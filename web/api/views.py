"""The addresses for programs: ask, search, say what one thinks of an answer, and the document that describes them.

A browser that acts for a page of another site is turned away, and a body must say that it is JSON, which no plain form of
another site can. Knows nothing of how an answer is found.
"""

from __future__ import annotations

import json
import logging
import re
import time
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from flask import Blueprint, Response, jsonify, request

from assistant import feedback
from assistant.journal import JournalError
from assistant.wire import SearchLine, answer_line, hit_line
from web.api import PREFIX
from web.api.bodies import AnswerBody, FieldError, KeptBody, ask_body, feedback_body, read_object, search_body
from web.asking import Asked, record, reply_to
from web.language import gettext as _
from web.problems import Problem, shown
from web.services import services
from web.tracing import request_id

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.journal import Journal

_LOG = logging.getLogger(__name__)
_JSON = "application/json"
_OWN_SITE = ("same-origin", "none")

blueprint = Blueprint("api", __name__, url_prefix=f"{PREFIX}v1")


def init_app(app: Flask) -> None:
    """Give the app its addresses for programs."""
    app.register_blueprint(blueprint)


@blueprint.before_request
def _from_no_other_site() -> None:
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE:
        raise Problem(HTTPStatus.BAD_REQUEST, "foreign-program")


@blueprint.after_request
def _not_kept(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@blueprint.errorhandler(FieldError)
def _field(error: FieldError) -> ResponseReturnValue:
    if not error.field:
        return shown(
            _("The body is not a JSON object that can be read; send one as /api/v1/openapi.json describes."), HTTPStatus.BAD_REQUEST
        )
    field = error.field[:40]
    text = _("The field “%(field)s” is missing, unknown, or of the wrong kind or size; see /api/v1/openapi.json.", field=field)
    return shown(text, HTTPStatus.BAD_REQUEST)


@blueprint.post("/ask")
def ask() -> ResponseReturnValue:
    """Answer a question."""
    body = ask_body(_sent())
    places = services().places
    if body["module"] and body["module"] not in places.module_titles:
        raise Problem(HTTPStatus.NOT_FOUND, "no-module")
    if body["section"] and body["section"] not in places.sections:
        raise Problem(HTTPStatus.NOT_FOUND, "no-section")
    asked = Asked(body["question"], module=body["module"] or None, section=body["section"] or None, literal=body["literal"])
    started = time.perf_counter()
    reply = reply_to(asked, tuple(body["history"]), services())
    line = answer_line(request_id(), reply, (time.perf_counter() - started) * 1000)
    return jsonify(AnswerBody(**line, event=record(asked, reply, "", services())))


@blueprint.route("/search", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """Find passages."""
    body = search_body(_sent() if request.method == "POST" else _queried())
    assistant = services().assistant
    if assistant is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    try:
        found = assistant.search(body["q"], body["k"])
    except Exception as error:
        _LOG.exception("the search failed")
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable") from error
    return jsonify(SearchLine(id=request_id(), hits=[hit_line(hit) for hit in found.hits]))


@blueprint.post("/feedback")
def judge() -> ResponseReturnValue:
    """Keep what a reader thinks of an answer, for the tutors."""
    body = feedback_body(_sent())
    journal = services().journal
    if journal is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "feedback-not-kept")
    try:
        if not _is_question(journal, body["about"]):
            raise Problem(HTTPStatus.NOT_FOUND, "no-event")
        kept = feedback.feedback_body(body["about"], body["verdict"], body.get("reason", ""), body.get("comment", ""))
        event = journal.add(feedback.FEEDBACK, dict(kept))
    except JournalError as error:
        _LOG.error("%s", error)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "feedback-not-kept") from error
    return jsonify(KeptBody(event=event)), HTTPStatus.CREATED


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The document that describes these addresses."""
    response = Response(json.dumps(document(), ensure_ascii=False), mimetype=_JSON)
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, as `openapi.yaml` has it."""
    found: dict[str, Any] = yaml.safe_load((files("web.api") / "openapi.yaml").read_text(encoding="utf-8"))
    return found


def _is_question(journal: Journal, event: str) -> bool:
    found = journal.event(event)
    return found is not None and found.kind == "question"


def _sent() -> dict[str, Any]:
    """The object in the request's body."""
    if request.mimetype != _JSON:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json")
    return read_object(request.get_data(cache=False))


def _queried() -> dict[str, Any]:
    """The search in the request's address."""
    values: dict[str, Any] = request.args.to_dict()
    if re.fullmatch(r"[0-9]{1,4}", values.get("k", "")):
        values["k"] = int(values["k"])
    return values
