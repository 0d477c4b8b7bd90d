"""Who may see a page: every route of a guarded blueprint needs a tutor who has signed in.

Knows nothing of what the pages show.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import current_app, g, redirect, request, session, url_for

from web.problems import Problem, sentence, shown, wants_json
from web.tutors.accounts import Accounts, Role, Tutor
from web.tutors.records import Records
from web.tutors.sessions import Sessions
from web.tutors.throttle import Throttle
from web.tutors.trail import Trail

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Blueprint, Flask, Response
    from flask.typing import ResponseReturnValue

SESSION = "tutor"
"""Where the signed cookie holds the key of the tutor's session; the session itself is kept on the server."""

_KEY = "genomics-tutor records"
_THROTTLE = "genomics-tutor attempts"


def keep_records(app: Flask, data: Path) -> None:
    """Give the app the tutors' file in the data folder."""
    app.extensions[_KEY] = Records(data / "tutors.sqlite")
    app.extensions[_THROTTLE] = Throttle()


def accounts() -> Accounts:
    """The accounts of the app that handles this request."""
    return Accounts(_records())


def sessions() -> Sessions:
    """The sessions of the app that handles this request."""
    return Sessions(_records())


def trail() -> Trail:
    """The audit trail of the app that handles this request."""
    return Trail(_records())


def throttle() -> Throttle:
    """What slows down attempts to sign in to the app that handles this request."""
    return cast("Throttle", current_app.extensions[_THROTTLE])


def signed_in() -> Tutor | None:
    """The tutor whose browser sent this request, or None."""
    if "tutor" not in g:
        g.tutor = None  # should the file be unreadable, the page that says so asks again
        g.tutor = sessions().tutor(str(session.get(SESSION, "")))
    return cast("Tutor | None", g.tutor)


def current_tutor() -> Tutor:
    """The tutor whose browser sent this request. Raises Problem where none has signed in; behind `guard` there is always one."""
    tutor = signed_in()
    if tutor is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "sign-in-first")
    return tutor


def require_admin() -> None:
    """Let only admins go on. Raises Problem."""
    if not current_tutor().is_admin:
        raise Problem(HTTPStatus.FORBIDDEN, "admins-only")


def audit(action: str, subject: str, detail: str = "") -> None:
    """Note in the audit trail that the tutor who has signed in did something to a subject."""
    trail().add(current_tutor().name, action, subject, detail)


def guard(blueprint: Blueprint, role: Role = "tutor") -> Blueprint:
    """Close every route of a blueprint to whoever has not signed in, or is no admin where `role` is "admin"; the blueprint itself."""
    blueprint.before_request(_only_admins if role == "admin" else _only_tutors)
    blueprint.after_request(_never_stored)
    return blueprint


def _only_tutors() -> ResponseReturnValue | None:
    if signed_in() is not None:
        return None
    if wants_json():
        return shown(sentence("sign-in-first"), HTTPStatus.UNAUTHORIZED)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("tutor_door.sign_in", next=wanted), HTTPStatus.SEE_OTHER)


def _only_admins() -> ResponseReturnValue | None:
    answer = _only_tutors()
    if answer is None:
        require_admin()
    return answer


def _never_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _records() -> Records:
    return cast("Records", current_app.extensions[_KEY])
