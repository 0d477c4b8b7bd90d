"""What keeps the pages safe: headers on every response, and a token on every post.

The token is the visitor's id signed with the app's key, different on each page (so that it cannot be guessed from the sizes of
compressed pages). It is checked here for every method that changes something, so a new route
cannot forget it. Knows nothing of what a post does.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, request, session
from itsdangerous import BadSignature, Signer

from web.problems import Problem

if TYPE_CHECKING:
    from flask import Flask, Response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WITHOUT_TOKEN = frozenset({"api"})
"""The blueprints whose posts carry no token: they read no cookie, so nobody can be made to act there, and they guard themselves."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_VISITOR = "visitor"
_TUTOR = "tutor"
_FIELD = "token"


def init_app(app: Flask) -> None:
    """Guard every request and response of the app."""
    app.config.update(
        SESSION_COOKIE_NAME="genomics_tutor",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=180),
    )
    app.before_request(_check_token)
    app.after_request(_set_headers)
    app.jinja_env.globals["form_token"] = form_token


def visitor() -> str:
    """The id of this browser: random, in a signed cookie, tied to no person."""
    if _VISITOR not in session:
        session[_VISITOR] = secrets.token_urlsafe(16)
        session.permanent = True
    return str(session[_VISITOR])


def returning_visitor() -> str | None:
    """The id of this browser if it brought one along, so that a first visit writes nothing."""
    return str(session[_VISITOR]) if _VISITOR in session else None


def form_token() -> str:
    """The token that a form of this visitor carries."""
    visitor()
    return _signer().sign(f"{secrets.token_hex(8)}.{_owner()}").decode("ascii")


def _owner() -> str:
    """Whose forms these are: the visitor's and, once a tutor has signed in, that session's alone."""
    return f"{session.get(_VISITOR, '')}{session.get(_TUTOR, '')}"


def _signer() -> Signer:
    return Signer(str(current_app.config["SECRET_KEY"]), salt="form token")


def _check_token() -> None:
    if request.method in _SAFE or request.blueprint in WITHOUT_TOKEN:
        return
    if request.routing_exception is not None:  # no view will run: what is wrong is the address or the method
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem(HTTPStatus.BAD_REQUEST, "foreign-form")
    try:
        signed = _signer().unsign(request.form.get(_FIELD, "").encode("utf-8", "replace")).decode("ascii")
    except (BadSignature, UnicodeDecodeError):
        signed = ""
    signed_for = signed.partition(".")[2]
    if not signed_for or not secrets.compare_digest(signed_for.encode(), _owner().encode()):
        raise Problem(HTTPStatus.BAD_REQUEST, "form-expired")


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
