"""Checks of the questions that stand beside a unit: each points at a section and a sentence that are there, and is asked once.

Knows nothing of how well a question is answered.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.expected_questions import dangling, questions_file, written_questions
from corpus.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.course_text import CourseText, UnitText

LONGEST = 300
"""The longest question, in characters."""


def check_expected_questions(text: CourseText) -> Iterator[Fault]:
    """Every expected question leads to a sentence or a section of its unit; none stands there twice, over the whole course."""
    seen: dict[str, str] = {}
    for written in text.units:
        path = questions_file(text.folder / written.path)
        if not path.is_file():
            continue
        name = path.relative_to(text.folder).as_posix()
        data = path.read_bytes()
        lines = data.decode("utf-8-sig").splitlines()
        for anchor, ask, says in written_questions(data, path.name):
            yield from _faults(written, name, lines, (anchor, ask, says), seen)


def _faults(written: UnitText, name: str, lines: list[str], question: tuple[str, str, str], seen: dict[str, str]) -> Iterator[Fault]:
    anchor, ask, says = question
    line = next((number for number, there in enumerate(lines, 1) if ask[:40] in there), 1)
    missing = dangling(written.unit.sections, anchor, says)
    if missing:
        yield Fault(name, line, f"“{ask}” points at {missing}, which is not there.", "Copy the words as the page shows them.")
    if not ask or len(ask) > LONGEST:
        yield Fault(name, line, f"a question has {len(ask)} characters.", f"Write between 1 and {LONGEST}.")
    if ask.casefold() in seen:
        yield Fault(name, line, f"“{ask}” is asked in {seen[ask.casefold()]} too.", "Leave it where it is answered best.")
    seen.setdefault(ask.casefold(), Path(name).name)
