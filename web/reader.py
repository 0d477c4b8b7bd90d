"""The reader: the course as a book, where every citation lands on the very sentence.

Knows nothing of questions or answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, send_file

from web.language import gettext as _
from web.pages import figure_path, page_html
from web.problems import Problem
from web.services import services

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from corpus.course import Unit

blueprint = Blueprint("reader", __name__, url_prefix="/course")

_FIGURE_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A module with its units, or the units that are in no module (`title` is empty then)."""

    id: str
    title: str
    units: tuple[Unit, ...]


def init_app(app: Flask) -> None:
    """Give the app its reader."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
def contents() -> ResponseReturnValue:
    """The modules and units of the course."""
    return render_template("contents.html", course=services().course, shelves=_shelves())


@blueprint.get("/<path:unit>")
def unit(unit: str) -> ResponseReturnValue:
    """A unit: a whole page, or with `?view=pane` its text alone, for the pane beside the chat."""
    found = services().course.units.get(unit)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-unit")
    places = services().places
    position = places.order.index(found.id)
    order = [services().course.units[key] for key in places.order]
    return render_template(
        "pane.html" if request.args.get("view") == "pane" else "unit.html",
        unit=found,
        html=page_html(found, _("Ask about this section"), _("Table")),
        module_id=next((key for key, title in places.module_titles.items() if title == found.module), ""),
        reviewed=_day(found.reviewed),
        previous=order[position - 1] if position else None,
        following=order[position + 1] if position + 1 < len(order) else None,
        toc=[section for section in found.sections if section.level in (2, 3)],
    )


@blueprint.get("/<path:unit>/figures/<name>.svg")
def figure(unit: str, name: str) -> ResponseReturnValue:
    """A figure beside a unit. It may style itself; it may run and load nothing."""
    found = services().course.units.get(unit)
    path = figure_path(Path(services().course.folder), found.file, f"{name}.svg") if found else None
    if path is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-figure")
    response = send_file(path, mimetype="image/svg+xml", conditional=True)
    response.headers["Content-Security-Policy"] = _FIGURE_CSP
    return response


def _shelves() -> list[Shelf]:
    course = services().course
    shelves = [Shelf(one.id, one.title, tuple(course.units[key] for key in one.units if key in course.units)) for one in course.modules]
    shelved = {unit.id for shelf in shelves for unit in shelf.units}
    rest = tuple(course.units[key] for key in services().places.order if key not in shelved)
    return [shelf for shelf in (*shelves, Shelf("", "", rest)) if shelf.units]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
