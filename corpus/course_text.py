"""A course beside the files it was read from: what a check looks at, and how it says where a fault stands.

Knows nothing of the single checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.faults import Fault
from corpus.loading import course_folder, load_course
from corpus.source import CourseError, LineFinder, Source
from corpus.syllabus import Syllabus, read_syllabus
from corpus.tree import Element, folded, read, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.course import Block, Course, Section, Sentence, Unit
    from corpus.faults import Severity

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


@dataclass(frozen=True, slots=True)
class UnitText:
    """A unit with the lines of its file and the line (from 1) of each of its sentences; `page` is its HTML as a tree."""

    unit: Unit
    path: str
    """The file, relative to the folder of the course."""
    lines: tuple[str, ...]
    sentence_lines: Mapping[str, int]
    page: Element

    def fault(self, line: int, message: str, remedy: str, severity: Severity = "error") -> Fault:
        """A fault on that line of this unit's file."""
        return Fault(self.path, line, message, remedy, severity)

    def line_with(self, *wanted: str) -> int:
        """The first line of the file that holds one of `wanted`, tried in that order; 1 if none does."""
        for text in wanted:
            found = next((number for number, line in enumerate(self.lines, 1) if text in line), 0)
            if text and found:
                return found
        return 1

    def headings(self) -> Iterator[tuple[int, str]]:
        """Line number and raw text of each Markdown heading (`## …`) that is outside fenced code."""
        fence = ""
        for number, line in enumerate(self.lines, 1):
            mark = _FENCE.match(line)
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence):
                fence = ""
            elif not fence and re.match(r"#{1,6}\s", line):
                yield number, line

    def prose(self) -> Iterator[tuple[Section, Block, Sentence]]:
        """Every sentence of the unit's sections but lines of code, with the section and block it stands in."""
        for section in self.unit.sections:
            for block in section.blocks:
                if block.kind != "code":
                    for sentence in block.sentences:
                        yield section, block, sentence

    def line(self, sentence: Sentence) -> int:
        """The line on which a sentence of this unit begins."""
        return self.sentence_lines.get(sentence.id, 1)

    def written(self) -> Iterator[tuple[int, str]]:
        """Every text that a reader meets, with its line: headings, sentences, captions, descriptions of figures, practice questions."""
        for section in self.unit.sections:
            yield section.line, section.headings[-1]
        for _, _, sentence in self.prose():
            yield self.line(sentence), sentence.text
        for question in self.unit.check_questions:
            yield question.line, f"{question.question}\n{question.answer}"
        for element in self.page.descendants():
            if element.tag in ("img", "figcaption"):
                words = element.attributes.get("alt", "") or folded(text_of(element))
                yield self.line_with(words), words


@dataclass(frozen=True, slots=True)
class CourseText:
    """A course and its files. `planned` tells a course with a syllabus from any other folder of Markdown."""

    folder: Path
    course: Course
    units: tuple[UnitText, ...]
    syllabus: Syllabus = field(default_factory=Syllabus)
    glossary_lines: tuple[str, ...] = ()
    syllabus_lines: tuple[str, ...] = ()

    @property
    def planned(self) -> bool:
        """Whether a syllabus says what the course must hold."""
        return bool(self.syllabus.modules)

    def entry_lines(self) -> list[int]:
        """The line of `glossary.yaml` on which each entry of the glossary begins, in order."""
        starts = [number for number, line in enumerate(self.glossary_lines, 1) if line.startswith("- ")]
        missing = len(self.course.glossary) - len(starts)
        return [*starts, *[1] * missing]


Check = Callable[[CourseText], Iterable[Fault]]
"""Finds one kind of fault."""


def read_course_text(folder: Path) -> CourseText:
    """The course in `folder` with its files. Raises CourseError where it cannot be read."""
    course = load_course(folder)
    home = course_folder(folder).resolve()
    units = tuple(_unit_text(unit, Path(course.folder) / unit.file, home) for unit in course.units.values())
    return CourseText(
        folder=home,
        course=course,
        units=units,
        syllabus=read_syllabus(home / "syllabus.yaml"),
        glossary_lines=_lines(home / "glossary.yaml"),
        syllabus_lines=_lines(home / "syllabus.yaml"),
    )


def draft_text(course: Course, folder: Path, unit: Unit, data: bytes) -> CourseText:
    """That unit alone as `data` would make it, within its course: `course` is the course with it, `folder` where the others lie."""
    home = course_folder(folder).resolve()
    path = (Path(course.folder) / unit.file).relative_to(home).as_posix()
    lines = tuple(_LINE_END.split(data.decode("utf-8-sig")))
    text = UnitText(unit, path, lines, _sentence_lines(unit, lines), read(unit.html))
    return CourseText(home, course, (text,), read_syllabus(home / "syllabus.yaml"))


def _unit_text(unit: Unit, path: Path, home: Path) -> UnitText:
    lines = _lines(path)
    return UnitText(unit, path.relative_to(home).as_posix(), lines, _sentence_lines(unit, lines), read(unit.html))


def _lines(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    try:
        return tuple(_LINE_END.split(path.read_bytes().decode("utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: the file changed while it was read; run the check again."
        raise CourseError(message) from error


def _sentence_lines(unit: Unit, lines: tuple[str, ...]) -> dict[str, int]:
    """The line of each sentence, looked for between its section's heading and the next."""
    found: dict[str, int] = {}
    starts = sorted({section.line for section in unit.sections} | {question.line for question in unit.check_questions})
    for section in unit.sections:
        first = section.line if section.level == 0 else section.line + 1
        last = next((start for start in starts if start > section.line), len(lines) + 1)
        body = "\n".join(lines[first - 1 : last - 1])
        finder = LineFinder(Source(unit.file, {}, body, first, ""))
        for block in section.blocks:
            for sentence in block.sentences:
                found[sentence.id] = finder.line_of(sentence.text)
    return found
