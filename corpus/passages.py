"""A section cut into passages: the pieces of text that are indexed, found and cited.

Knows nothing of Markdown, and nothing of how passages are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.course import Course, Section, Sentence, Unit

PASSAGE_WORDS = 110
"""A passage ends before it would pass this many words: about 200 word pieces of this field's long words, which the encoder reads whole."""

_SHORT_TAIL_WORDS = 25
"""A last block shorter than this joins the passage before it instead of standing alone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one section, at most about `PASSAGE_WORDS` words, that stand or fall together in search.

    `id` is `<unit>#<anchor>/<n>`, n counted from 1 within the section, so it stays when other sections change.
    `text` is the sentences joined by spaces, as the page shows them.
    """

    id: str
    unit: str
    file: str
    anchor: str
    module: str
    headings: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    outcomes: tuple[str, ...] = ()
    box: str = ""

    @property
    def section(self) -> str:
        """The id of the section that it is part of."""
        return f"{self.unit}#{self.anchor}"

    @property
    def text(self) -> str:
        """The words of the passage as the page shows them."""
        return " ".join(sentence.text for sentence in self.sentences)


def numbered(blocks: Sequence[tuple[str, str, Sequence[int]]]) -> list[list[tuple[int, int]]]:
    """Passage and sentence numbers, both from 1, for the sentences of a section's blocks.

    Each block is (kind, box, words in each of its sentences). Passages end at a block's end where they can; a table, and
    each run of blocks in one box, is kept apart from the text around it; a block longer than a passage is cut between sentences.
    """
    result: list[list[tuple[int, int]]] = []
    passage, sentence, words = 1, 0, 0
    before = ("", "")
    for kind, box, sizes in blocks:
        group = ("table" if kind == "table" else "", box)
        total = sum(sizes)
        too_long = words + total > PASSAGE_WORDS and not (group == ("", "") and total <= _SHORT_TAIL_WORDS)
        if sentence and total and (group != before or too_long):
            passage, sentence, words = passage + 1, 0, 0
        numbers: list[tuple[int, int]] = []
        for size in sizes:
            if sentence and words + size > PASSAGE_WORDS + _SHORT_TAIL_WORDS:
                passage, sentence, words = passage + 1, 0, 0
            sentence, words = sentence + 1, words + size
            numbers.append((passage, sentence))
        result.append(numbers)
        before = group if total else before
    return result


def passages_of(course: Course) -> tuple[Passage, ...]:
    """Every passage of a course, in teaching order."""
    return tuple(passage for unit in course.units.values() for section in unit.sections for passage in section_passages(unit, section))


def section_passages(unit: Unit, section: Section) -> Iterator[Passage]:
    """The passages of one section, in reading order, as the ids of its sentences say."""
    marked = [(sentence, block.box) for block in section.blocks for sentence in block.sentences]
    for passage_id, members in groupby(marked, key=lambda pair: pair[0].id.rpartition(".")[0]):
        group = list(members)
        yield Passage(
            id=passage_id,
            unit=unit.id,
            file=unit.file,
            anchor=section.anchor,
            module=unit.module,
            headings=section.headings,
            sentences=tuple(sentence for sentence, _ in group),
            outcomes=section.outcomes,
            box=group[0][1],
        )
