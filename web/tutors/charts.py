"""Charts drawn on the server: where each bar and each square stands, in the units of the drawing.

Colours and patterns are the style sheet's; each drawing has its table beside it. Knows nothing of templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.usage import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from assistant.coverage import OutcomeCoverage
    from assistant.usage import Count
    from corpus import Course

WIDTH, HEIGHT = 760, 220
_LEFT, _BOTTOM, _TOP = 40, 24, 10
_LABELS_AT_MOST = 9
_WIDEST_BAR = 42.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a column: one state of one stretch of time, or ("few") those states together that are not told of singly."""

    x: float
    y: float
    width: float
    height: float
    state: str


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time: its bars, or a mark that too few conversations stand behind it (`hidden`). `labelled` has its day below it."""

    start: date
    count: Count
    x: float
    middle: float
    width: float
    bars: tuple[Bar, ...]
    labelled: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns; `lines` are (y, number) of the lines across."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, int], ...]
    bottom: float


def columns(steps: Sequence[tuple[date, Count]]) -> Columns:
    """Questions over time, the states of a stretch upon each other."""
    most = max((count.questions for _, count in steps if not count.hidden), default=0)
    top = _round_up(max(most, 4))
    slot = (WIDTH - _LEFT) / max(1, len(steps))
    width = min(_WIDEST_BAR, slot * 0.72)
    every = -(-len(steps) // _LABELS_AT_MOST)
    made = []
    for number, (start, count) in enumerate(steps):
        middle = _LEFT + slot * (number + 0.5)
        x, y, bars = middle - width / 2, float(HEIGHT - _BOTTOM), []
        pieces = [*((state, count.states[state] or 0) for state in STATES), ("few", count.untold)]
        for state, number_of in pieces if not count.hidden else ():
            height = (HEIGHT - _BOTTOM - _TOP) * number_of / top
            y -= height
            if height:
                bars.append(Bar(round(x, 1), round(y, 1), round(width, 1), round(height, 1), state))
        made.append(Column(start, count, round(x, 1), round(middle, 1), round(width, 1), tuple(bars), number % every == 0))
    lines = [(round(HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * part / 4, 1), top * part // 4) for part in range(5)]
    return Columns(tuple(made), tuple(lines), HEIGHT - _BOTTOM)


def _round_up(number: int) -> int:
    """The next number that four lines across divide evenly and that reads well."""
    power = 1
    while True:
        for step in (4, 8, 20, 40):
            if number <= step * power:
                return step * power
        power *= 10


SQUARE, GAP, CELL_HEIGHT, NAME_HEIGHT = 13, 3, 44, 26
_LETTER = 8
"""A letter of a module's name at most: of a course with few units the names are the widest."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit in the matrix: where it stands, and its outcomes as (x, y, verdict, id)."""

    unit: str
    title: str
    x: float
    y: float
    squares: tuple[tuple[float, float, str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A module in the matrix: its name at `y`, its units below."""

    id: str
    title: str
    y: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Modules by units, a square for each outcome."""

    rows: tuple[Row, ...]
    width: float
    height: float
    cell_width: float


def matrix(course: Course, rows: Sequence[OutcomeCoverage]) -> Matrix:
    """The outcomes of the course at a glance."""
    of_unit: dict[str, list[OutcomeCoverage]] = {}
    for row in rows:
        of_unit.setdefault(row.outcome.unit, []).append(row)
    titles: Mapping[str, str] = {unit.id: unit.title for unit in course.units.values()}
    most = max((len(found) for found in of_unit.values()), default=1)
    width = max(4 * (SQUARE + GAP), most * (SQUARE + GAP)) + 8
    made, y = [], 0.0
    for module in course.modules:
        cells = tuple(
            Cell(
                unit,
                titles.get(unit, ""),
                number * width,
                y + NAME_HEIGHT,
                tuple(
                    (number * width + place * (SQUARE + GAP), y + NAME_HEIGHT + 18, row.verdict, row.outcome.id)
                    for place, row in enumerate(of_unit.get(unit, []))
                ),
            )
            for number, unit in enumerate(module.units)
        )
        made.append(Row(module.id, module.title, y, cells))
        y += NAME_HEIGHT + CELL_HEIGHT
    longest = max((len(module.units) for module in course.modules), default=1)
    names = max((len(f"{row.id} {row.title}") for row in made), default=0)
    return Matrix(tuple(made), max(longest * width, names * _LETTER), y, width)
