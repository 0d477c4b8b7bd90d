"""Where a sentence stands in the course: its unit, section, block and neighbours.

Knows nothing of replies or pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.course import Block, Course, Section, Sentence, Unit


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence where it stands. `before` and `after` are its neighbours in running text, or empty."""

    sentence: Sentence
    unit: Unit
    section: Section
    block: Block
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Places:
    """Every sentence and section of a course by id, the titles of its modules, and its units in reading order."""

    sentences: Mapping[str, Place]
    sections: Mapping[str, Section]
    module_titles: Mapping[str, str]
    order: tuple[str, ...]

    @classmethod
    def of(cls, course: Course) -> Places:
        """The places of a course."""
        places = [place for unit in course.units.values() for section in unit.sections for place in _places(unit, section)]
        listed = [unit for module in course.modules for unit in module.units if unit in course.units]
        return cls(
            sentences=MappingProxyType({place.sentence.id: place for place in places}),
            sections=MappingProxyType({section.id: section for unit in course.units.values() for section in unit.sections}),
            module_titles=MappingProxyType({module.id: module.title for module in course.modules}),
            order=tuple(dict.fromkeys([*listed, *course.units])),
        )


def _places(unit: Unit, section: Section) -> list[Place]:
    result: list[Place] = []
    running = [sentence.text for block in section.blocks if block.kind in ("paragraph", "list") for sentence in block.sentences]
    position = 0
    for block in section.blocks:
        for sentence in block.sentences:
            before = after = ""
            if block.kind in ("paragraph", "list"):
                before = running[position - 1] if position else ""
                after = running[position + 1] if position + 1 < len(running) else ""
                position += 1
            result.append(Place(sentence, unit, section, block, before, after))
    return result
