"""Questions to start with: practice questions of the course, a few from each module.

Knows nothing of pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.course import Course, Unit

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Starters:
    """Questions from one module, or from the whole course where it has no modules (`title` is empty then)."""

    module: str
    title: str
    questions: tuple[str, ...]


def starters(course: Course, each: int = 3) -> tuple[Starters, ...]:
    """Up to `each` short questions from each module, from different units where there are several."""
    if not course.modules:
        groups = [Starters("", "", _from(course.units.values(), each * 2))]
    else:
        groups = [
            Starters(module.id, module.title, _from((course.units[unit] for unit in module.units if unit in course.units), each))
            for module in course.modules
        ]
    return tuple(group for group in groups if group.questions)


def _from(units: Iterable[Unit], most: int) -> tuple[str, ...]:
    lists: list[Sequence[str]] = [[one.question for one in unit.check_questions if len(one.question) <= _LONGEST] for unit in units]
    turns = chain.from_iterable(zip_longest(*lists))
    return tuple(dict.fromkeys(question for question in turns if question))[:most]
