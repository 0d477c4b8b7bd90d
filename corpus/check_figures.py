"""Checks of figures: the file is there, is described in words, and shows nothing but itself.

Knows nothing of what a figure means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from corpus.course import ADDRESS
from corpus.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.course_text import CourseText, UnitText
    from corpus.tree import Element

SHORTEST_DESCRIPTION = 20
"""An alt text shorter than this (characters) cannot say what is seen."""

_FORBIDDEN = frozenset({"script", "style", "image", "foreignObject", "iframe", "font", "font-face"})
_OUTSIDE = re.compile(r"@import|@font-face|data:|url\(\s*[\"']?(?!#)", re.IGNORECASE)
_REDRAW = "Draw it with presentation attributes alone, so that it is shown alike everywhere and loads nothing."


def check_figures(text: CourseText) -> Iterator[Fault]:
    """Every figure of a unit exists and is described; every SVG file is plain, labelled and used."""
    shown: set[Path] = set()
    for written in text.units:
        for element in written.page.descendants():
            if element.tag == "img":
                yield from _picture(written, element, text, shown)
    for path in sorted(shown):
        if path.suffix.lower() == ".svg":
            name = path.relative_to(text.folder).as_posix() if path.is_relative_to(text.folder) else path.name
            yield from svg_faults(path, name)
    if text.planned:
        for path in sorted(text.folder.glob("modules/*/figures/*.svg")):
            if path.resolve() not in shown:
                yield Fault(
                    path.relative_to(text.folder).as_posix(), 1, "no unit shows this figure.", "Show it in its unit, or remove the file."
                )


def _picture(written: UnitText, element: Element, text: CourseText, shown: set[Path]) -> Iterator[Fault]:
    source = unquote(element.attributes.get("src", "").removeprefix(ADDRESS)).removeprefix(f"{written.unit.id}/")
    description = element.attributes.get("alt", "")
    line = written.line_with(source, description)
    if not source:
        yield written.fault(line, "a picture from outside the course is not shown.", "Put the figure into figures/ beside the unit.")
        return
    path = (text.folder / written.path).parent / source
    if path.is_file():
        shown.add(path.resolve())
    else:
        yield written.fault(line, f"the figure “{source}” does not exist.", "Draw it, or correct its name.")
    if len(description) < SHORTEST_DESCRIPTION:
        yield written.fault(line, f"the figure “{source}” is not described.", "Say between the square brackets what is seen (alt text).")
    if text.planned and not source.startswith(f"figures/{written.unit.id}-"):
        yield written.fault(line, f"the figure “{source}” is not named after its unit.", f"Name it figures/{written.unit.id}-….")


def svg_faults(path: Path, name: str) -> Iterator[Fault]:
    """The faults of one SVG file, which messages call `name`."""
    try:
        # The course's own files; expat itself refuses the entities that grow without end.
        root = ET.parse(path).getroot()  # noqa: S314
    except (ET.ParseError, OSError) as error:
        line = error.position[0] if isinstance(error, ET.ParseError) else 1
        yield Fault(name, line, "the figure is not well-formed SVG.", "Correct the markup on that line.")
        return
    tags = {str(element.tag).rpartition("}")[2] for element in root.iter()}
    for tag in ("title", "desc"):
        if tag not in tags:
            yield Fault(name, 1, f"the figure has no <{tag}>.", "Name and describe it for readers who cannot see it.")
    if root.get("role") != "img":
        yield Fault(name, 1, 'the figure lacks role="img".', "Add it to <svg>.")
    if root.get("viewBox") is None:
        yield Fault(name, 1, "the figure has no viewBox.", "Add one, so that the figure scales.")
    for tag in sorted(tags & _FORBIDDEN):
        yield Fault(name, 1, f"the figure uses <{tag}>.", _REDRAW)
    attributes = {(key.rpartition("}")[2], value) for element in root.iter() for key, value in element.attrib.items()}
    names = {key for key, _ in attributes}
    for key in sorted(names & {"style", "href"} | {key for key in names if key.startswith("on")}):
        yield Fault(name, 1, f"the figure uses the attribute “{key}”.", _REDRAW)
    if any(_OUTSIDE.search(value) for _, value in attributes):
        yield Fault(name, 1, "the figure loads something from outside itself.", _REDRAW)
