"""How far a visitor is, as the progress page shows it: standings by module and unit, and reviews a day as bars.

Knows nothing of requests or of how cards are scheduled.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.practice import Standing, reviews_by_day, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from assistant.practice import PracticeQuestion
    from assistant.repetition import Card
    from corpus.course import Unit

DAYS = 30
HEIGHT = 80
"""How high the picture's tallest bar is, in its own units."""


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A unit and how far the visitor is with it."""

    unit: Unit
    standing: Standing


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """A module (`id` and `title` are empty for units in no module), its units in order, and how far the visitor is with all of it."""

    id: str
    title: str
    standing: Standing
    units: tuple[UnitProgress, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the picture: its reviews, and where its bar stands from the left and how high it is, in units of the picture."""

    day: date
    reviews: int
    left: int
    height: int


def by_module(
    questions: Sequence[PracticeQuestion], cards: Mapping[str, Card], titles: Mapping[str, str], now: datetime
) -> tuple[ModuleProgress, ...]:
    """The modules in the order of the course; `questions` are in that order."""
    modules = []
    for module, members in groupby(questions, key=lambda question: question.module):
        inside = tuple(members)
        units = tuple(
            UnitProgress(unit, standing([question for question in inside if question.unit.id == unit.id], cards, now))
            for unit in {question.unit.id: question.unit for question in inside}.values()
        )
        modules.append(ModuleProgress(module, titles.get(module, ""), standing(inside, cards, now), units))
    return tuple(modules)


def bars(times: Iterable[datetime], now: datetime) -> tuple[Bar, ...]:
    """A bar for each of the last `DAYS` days, the tallest `HEIGHT` high; a day with any review has a bar that can be seen."""
    days = reviews_by_day(times, now, DAYS)
    most = max(count for _, count in days) or 1
    return tuple(Bar(day, count, place * 10, max(count * HEIGHT // most, 2 if count else 0)) for place, (day, count) in enumerate(days))
