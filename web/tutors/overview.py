"""The first page of the tutors: how many questions were asked, and how it went.

Knows nothing of single trainees: no view is narrower than a few conversations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from web.tutors.guarding import guard

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = guard(Blueprint("tutor", __name__, url_prefix="/tutor"))


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """Questions over time, by state and by module."""
    return render_template("tutor_overview.html")
