"""Checks of links within the course: the unit and the anchor that they name exist.

Knows nothing of the world outside; addresses elsewhere are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from corpus.course import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.course_text import CourseText, UnitText
    from corpus.faults import Fault


def check_links(text: CourseText) -> Iterator[Fault]:
    """Every link to a unit or a section leads somewhere."""
    ids = {written.unit.id: _ids(written) for written in text.units}
    for written in text.units:
        yield from link_faults(written, ids)


def link_faults(written: UnitText, ids: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    """The links of one unit that lead nowhere; `ids` are the ids of elements on the page of each unit."""
    targets = [element.attributes.get("href", "") for element in written.page.descendants() if element.tag == "a"]
    for target in dict.fromkeys(target for target in targets if target):
        if problem := _problem(target, ids):
            fragment = unquote(target.partition("#")[2])
            place = unquote(target.removeprefix(ADDRESS))
            line = written.line_with(f"({place})", f"({place} ", f"#{fragment})", f"]({place}", place)
            yield written.fault(line, problem, "Name a unit or an anchor that exists, or take the link out.")


def _ids(written: UnitText) -> frozenset[str]:
    return frozenset(element.attributes["id"] for element in written.page.descendants() if "id" in element.attributes)


def _problem(target: str, ids: Mapping[str, frozenset[str]]) -> str:
    try:
        parts = urlsplit(target)
    except ValueError:
        return f"the link to “{target}” is no address."
    if parts.scheme or parts.netloc:
        return ""
    if not target.startswith(ADDRESS):
        return f"the link to “{target}” leads to no unit."
    unit, fragment = unquote(parts.path.removeprefix(ADDRESS)), unquote(parts.fragment)
    if unit not in ids:
        return f"the link to “{unit}” leads to no unit."
    if fragment and fragment not in ids[unit]:
        return f"the link to “{unit}#{fragment}” leads to no section."
    return ""
