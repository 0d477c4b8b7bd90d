"""A unit's file as it would be: read within its course, checked, and held against what it would replace, before anything is written.

Knows nothing of where drafts come from or how they are saved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpus.check_links import check_links, link_faults
from corpus.course import ADDRESS
from corpus.course_text import draft_text
from corpus.faults import Fault
from corpus.loading import load_course
from corpus.passages import section_passages
from corpus.source import CourseError, source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from corpus.course import Course, GlossaryEntry, Unit
    from corpus.course_text import CourseText

LARGEST_UNIT = 256 * 1024
"""The largest file of a unit that is taken, in bytes."""

_ID = re.compile(r'\bid="([^"]+)"')
_NOT_IN_A_NAME = re.compile(r"[^\w-]+")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A passage whose text would change: `old` is empty for a new one, `new` for one that goes."""

    passage: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A unit as it would be. `replaces` is the unit that now comes from this file; None for a new file."""

    file: str
    data: bytes
    unit: Unit
    replaces: Unit | None
    faults: tuple[Fault, ...]
    changes: tuple[PassageChange, ...]


class _LoadedUnits:
    """The units of a course that is in memory, so that reading it with a draft parses the draft alone."""

    def __init__(self, course: Course) -> None:
        self._units = {(unit.file, unit.digest): unit for unit in course.units.values()}
        self._glossary = course.glossary

    def get(self, file: str, digest: str) -> Unit | None:
        return self._units.get((file, digest))

    def keep(self, units: Iterable[Unit]) -> None:
        """Nothing: a draft is not kept."""

    def glossary(self, _source: Path, _read: Callable[[Path], tuple[GlossaryEntry, ...]]) -> tuple[GlossaryEntry, ...]:
        return self._glossary


def read_draft(course: Course, folder: Path, file: str, data: bytes) -> Draft:
    """The draft `data` of `file` (path relative to the folder of units) within the course in `folder`, of which `course` was read.

    Raises CourseError where the parser refuses it, it is too large, or it would leave no text.
    """
    if len(data) > LARGEST_UNIT:
        message = f"{file}: the unit is larger than {LARGEST_UNIT // 1024} KB; split it into two units."
        raise CourseError(message)
    whole = load_course(folder, _LoadedUnits(course), {file: data})
    unit = next(unit for unit in whole.units.values() if unit.file == file)
    if not any(block.sentences for section in unit.sections for block in section.blocks):
        message = f"{file}: there is no text in it; write at least one paragraph under a heading."
        raise CourseError(message)
    before = next((unit for unit in course.units.values() if unit.file == file), None)
    text = draft_text(whole, folder, unit, data)
    faults = (*sorted(_own_faults(text)), *_left_hanging(whole, before, unit))
    return Draft(file, data, unit, before, faults, tuple(_changes(before, unit)))


def file_for(course: Course, name: str, data: bytes) -> str:
    """Where a file that was handed in belongs, relative to the folder of units: the file of the unit whose id it bears, or a new one.

    A new file lies beside the units of its module; of `name` only letters, digits and hyphens of its last part are used. Raises CourseError.
    """
    shown = _plain_name(name)
    unit = source_of(data, f"{shown}.md").string("unit")
    if unit in course.units:
        return course.units[unit].file
    number = unit.partition(".")[0]
    beside = next((PurePosixPath(one.file).parent for key, one in course.units.items() if number and key.startswith(f"{number}.")), None)
    file = ((beside or PurePosixPath()) / f"{shown}.md").as_posix()
    if any(one.file == file for one in course.units.values()) and unit:
        message = f"{file}: there is a file of that name with another unit in it; give the new file another name."
        raise CourseError(message)
    return file


def _own_faults(text: CourseText) -> set[Fault]:
    """The faults that `course check` would find in the file of the draft."""
    from corpus.check_spelling import check_spelling  # noqa: PLC0415  # a server on which nobody edits starts without
    from corpus.checks import CHECKS  # noqa: PLC0415

    (written,) = text.units
    ids = {unit.id: frozenset(map(unescape, _ID.findall(unit.html))) for unit in text.course.units.values()}
    unit_alone = replace(text, course=replace(text.course, glossary=()))  # the glossary's own spelling is not the draft's
    checks = [check for check in CHECKS if check not in (check_links, check_spelling)]
    found = [*link_faults(written, ids), *check_spelling(unit_alone), *(fault for check in checks for fault in check(text))]
    return {fault for fault in found if fault.file == written.path}


def _plain_name(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    plain = _NOT_IN_A_NAME.sub("-", last.removesuffix(".md").removesuffix(".MD")).strip("-_")
    return plain[:_LONGEST_NAME] or "unit"


def _changes(before: Unit | None, after: Unit) -> Iterator[PassageChange]:
    old, new = _texts(before), _texts(after)
    for passage in dict.fromkeys([*new, *old]):
        if old.get(passage, "") != new.get(passage, ""):
            yield PassageChange(passage, old.get(passage, ""), new.get(passage, ""))


def _texts(unit: Unit | None) -> dict[str, str]:
    if unit is None:
        return {}
    return {passage.id: passage.text for section in unit.sections for passage in section_passages(unit, section)}


def _left_hanging(course: Course, before: Unit | None, after: Unit) -> Iterator[Fault]:
    """Links and glossary entries elsewhere that lead to a section which the draft takes away."""
    if before is None:
        return
    gone = {section.id for section in before.sections} - {section.id for section in after.sections}
    for section in sorted(gone):
        link = f'"{ADDRESS}{section}"'
        told = f"leads to {section}, which would be gone."
        for unit in course.units.values():
            if unit.file != after.file and link in unit.html:
                yield Fault(unit.file, 1, f"a link of unit {unit.id} {told}", "Keep the section's id, or change the link.", "warning")
        for entry in course.glossary:
            if entry.section == section:
                yield Fault(
                    "glossary.yaml", 1, f"the entry “{entry.term}” {told}", "Keep the section's id, or change the entry.", "warning"
                )
