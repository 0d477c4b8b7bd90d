"""A folder of Markdown becomes a course.

The folder is either a whole course (`modules/` with the units, `syllabus.yaml`, `glossary.yaml`) or any tree of Markdown
files, front matter or not. Knows nothing of how the Markdown is parsed.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from corpus import markup
from corpus.course import Course, Module, Outcome, Unit
from corpus.expected_questions import questions_file, read_expected_questions
from corpus.glossary import read_glossary
from corpus.outline import outline
from corpus.source import CourseError, Source, read_source, source_of
from corpus.syllabus import read_syllabus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.course import GlossaryEntry

PARSER_VERSION = 2
"""Raised whenever the same Markdown would give another page, other sentences or other ids: archived units are then read anew."""


def units_folder(folder: Path) -> Path:
    """Where the units of the course in `folder` lie: its `modules/`, or the folder itself."""
    return folder / "modules" if (folder / "modules").is_dir() else folder


def course_folder(folder: Path) -> Path:
    """Where the syllabus and the glossary of the course lie: `folder`, or the folder around it if that is a course's `modules/`."""
    return folder.parent if folder.name == "modules" and (folder.parent / "syllabus.yaml").is_file() else folder


def course_files(folder: Path) -> list[Path]:
    """Every file that the course is read from, sorted. Raises CourseError if the folder holds no Markdown or cannot be read."""
    if not folder.is_dir():
        message = f"{folder}: there is no such folder; give the folder of the course's Markdown files with --course."
        raise CourseError(message)
    folder = course_folder(folder)
    try:
        units = sorted(path for path in units_folder(folder).rglob("*.md") if path.is_file() and not _hidden(path, folder))
    except OSError as error:
        message = f"{folder}: the folder cannot be read ({error.strerror}); check its permissions."
        raise CourseError(message) from error
    if not units:
        message = f"{folder}: there is no Markdown file (*.md) in it; give the folder of the course with --course."
        raise CourseError(message)
    beside = [path for unit in units if (path := questions_file(unit)).is_file()]
    return [path for name in ("syllabus.yaml", "glossary.yaml") if (path := folder / name).is_file()] + sorted([*units, *beside])


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def course_digest(folder: Path) -> str:
    """A digest of every file that the course is read from, and of the parser's version. Raises CourseError."""
    digest = hashlib.sha256(str(PARSER_VERSION).encode())
    for path in course_files(folder):
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"{path}: the file cannot be read ({error.strerror}); check its permissions."
            raise CourseError(message) from error
        digest.update(f"{path.relative_to(course_folder(folder)).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


class ParsedUnits(Protocol):
    """Where units parsed before are found again, and kept."""

    def get(self, file: str, digest: str) -> Unit | None:
        """The unit that `file` gave when its digest was `digest`, if that is kept."""
        ...

    def keep(self, units: Iterable[Unit]) -> None:
        """Keep these units and no others."""
        ...

    def glossary(self, source: Path, read: Callable[[Path], tuple[GlossaryEntry, ...]]) -> tuple[GlossaryEntry, ...]:
        """What `read` gives for the glossary file `source`."""
        ...


def load_course(folder: Path, archive: ParsedUnits | None = None, drafts: Mapping[str, bytes] = MappingProxyType({})) -> Course:
    """Read the course in `folder`.

    `archive`, if given, keeps parsed units between runs: a file that has not changed is not parsed again. `drafts` are read in the
    place of the files they are named like (path relative to the folder of units), or beside them. Raises CourseError
    with the file and line at fault where the course cannot be read.
    """
    folder = course_folder(folder)
    digest = course_digest(folder)
    root = units_folder(folder)
    paths = [path for path in course_files(folder) if path.suffix == ".md"]
    named = {path.relative_to(root).as_posix(): path for path in paths}
    files = [
        *named,
        *(file for file in drafts if file not in named),
    ]  # in one order, with and without drafts, so that parsed units are known again
    sources = [source_of(drafts[file], file) if file in drafts else read_source(named[file], file) for file in files]
    ids = _unit_ids(sources)
    syllabus = read_syllabus(folder / "syllabus.yaml")
    units: dict[str, Unit] = {}
    known = "\n".join([*ids, *ids.values()])
    for source in sources:
        questions = _questions(root / source.file)
        key = hashlib.sha256(f"{PARSER_VERSION}\0{source.digest}\0{known}\0".encode() + questions).hexdigest()
        unit = archive.get(source.file, key) if archive else None
        units[ids[source.file]] = unit or _unit(source, ids, questions, key)
    order = sorted(units, key=_natural)
    units = {unit_id: units[unit_id] for unit_id in order}
    if archive:
        archive.keep(units.values())
    modules, outcomes = _modules(syllabus.modules, units), syllabus.outcomes
    units = {unit_id: _with_module(unit, modules) for unit_id, unit in units.items()}
    return Course(
        title=syllabus.title or folder.resolve().name,
        modules=modules,
        units=units,
        outcomes=outcomes,
        glossary=archive.glossary(folder / "glossary.yaml", read_glossary) if archive else read_glossary(folder / "glossary.yaml"),
        digest=digest,
        folder=str(root.resolve()),
    )


def _unit_ids(sources: Sequence[Source]) -> dict[str, str]:
    """The unit id of each file. Raises CourseError where two files claim one."""
    ids: dict[str, str] = {}
    claimed: dict[str, str] = {}
    for source in sources:
        unit = source.string("unit") or source.file.removesuffix(".md")
        if not re.fullmatch(r"[^#?\\\x00-\x1f]{1,300}", unit):
            message = f"{source.file}:2: “{unit}” is no unit id; use a short id without “#” or “?”, such as 1.6."
            raise CourseError(message)
        if unit in claimed:
            message = f"{source.file}:2: the unit id “{unit}” is already used by {claimed[unit]}; give one of them another id."
            raise CourseError(message)
        claimed[unit] = source.file
        ids[source.file] = unit
    return ids


def _questions(unit_file: Path) -> bytes:
    """The questions beside a unit's file, as they stand in theirs; none where there is no such file."""
    path = questions_file(unit_file)
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError as error:
        message = f"{path}: the file cannot be read ({error.strerror}); check its permissions."
        raise CourseError(message) from error


def _unit(source: Source, ids: Mapping[str, str], questions: bytes, key: str) -> Unit:
    unit_id = ids[source.file]
    root = markup.parse(source, unit_id, dict(ids), frozenset(ids.values()))
    title = source.string("title") or markup.first_heading(root) or Path(source.file).stem.replace("-", " ")
    page, sections, check_questions = outline(root, unit_id, title, source)
    return Unit(
        id=unit_id,
        title=title,
        file=source.file,
        module="",
        html=markup.written(page),
        sections=sections,
        check_questions=check_questions,
        expected_questions=read_expected_questions(questions, questions_file(Path(source.file)).name, sections) if questions else (),
        outcomes=source.strings("outcomes"),
        references=source.strings("references"),
        aliases=source.strings("aliases"),
        reviewed=source.string("reviewed"),
        digest=key,
    )


def _modules(planned: Sequence[Module], units: Mapping[str, Unit]) -> tuple[Module, ...]:
    return tuple(Module(module.id, module.title, tuple(unit for unit in module.units if unit in units)) for module in planned)


def _with_module(unit: Unit, modules: Sequence[Module]) -> Unit:
    module = next((module.title for module in modules if unit.id in module.units), "")
    return unit if unit.module == module else unit.in_module(module)


def _natural(unit_id: str) -> list[tuple[int, int | str]]:
    """Sort key that puts 1.9 before 1.10."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"(\d+)", unit_id) if part]


def outcome_units(outcomes: Mapping[str, Outcome]) -> dict[str, list[Outcome]]:
    """The outcomes of each unit, in order."""
    by_unit: dict[str, list[Outcome]] = {}
    for outcome in outcomes.values():
        by_unit.setdefault(outcome.unit, []).append(outcome)
    return by_unit
