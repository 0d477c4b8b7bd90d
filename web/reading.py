"""Bookmarks, and the place where a reader stopped: kept for the browser, shown on the contents page and on a page of their own.

A unit that is opened is where the reader is; the section is told by a post of the page's script. Knows nothing of the course's text.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from web.problems import Problem
from web.reading_store import MOST_BOOKMARKS, Bookmark, ReadingError, ReadingStore, TooManyBookmarksError
from web.security import returning_visitor, visitor
from web.services import services

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from corpus.course import Section

_KEY = "genomics-tutor reading"
_LOG = logging.getLogger(__name__)

blueprint = Blueprint("reading", __name__, url_prefix="/course")


@dataclass(frozen=True, slots=True)
class Marked:
    """A bookmark as it is listed: `section` is None where the course no longer has it."""

    bookmark: Bookmark
    section: Section | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where to read on: a unit, and a section of it unless the beginning is meant."""

    unit: str
    unit_title: str
    section: Section | None


def init_app(app: Flask, path: Path) -> None:
    """Give the app bookmarks and places, kept in the file."""
    app.extensions[_KEY] = ReadingStore(path)
    app.register_blueprint(blueprint)


@blueprint.get("/bookmarks")
def bookmarks() -> ResponseReturnValue:
    """Every bookmark of the visitor. A unit of that name has the address before this page."""
    if "bookmarks" in services().course.units:
        return cast("ResponseReturnValue", current_app.view_functions["reader.unit"](unit="bookmarks"))
    try:
        return render_template("bookmarks.html", marked=_marked(), most=MOST_BOOKMARKS)
    except ReadingError as error:
        _LOG.error("%s", error)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "bookmarks-not-kept") from error


@blueprint.post("/bookmarks")
def mark() -> ResponseReturnValue:
    """Mark a section (`add`) or take a mark away (`remove`), and go back to the section, or with `list=1` to the list."""
    wanted = request.form.get("add", "")
    section = services().places.sections.get(wanted or request.form.get("remove", ""))
    if wanted and section is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-section")
    try:
        if wanted and section is not None:
            reading_store().add(visitor(), Bookmark(section.id, section.headings[-1]))
        else:
            reading_store().remove(visitor(), request.form.get("remove", ""))
    except TooManyBookmarksError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "bookmarks-full") from error
    except ReadingError as error:
        _LOG.error("%s", error)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "bookmarks-not-kept") from error
    if request.form.get("list") == "1" or section is None:
        return redirect(url_for(".bookmarks"), HTTPStatus.SEE_OTHER)
    return redirect(url_for("reader.unit", unit=section.unit, _anchor=section.anchor), HTTPStatus.SEE_OTHER)


@blueprint.post("/place")
def place() -> ResponseReturnValue:
    """The section that is being read: `section`."""
    section = services().places.sections.get(request.form.get("section", ""))
    if section is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-section")
    try:
        reading_store().reached(visitor(), section.unit, section.id)
    except ReadingError as error:
        _LOG.error("%s", error)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "bookmarks-not-kept") from error
    return "", HTTPStatus.NO_CONTENT


def unit_opened(unit: str) -> None:
    """The visitor has opened a unit. A browser that comes for the first time, or that fetches ahead, is not written down."""
    found = returning_visitor()
    if found is None or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return
    try:
        reading_store().reached(found, unit)
    except ReadingError as error:  # a place that cannot be kept stops nobody from reading
        _LOG.error("%s", error)


def marked_sections() -> frozenset[str]:
    """The ids of the sections that the visitor has marked; none where that cannot be told."""
    return frozenset(one.bookmark.section for one in latest_bookmarks())


def latest_bookmarks() -> tuple[Marked, ...]:
    """The visitor's bookmarks, the latest first; none where that cannot be told."""
    try:
        return _marked()
    except ReadingError as error:
        _LOG.error("%s", error)
        return ()


def stopped() -> Stopped | None:
    """Where the visitor can read on, if it has read a unit that the course still has."""
    found = returning_visitor()
    try:
        last = reading_store().last_read(found) if found else None
    except ReadingError as error:
        _LOG.error("%s", error)
        return None
    unit = services().course.units.get(last.unit) if last else None
    if last is None or unit is None:
        return None
    return Stopped(unit.id, unit.title, services().places.sections.get(last.section))


def _marked() -> tuple[Marked, ...]:
    found = returning_visitor()
    sections = services().places.sections
    return tuple(Marked(one, sections.get(one.section)) for one in reading_store().bookmarks(found)) if found else ()


def reading_store() -> ReadingStore:
    """Where bookmarks and places are kept."""
    return cast("ReadingStore", current_app.extensions[_KEY])
