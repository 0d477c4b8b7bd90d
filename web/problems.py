"""What a person reads when a request cannot be served: one sentence that says what is wrong and what to do.

Knows nothing of the routes.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, TypedDict

from flask import jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from web.api import PREFIX
from web.language import gettext as _
from web.tracing import request_id

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

_LOG = logging.getLogger(__name__)
EVENT_STREAM = "text/event-stream"

Reason = Literal[
    "foreign-form",
    "form-expired",
    "no-question",
    "question-too-long",
    "unavailable",
    "no-conversation",
    "no-title",
    "not-kept",
    "no-unit",
    "no-figure",
    "no-section",
    "bookmarks-full",
    "bookmarks-not-kept",
    "foreign-program",
    "not-json",
    "no-module",
    "no-event",
    "feedback-not-kept",
    "no-journal",
    "no-verdict",
    "sign-in-first",
    "admins-only",
    "not-saved",
    "no-answer",
    "no-course-text",
    "no-set-up",
    "no-period",
    "no-gap",
    "no-practice",
    "no-practice-question",
    "practice-not-kept",
]


class Problem(Exception):  # noqa: N818  (it is what the person meets, not a fault of the program)
    """A request that gets a sentence instead of what it asked for."""

    def __init__(self, status: HTTPStatus, reason: Reason) -> None:
        """A problem of this kind."""
        super().__init__(reason)
        self.status = status
        self.reason: Reason = reason


class ProblemBody(TypedDict):
    """A problem as a program reads it."""

    error: str
    request: str


def init_app(app: Flask) -> None:
    """Answer every error of the app in words."""
    app.register_error_handler(Problem, _show_problem)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(Exception, _show_fault)


def sentence(reason: Reason) -> str:  # noqa: C901, PLR0911, PLR0912  (a sentence for each reason)
    """What to tell the person."""
    match reason:
        case "foreign-form":
            return _("This form was sent from another site; open the page here and send it again.")
        case "form-expired":
            return _("This page has expired, or cookies are switched off; allow cookies for this site, reload the page and ask again.")
        case "no-question":
            return _("There is no question; type one and send it again.")
        case "question-too-long":
            return _("The question is longer than 2,000 characters; shorten it and send it again.")
        case "unavailable":
            return _("The assistant cannot answer now; read the course in the meantime, or ask again in a minute.")
        case "no-conversation":
            return _("This conversation is not kept in this browser; start a new one.")
        case "no-title":
            return _("The title is empty; type one and save it again.")
        case "not-kept":
            return _("Conversations cannot be read now; reload the page in a minute, and tell your tutor if it goes on.")
        case "no-unit":
            return _("The course has no such unit; choose one from the contents.")
        case "not-saved":
            return _("What tutors write cannot be read or kept now; see that the data folder may be written to and has room.")
        case "no-course-text":
            return _("This unit cannot be read or saved now; see that the folder of the course may be written to and has room.")
        case "no-answer":
            return _("There is no such answer; choose one from the list.")
        case "no-figure":
            return _("The course has no such figure; open the unit and choose one there.")
        case "no-section":
            return _("The course has no such section; open the unit and choose one there.")
        case "bookmarks-full":
            return _("You have as many bookmarks as can be kept; remove one of them first.")
        case "bookmarks-not-kept":
            return _("Bookmarks cannot be kept now; try again in a minute, and tell your tutor if it goes on.")
        case "foreign-program":
            return _("A page of another site may not use this address; call it from a program.")
        case "not-json":
            return _("The body must be JSON; send it with the content type application/json.")
        case "no-module":
            return _("The course has no such module; give the id of one, or none.")
        case "no-event":
            return _("The journal has no question with this id; give the “event” of an answer.")
        case "feedback-not-kept":
            return _("Feedback cannot be kept now; send it again in a minute.")
        case "no-verdict":
            return _("The feedback could not be read; reload the page and choose helpful or not helpful.")
        case "sign-in-first":
            return _("This page is for tutors; sign in and try again.")
        case "no-period":
            return _("These are no two days in order, at most ten years apart; give the first and the last day again.")
        case "no-journal":
            return _("The journal cannot be used now; see that the data folder may be written to and has room.")
        case "no-set-up":
            return _(
                "The first account is made once, on the machine that serves, with the address that it printed; sign in if there is one."
            )
        case "no-gap":
            return _("There is no such gap, or not any more; choose one from the list.")
        case "admins-only":
            return _("This page is for the tutor who manages accounts; ask them, or sign in under another name.")
        case "no-practice":
            return _("Practising is not possible now; read the course in the meantime, or try again in a minute.")
        case "no-practice-question":
            return _("The course has no such practice question (any more); choose what to practise from the practice page.")
        case "practice-not-kept":
            return _("Your practice cannot be kept or read now; try again in a minute, and tell your tutor if it goes on.")


def _http_sentence(status: int) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return _("There is no such page; go back, or choose one from the menu.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return _("This address does not take such a request; open the page and use its form.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE if request.blueprint == "tutor_text":
            return _("The unit is larger than 256 KB; split it into two units.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE if request.path.startswith("/tutor/"):
            return _(
                "What was sent is too large; send less at once, or take journal files in with the command “genomics-tutor journal import”."
            )
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _("The request is larger than 64 KB; shorten the question and send it again.")
        case _:
            return _("The request could not be read; reload the page and try again.")


def _show_problem(problem: Problem) -> ResponseReturnValue:
    return shown(sentence(problem.reason), problem.status)


def _show_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status < HTTPStatus.BAD_REQUEST:
        return error
    reply = shown(_http_sentence(status), status)
    for name, value in error.get_headers():
        if name == "Allow":
            reply[0].headers[name] = value
    return reply


def _show_fault(error: Exception) -> ResponseReturnValue:
    _LOG.error("fault", exc_info=error)
    return shown(_("Something failed on our side; try again, and tell your tutor if it goes on."), HTTPStatus.INTERNAL_SERVER_ERROR)


def shown(text: str, status: int) -> tuple[Response, int]:
    """The sentence as a page, or as JSON for a program and for the chat's own script."""
    if wants_json():
        return jsonify(ProblemBody(error=text, request=request_id())), status
    page = render_template("problem.html", sentence=text, request_id=request_id())
    return make_response(page), status


def wants_json() -> bool:
    """Whether the sender reads JSON rather than pages."""
    if request.path.startswith(PREFIX):
        return True
    accepted = request.accept_mimetypes
    return EVENT_STREAM in request.headers.get("Accept", "") or accepted.best_match(["text/html", "application/json"]) == "application/json"
