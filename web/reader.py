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

from web.language import chosen_language
from web.language import gettext as _
from web.pages import PageWords, figure_path, page_html, reading_minutes, word_count
from web.problems import Problem
from web.reading import latest_bookmarks, marked_sections, stopped, unit_opened
from web.services import services

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from corpus.course import Section, Unit

blueprint = Blueprint("reader", __name__, url_prefix="/course")

_FIGURE_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_BOOKMARKS_SHOWN = 5
"""How many bookmarks stand on the contents page; the others are on a page of their own."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A module with its units, or the units that are in no module (`title` is empty then)."""

    id: str
    title: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """An outcome of a unit and the sections that teach it."""

    text: str
    sections: tuple[Section, ...]


def init_app(app: Flask) -> None:
    """Give the app its reader."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
def contents() -> ResponseReturnValue:
    """The modules and units of the course, where to read on, and what is marked."""
    marked = latest_bookmarks()
    return render_template(
        "contents.html",
        course=services().course,
        shelves=_shelves(),
        minutes={key: reading_minutes(word_count(found)) for key, found in services().course.units.items()},
        stopped=stopped(),
        marked=marked[:_BOOKMARKS_SHOWN],
        marked_count=len(marked),
    )


@blueprint.get("/<path:unit>")
def unit(unit: str) -> ResponseReturnValue:
    """A unit: a whole page, or with `?view=pane` its text alone, for the pane beside the chat."""
    found = services().course.units.get(unit)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-unit")
    places = services().places
    shown = {
        "unit": found,
        "module_id": next((key for key, title in places.module_titles.items() if title == found.module), ""),
        "reviewed": _day(found.reviewed),
    }
    language = chosen_language().replace("_", "-")
    words = PageWords(_("Ask about this section"), _("Table"), _("Bookmark"), _("Remove bookmark"), language)
    if request.args.get("view") == "pane":
        return render_template("pane.html", html=page_html(found, words, None), **shown)
    unit_opened(found.id)
    position = places.order.index(found.id)
    order = [services().course.units[key] for key in places.order]
    count = word_count(found)
    return render_template(
        "unit.html",
        html=page_html(found, words, marked_sections()),
        previous=order[position - 1] if position else None,
        following=order[position + 1] if position + 1 < len(order) else None,
        toc=[section for section in found.sections if section.level in (2, 3)],
        goals=_goals(found),
        words=count,
        minutes=reading_minutes(count),
        terms=sum(entry.section.partition("#")[0] == found.id for entry in services().course.glossary),
        **shown,
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


def _goals(unit: Unit) -> list[Goal]:
    """The unit's outcomes, each with its sections; a section below another one of the same outcome is not named again."""
    known = services().course.outcomes
    goals = []
    for key in unit.outcomes:
        found = [section for section in unit.sections if key in section.outcomes and any(block.sentences for block in section.blocks)]
        paths = {section.headings for section in found}
        first = [section for section in found if not any(section.headings[:n] in paths for n in range(2, len(section.headings)))]
        if key in known:
            goals.append(Goal(known[key].text, tuple(first)))
    return goals


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
