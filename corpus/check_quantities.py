"""Finds numbers about one and the same quantity that differ between units, for a person to judge.

A short list that is mostly right is read, a long one is not: what is compared is exactly the same measure of the same thing in
the same population. Knows nothing of which number is true.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from corpus.quantities import quantities_of
from corpus.term_mentions import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.course_text import CourseText, UnitText
    from corpus.faults import Fault
    from corpus.quantities import Quantity

SAME_WITHIN = 1.1
"""Two values, or the nearest ends of two ranges, may differ by this factor: 1 in 2,500 and 1 in 2,700 are the same."""


@dataclass(frozen=True, slots=True)
class _Statement:
    written: UnitText
    line: int
    quantity: Quantity


def check_quantities(text: CourseText) -> Iterator[Fault]:
    """A warning for each quantity whose values in two units lie apart."""
    for found in _statements(text).values():
        told: set[tuple[str, tuple[str, ...]]] = set()
        for one, other in combinations(found, 2):
            key = (other.written.path, other.quantity.setting)
            if _apart(one, other) and key not in told:
                told.add(key)
                yield other.written.fault(
                    other.line,
                    f"{other.quantity.measure} of “{other.quantity.subject}” is {_told(other.quantity)} here, "
                    f"{_told(one.quantity)} in {one.written.path}:{one.line}.",
                    "Make them one, or say why they differ.",
                    "warning",
                )


def _statements(text: CourseText) -> dict[tuple[str, str], list[_Statement]]:
    terms = Terms(entry for entry in text.course.glossary if entry.kind in ("condition", "gene", "test"))
    found: dict[tuple[str, str], list[_Statement]] = defaultdict(list)
    for written in text.units:
        for section, _, sentence in written.prose():
            for quantity in quantities_of(sentence, section.headings[1:], terms):
                found[quantity.subject, quantity.measure].append(_Statement(written, written.line(sentence), quantity))
    return found


def _apart(one: _Statement, other: _Statement) -> bool:
    """Whether two units give values, both in percent or both as odds, that do not overlap.

    Values are compared where one says no more of the population, sex or age than the other does.
    """
    a, b = one.quantity, other.quantity
    if one.written.unit.id == other.written.unit.id or ("%" in a.quoted) != ("%" in b.quoted):
        return False
    alike = set(a.setting) <= set(b.setting) or set(b.setting) <= set(a.setting)
    return alike and (a.low > b.high * SAME_WITHIN or b.low > a.high * SAME_WITHIN)


def _told(quantity: Quantity) -> str:
    return f"{quantity.quoted} ({', '.join(quantity.setting)})" if quantity.setting else quantity.quoted
