"""Where in the course a gap lies: the sections, the outcome and the module nearest to its questions.

Knows nothing of how gaps are made or shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.gap_store import Gap
    from corpus.course import Course, Section


def module_near(gap: Gap, course: Course) -> str:
    """The id of the module that holds the gap's nearest section; "" where none is near."""
    unit = unit_near(gap)
    return next((module.id for module in course.modules if unit in module.units), "")


def unit_near(gap: Gap) -> str:
    """The id of the unit that holds the gap's nearest section; "" where none is near."""
    return gap.figures.near[0].partition("#")[0] if gap.figures.near else ""


def sections_near(gap: Gap, course: Course) -> list[Section]:
    """The sections nearest to a gap that the course still has."""
    found = {section.id: section for unit in course.units.values() for section in unit.sections}
    return [found[id_] for id_ in gap.figures.near if id_ in found]


def outcome_near(gap: Gap, course: Course) -> tuple[str, str] | None:
    """The learning outcome that the gap is nearest to, as (id, text): that of the nearest section, else the first of its unit."""
    for section in sections_near(gap, course):
        unit = course.units.get(section.unit)
        for wanted in (*section.outcomes, *(unit.outcomes if unit else ())):
            if wanted in course.outcomes:
                return wanted, course.outcomes[wanted].text
    return None
