"""Signing in and out.

Knows nothing of what is behind the door.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, session, url_for

from web.asking import readable
from web.language import gettext as _
from web.language import local_address, ngettext
from web.tutors.guarding import SESSION, accounts, sessions, signed_in, throttle

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("tutor_door", __name__, url_prefix="/tutor")


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form that asks for name and password."""
    wanted = local_address(request.args.get("next", ""), url_for("tutor.overview"))
    if signed_in() is not None:
        return redirect(wanted, HTTPStatus.SEE_OTHER)
    return render_template("tutor_sign_in.html", wanted=wanted, name="", problem="")


@blueprint.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Begin a session, with a key that no earlier page of this browser has seen."""
    name, wanted = readable(request.form.get("name", "")), local_address(request.form.get("next", ""), url_for("tutor.overview"))
    address = request.remote_addr or ""
    wait = throttle().attempt(name, address)
    if wait:
        problem = ngettext(
            "There were too many attempts; try again in %(num)d second.",
            "There were too many attempts; try again in %(num)d seconds.",
            wait,
        )
        page = render_template("tutor_sign_in.html", wanted=wanted, name=name, problem=problem)
        return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(wait)}
    account = accounts().verified(name, request.form.get("password", ""))
    if account is None:
        problem = _("Name and password do not belong together; type both again.")
        return render_template("tutor_sign_in.html", wanted=wanted, name=name, problem=problem), HTTPStatus.FORBIDDEN
    throttle().succeeded(name, address)
    session[SESSION] = sessions().start(account.tutor.name, old=str(session.get(SESSION, "")))
    return redirect(wanted, HTTPStatus.SEE_OTHER)


@blueprint.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End this session, or with `everywhere=1` every session of the account."""
    tutor = signed_in()
    if tutor is not None and request.form.get("everywhere") == "1":
        accounts().end_sessions(tutor.name)
    sessions().end(str(session.pop(SESSION, "")))
    return redirect(url_for(".sign_in"), HTTPStatus.SEE_OTHER)
