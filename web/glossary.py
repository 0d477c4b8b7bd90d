"""The glossary: the terms of the course in English and Chinese, filtered by any of their names.

Knows nothing of the course text that explains them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from web.asking import readable
from web.services import services

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from corpus.course import GlossaryEntry

_LONGEST_FILTER = 100

blueprint = Blueprint("glossary", __name__)


def init_app(app: Flask) -> None:
    """Give the app its glossary."""
    app.register_blueprint(blueprint)


@blueprint.get("/glossary")
def page() -> ResponseReturnValue:
    """The terms, all of them or those that hold the words of `?q=`."""
    wanted = readable(request.args.get("q", "")).strip()[:_LONGEST_FILTER]
    entries = sorted(services().course.glossary, key=lambda entry: entry.term.casefold())
    matching = [entry for entry in entries if wanted.casefold() in names(entry)]
    return render_template("glossary.html", entries=matching, wanted=wanted, sections=services().places.sections)


def names(entry: GlossaryEntry) -> str:
    """Everything an entry can be found by, in lower case."""
    return " · ".join((*entry.names, *entry.chinese, *entry.genes, *entry.conditions)).casefold()
