"""The first account: made on a page that works once, on the machine that serves, for whoever reads the key that `serve` prints.

Knows nothing of the accounts that follow.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for

from web.asking import readable
from web.language import gettext as _
from web.problems import Problem
from web.tutors.accounts import AccountRefusedError
from web.tutors.guarding import SESSION, accounts, sessions, trail
from web.tutors.refusals import refusal

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("tutor_first", __name__, url_prefix="/tutor")

_KEY = "genomics-tutor first account"


def init_app(app: Flask) -> None:
    """Give the app a key for the first account: random, known to this process alone."""
    app.extensions[_KEY] = secrets.token_urlsafe(24)


def first_account_path(app: Flask) -> str:
    """Where the first account is made, with the key in it; empty if there is an account already. Raises RecordsError."""
    with app.test_request_context():
        return "" if accounts().exist() else url_for("tutor_first.page", key=app.extensions[_KEY])


@blueprint.get("/set-up")
def page() -> ResponseReturnValue:
    """The form for the first account."""
    key = readable(request.args.get("key", ""))
    _check(key)
    return _form(key)


@blueprint.post("/set-up")
def make() -> ResponseReturnValue:
    """Make the first account, an admin's, and sign in."""
    key, name = readable(request.form.get("key", "")), readable(request.form.get("name", ""))
    _check(key)
    try:
        tutor = accounts().add(name, request.form.get("password", ""), "admin", only_first=True)
    except AccountRefusedError as error:
        return _form(key, name, refusal(error.reason, _)), HTTPStatus.BAD_REQUEST
    trail().add(tutor.name, "account-added", tutor.name, "admin")
    session[SESSION] = sessions().start(tutor.name)
    return redirect(url_for("tutor.overview"), HTTPStatus.SEE_OTHER)


def _check(key: str) -> None:
    """Raises Problem unless there is no account yet, the key is right, and browser and server are on one machine."""
    expected = str(current_app.extensions[_KEY])
    if accounts().exist() or not _on_this_machine() or not secrets.compare_digest(key.encode(), expected.encode()):
        raise Problem(HTTPStatus.NOT_FOUND, "no-set-up")


def _on_this_machine() -> bool:
    """Whether the request came over loopback, and under a name of loopback: a page elsewhere cannot have its own name lead here."""
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
    return _is_loopback(request.remote_addr or "") and (host.casefold() == "localhost" or _is_loopback(host.strip("[]")))


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _form(key: str, name: str = "", problem: str = "") -> str:
    return render_template("tutor_first_account.html", key=key, name=name, problem=problem)
