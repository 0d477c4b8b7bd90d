"""Questions to start with: practice questions of the course, a few from each module or more from the place that was chosen, others each day.

Knows nothing of pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from corpus.course import Course, Unit

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Starters:
    """Questions from one module or unit, or from the whole course where it has no modules (`title` is empty then)."""

    title: str
    questions: tuple[str, ...]


def starters(course: Course, day: date, within: str = "", each: int = 3) -> tuple[Starters, ...]:
    """Up to `each` short questions from each module, from different units where there are several; the same all day long.

    `within` is the id of a module or unit: up to twice as many from there alone.
    """
    places = _places(course, within)
    most = each if len(places) > 1 else 2 * each
    groups = [Starters(title, _from(units, day, most)) for title, units in places]
    return tuple(group for group in groups if group.questions)


def _places(course: Course, within: str) -> list[tuple[str, list[Unit]]]:
    """Where questions are taken from: titles and their units."""
    if within in course.units:
        return [(course.units[within].title, [course.units[within]])]
    if not course.modules:
        return [("", list(course.units.values()))]
    return [
        (module.title, [course.units[unit] for unit in module.units if unit in course.units])
        for module in course.modules
        if within in {"", module.id}
    ]


def _from(units: Iterable[Unit], day: date, most: int) -> tuple[str, ...]:
    """The questions of the day: units and their questions in the day's order, one of each unit before a second of any."""

    def drawn(text: str) -> bytes:
        return blake2b(f"{day.isoformat()} {text}".encode(), digest_size=8).digest()

    lists = [
        sorted((one.question for one in unit.check_questions if one.question and len(one.question) <= _LONGEST), key=drawn)
        for unit in sorted(units, key=lambda unit: drawn(unit.id))
    ]
    turns = chain.from_iterable(zip_longest(*lists))
    return tuple(dict.fromkeys(question for question in turns if question))[:most]
