"""Checks of the glossary: entries whose section is gone, without a Chinese name, named twice, or of no known kind.

Knows nothing of where the terms are used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.faults import Fault
from corpus.glossary import KINDS
from corpus.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.course_text import CourseText

_FILE = "glossary.yaml"
_CHINESE = pattern(r"[一-鿿]")


def check_glossary(text: CourseText) -> Iterator[Fault]:
    """Every entry is complete, stands once, and leads to a section."""
    sections = {section.id for written in text.units for section in written.unit.sections} | set(text.course.units)
    lines = text.entry_lines()
    first: dict[str, int] = {}
    for entry, line in zip(text.course.glossary, lines, strict=False):
        if entry.section not in sections:
            where = f"“{entry.section}” does not exist" if entry.section else "is not given"
            yield Fault(
                _FILE, line, f"the section of “{entry.term}” {where}.", "Name the section that explains the term, as “1.6#penetrance”."
            )
        if not any(_CHINESE.search(name) for name in entry.chinese):
            yield Fault(_FILE, line, f"“{entry.term}” has no Chinese name.", "Add the one that Chinese clinical genetics uses.")
        if entry.kind not in KINDS:
            yield Fault(_FILE, line, f"“{entry.kind}” is no kind of term.", f"Use one of {', '.join(KINDS)}.")
        if not entry.definition:
            yield Fault(_FILE, line, f"“{entry.term}” is not defined.", "Define it in one sentence.")
        key = " ".join(re.findall(r"\w+", entry.term.casefold()))
        if key in first:
            yield Fault(_FILE, line, f"“{entry.term}” is already defined on line {first[key]}.", "Make the two entries one.")
        first.setdefault(key, line)
