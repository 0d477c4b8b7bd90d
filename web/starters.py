"""Questions to start with: practice questions of the course, a few from each module, others each day.

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
    """Questions from one module, or from the whole course where it has no modules (`title` is empty then)."""

    module: str
    title: str
    questions: tuple[str, ...]


def starters(course: Course, day: date, each: int = 3) -> tuple[Starters, ...]:
    """Up to `each` short questions from each module, from different units where there are several; the same all day long."""
    if not course.modules:
        groups = [Starters("", "", _from(course.units.values(), day, each * 2))]
    else:
        groups = [
            Starters(module.id, module.title, _from((course.units[unit] for unit in module.units if unit in course.units), day, each))
            for module in course.modules
        ]
    return tuple(group for group in groups if group.questions)


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
