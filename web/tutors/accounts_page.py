"""The page of accounts: one's own password for every tutor, everyone's account for admins; and the audit trail.

Knows nothing of how a password is kept.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, session, url_for

from web.asking import readable
from web.language import gettext as _
from web.tutors.accounts import AccountRefusedError
from web.tutors.guarding import SESSION, accounts, audit, current_tutor, guard, require_admin, sessions, throttle, trail
from web.tutors.refusals import refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = guard(Blueprint("tutor_accounts", __name__, url_prefix="/tutor/accounts"))

_ENTRIES = 50


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The accounts that this tutor may see."""
    return _page()


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other session of the account ends."""
    name, address = current_tutor().name, request.remote_addr or ""
    if throttle().attempt(name, address) or accounts().verified(name, request.form.get("current", "")) is None:
        return _page(own_problem=_("The present password is wrong; type it again, after a minute if this was not the first time.")), 403
    throttle().succeeded(name, address)
    try:
        accounts().set_password(name, request.form.get("password", ""))
    except AccountRefusedError as error:
        return _page(own_problem=refusal(error.reason, _)), HTTPStatus.BAD_REQUEST
    audit("password-changed", name)
    session[SESSION] = sessions().start(name, old=str(session.get(SESSION, "")))
    return _done("password")


@blueprint.post("/add")
def add() -> ResponseReturnValue:
    """Make an account for another tutor."""
    require_admin()
    name, role = readable(request.form.get("name", "")), request.form.get("role")
    try:
        tutor = accounts().add(name, request.form.get("password", ""), "admin" if role == "admin" else "tutor")
    except AccountRefusedError as error:
        return _page(problem=refusal(error.reason, _), name=name), HTTPStatus.BAD_REQUEST
    audit("account-added", tutor.name, tutor.role)
    return _done("added")


@blueprint.post("/reset")
def reset() -> ResponseReturnValue:
    """Give another tutor a new password, which ends their sessions."""
    require_admin()
    name = readable(request.form.get("name", ""))
    try:
        accounts().set_password(name, request.form.get("password", ""))
    except AccountRefusedError as error:
        return _page(problem=refusal(error.reason, _)), HTTPStatus.BAD_REQUEST
    audit("password-reset", name)
    return _done("reset")


@blueprint.post("/remove")
def remove() -> ResponseReturnValue:
    """Remove an account. What its tutor did stays in the audit trail."""
    require_admin()
    name = readable(request.form.get("name", ""))
    try:
        accounts().remove(name)
    except AccountRefusedError as error:
        return _page(problem=refusal(error.reason, _)), HTTPStatus.BAD_REQUEST
    trail().add(current_tutor().name, "account-removed", name)
    return _done("removed")


@blueprint.get("/trail")
def audit_trail() -> ResponseReturnValue:
    """What was changed by whom, newest first."""
    before = request.args.get("before", type=int)
    entries = trail().newest(_ENTRIES + 1, before)
    older = entries[_ENTRIES - 1].number if len(entries) > _ENTRIES else None
    return render_template("tutor_trail.html", entries=entries[:_ENTRIES], older=older)


def _page(*, problem: str = "", own_problem: str = "", name: str = "") -> str:
    everyone = accounts().everyone() if current_tutor().is_admin else []
    done = request.args.get("done", "") if request.method == "GET" else ""
    return render_template(
        "tutor_accounts.html", everyone=everyone, me=current_tutor(), problem=problem, own_problem=own_problem, name=name, done=done
    )


def _done(what: str) -> ResponseReturnValue:
    return redirect(url_for(".page", done=what), HTTPStatus.SEE_OTHER)
