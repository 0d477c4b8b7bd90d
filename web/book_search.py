"""A search of the course as of a book: sentences with their matches marked, unit by unit.

The query stands in the address, so that a result can be gone back to and shared; it is not written to log or journal, and no search
engine is to keep the page. Knows nothing of how sentences are found.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from flask import Blueprint, Response, current_app, make_response, render_template, request
from markupsafe import Markup, escape

from assistant.findings import Findings, literal_findings
from corpus.markup import address
from web.asking import readable
from web.services import services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.findings import Finding
    from corpus.course import GlossaryEntry, Unit

LONGEST_QUERY = 300
"""The longest query, in characters."""

_LOG = logging.getLogger(__name__)

State = Literal["empty", "too-long", "unreadable", "nothing", "found"]

blueprint = Blueprint("book_search", __name__)


@dataclass(frozen=True, slots=True)
class Result:
    """A sentence found: the way to its section, its words with the matches marked, and its address."""

    trail: tuple[str, ...]
    text: Markup
    url: str


@dataclass(frozen=True, slots=True)
class UnitResults:
    """The results in a unit, best first; `more` is how many there are besides."""

    unit: Unit
    results: tuple[Result, ...]
    more: int


def init_app(app: Flask) -> None:
    """Give the app its search."""
    app.register_blueprint(blueprint)


@blueprint.get("/course/search")
def page() -> ResponseReturnValue:
    """What is found for `?q=`. A unit called “search” has the address without a query."""
    if "q" not in request.args and "search" in services().course.units:
        return cast("ResponseReturnValue", current_app.view_functions["reader.unit"](unit="search"))
    wanted = " ".join(readable(request.args.get("q", "")).split())
    found, literal = _found(wanted) if 0 < len(wanted) <= LONGEST_QUERY else (Findings(wanted), False)
    units = tuple(_shown(found))
    rendered = render_template(
        "book_search.html",
        wanted=wanted[:LONGEST_QUERY],
        state=_state(wanted, found, units),
        units=units,
        understood=found.understood if found.understood.casefold() != wanted.casefold() else "",
        literal=literal,
        term=_term(wanted),
    )
    return _unlisted(make_response(rendered))


def _found(wanted: str) -> tuple[Findings, bool]:
    """What is found, and whether it could be looked for by its letters alone."""
    assistant = services().assistant
    if assistant is not None:
        try:
            return assistant.find(wanted), False
        except Exception:  # noqa: BLE001  # the index's faults are its own: the reader still gets the sentences that hold its words
            _LOG.exception("the search failed")
    return Findings(wanted, literal_findings(services().course, wanted)), True


def _state(wanted: str, found: Findings, units: tuple[UnitResults, ...]) -> State:
    if not wanted:
        return "empty"
    if len(wanted) > LONGEST_QUERY:
        return "too-long"
    if units:
        return "found"
    return "unreadable" if found.problem else "nothing"


def _shown(found: Findings) -> Iterator[UnitResults]:
    for each in found.units:
        unit = services().course.units.get(each.unit)
        if unit is not None:
            yield UnitResults(unit, tuple(_result(unit, finding) for finding in each.findings), each.more)


def _result(unit: Unit, finding: Finding) -> Result:
    text = finding.text
    marked = Markup()
    end = 0
    for start, stop in finding.matches:
        marked += escape(text[end:start]) + Markup("<mark>{}</mark>").format(text[start:stop])
        end = stop
    fragment = finding.sentence.id.rpartition("#")[2]
    return Result(finding.headings[1:] or finding.headings, marked + escape(text[end:]), address(unit.id, fragment))


def _term(wanted: str) -> GlossaryEntry | None:
    """The term of the glossary that goes by exactly this name."""
    name = wanted.casefold()
    entries = services().course.glossary
    return next((entry for entry in entries if any(name == one.casefold() for one in (*entry.names, *entry.chinese))), None)


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
