"""Where a sentence stands in the course: its block, its neighbours in a list or table, its section.

Knows nothing of questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reply import Citation, NearestSection
from corpus.markup import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus import Block, Course, Passage, Sentence


_POINTS_AT_A_TABLE = re.compile(
    r"\b(?:[Tt]able|[Ff]igure) (?:below |above )?(?:shows?|lists?|gives?|compares?|summarises?|sets out|contrasts?|groups?|defines?|explains?|suggests)\b",
)


def points_at_a_table(text: str) -> bool:
    """Whether a sentence says no more than that a table or figure follows."""
    return bool(_POINTS_AT_A_TABLE.search(text))


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence in its block. `position` counts from 0 within the block; `lead` is the sentence that leads into a list or table."""

    block: Block
    position: int
    lead: Sentence | None


class Places:
    """Looks up the place of every sentence of a course."""

    def __init__(self, course: Course) -> None:
        self._places: dict[str, Place] = {}
        self._course = course
        for unit in course.units.values():
            for section in unit.sections:
                before: Sentence | None = None
                for block in section.blocks:
                    lead = before if before is not None and _leads(before, block) else None
                    for position, sentence in enumerate(block.sentences):
                        self._places[sentence.id] = Place(block, position, lead)
                    before = block.sentences[-1] if block.sentences else before

    def __getitem__(self, sentence: str) -> Place:
        """The place of the sentence with this id."""
        return self._places[sentence]

    def by_id(self) -> Mapping[str, Place]:
        """Every place by sentence id."""
        return self._places


def _leads(before: Sentence, block: Block) -> bool:
    return before.text.endswith((":", "：")) or (block.kind == "table" and points_at_a_table(before.text))


def citation(number: int, passage: Passage, sentence: Sentence) -> Citation:
    """The citation of a sentence as the `number`th of an answer."""
    unit, _, fragment = sentence.id.partition("#")
    return Citation(
        number=number,
        sentence=sentence.id,
        passage=passage.id,
        module=passage.module,
        unit=unit,
        headings=passage.headings,
        url=address(unit, fragment),
        quote=sentence.text,
    )


def nearest(passage: Passage) -> NearestSection:
    """The section of a passage, as one that comes near a question."""
    return NearestSection(passage.id, passage.headings, address(passage.unit, passage.anchor))
