"""The program looked at: its libraries, its encoder, its index, its data, and whether it gives a known answer.

Nothing is built or mended here. Knows nothing of the machine.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.coverage_judge import JudgeUnreadableError
from assistant.journal_commands import journal_of
from assistant.reply import Answer, Partly
from corpus import CourseError, UnitArchive, course_digest, load_course
from index import EncoderUnreadableError, IndexUnusableError, chosen_encoder, load_index
from index.search import Query
from web.lab.data_version import DataVersionError, check_data, data_version, program_version
from web.lab.findings import Words, fault, fine
from web.lab.findings import words as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.requirements import Requirement

    from corpus import Course
    from index import Encoder, Index
    from web.lab.findings import Finding
    from web.settings import Settings

QUESTION, ANSWERED_WITH = "What is penetrance?", "penetrance"
"""A question that the shipped course answers, and a word that its evidence holds."""

_DATABASES = (
    "journal.sqlite",
    "conversations.sqlite",
    "practice.sqlite",
    "reading.sqlite",
    "tutors.sqlite",
    "gaps.sqlite",
    "answers.sqlite",
    "golden.sqlite",
)
_AGAIN = _("Install genomics-tutor again.")


def libraries(pins: Path = Path(sys.prefix) / "requirements.txt") -> Iterator[Finding]:
    """Whether each library is there in a version that fits: exactly the pinned one where `pins` (a bundle's requirements) says so."""
    from packaging.requirements import Requirement  # noqa: PLC0415  # a server that nobody looks at starts without

    exact = dict(re.findall(r"^([\w.-]+)==(\S+)", pins.read_text(encoding="utf-8"), re.MULTILINE)) if pins.is_file() else {}
    exact.pop("genomics-tutor", None)
    wanted = [Requirement(f"{name}=={number}") for name, number in exact.items()]
    if not wanted:
        wanted = [
            one for one in map(Requirement, requires("genomics-tutor") or ()) if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    wrong = [f"{one.name} {_installed(one.name) or 'is missing'}, not {one.specifier}" for one in wanted if not _fits(one)]
    if wrong:
        yield fault("libraries", _("%(wrong)s.", wrong="; ".join(wrong)), _AGAIN)
        return
    there = {"number": len(wanted), "program": program_version(), "python": ".".join(map(str, sys.version_info[:3]))}
    if exact:
        yield fine(
            "libraries", _("%(number)s libraries are there in pinned versions (genomics-tutor %(program)s, Python %(python)s).", **there)
        )
    else:
        yield fine(
            "libraries", _("%(number)s libraries are there in allowed versions (genomics-tutor %(program)s, Python %(python)s).", **there)
        )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _fits(wanted: Requirement) -> bool:
    found = _installed(wanted.name)
    return bool(found) and wanted.specifier.contains(found, prereleases=True)


def data(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder was written by this program or an older one, and its databases are whole."""
    try:
        found = check_data(settings.data)
        yield fine("data", _("%(folder)s has format %(number)s.", folder=settings.data, number=found.format))
    except DataVersionError as error:
        what, ends, remedy = str(error).rpartition(". ")
        yield fault("data", Words(f"{what}."), Words(remedy)) if ends else _of("data", error)
    for name in _DATABASES:
        path = settings.data / name
        if path.exists():
            yield _database(path)


def _database(path: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            told = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        told = str(error)
    if told == "ok":
        return fine("database", _("%(file)s is whole.", file=path.name))
    return fault(
        "database",
        _("%(file)s is damaged (%(told)s).", file=path, told=told),
        _("Put a copy of it in its place, or move it away: a new %(file)s is then begun.", file=path.name),
    )


def search(settings: Settings) -> Iterator[Finding]:
    """Whether encoder, course and index are whole and fit together, and a known question is answered; ends at the first fault."""
    try:
        encoder = chosen_encoder(settings.model)
        yield fine(
            "encoder",
            _("The encoder is whole: %(digest)s, %(number)s dimensions.", digest=encoder.digest[:16], number=encoder.dimension),
        )
    except EncoderUnreadableError as error:
        yield _of("encoder", error)
        return
    try:
        course = load_course(settings.course, UnitArchive(settings.index / "units.jsonl"))
        yield fine("course", _("The course has %(number)s units.", number=len(course.units)))
    except CourseError as error:
        yield _of("course", error)
        return
    try:
        index = load_index(settings.index, encoder.digest, course_digest(settings.course))
        yield fine(
            "index",
            _(
                "The index is whole and up to date: %(digest)s, %(number)s passages.",
                digest=index.course_digest[:16],
                number=len(index.passages),
            ),
        )
    except IndexUnusableError as error:
        yield _of("index", error)
        return
    yield _question(course, index, encoder)


def _of(check: str, error: Exception) -> Finding:
    """A fault whose message ends in its remedy, behind a semicolon."""
    what, ends, remedy = str(error).rpartition("; ")
    if not ends:
        return fault(check, Words(f"{error}."), _AGAIN)
    return fault(check, Words(f"{what}."), Words(f"{remedy[:1].upper()}{remedy[1:]}"))


def _question(course: Course, index: Index, encoder: Encoder) -> Finding:
    """Whether a known question is answered; a course that does not hold it must find its own first sentence."""
    try:
        assistant = Assistant(course, index, encoder)
        if any(entry.term.lower() == ANSWERED_WITH for entry in course.glossary):
            asked, reply = QUESTION, assistant.ask(QUESTION)
            quotes = [cited.quote for said in reply.sentences for cited in said.citations] if isinstance(reply, Answer | Partly) else []
            good = any(ANSWERED_WITH in quote.lower() for quote in quotes)
        else:
            first = index.passages[0]
            asked = first.sentences[0].text
            good = first.id in {hit.passage.id for hit in assistant.searcher.search(Query(asked), 10).hits}
    except (JudgeUnreadableError, IndexError) as error:
        return fault("question", _("A known question cannot be asked (%(error)s).", error=error), _AGAIN)
    if good:
        return fine("question", _("“%(asked)s” is answered from the course.", asked=asked))
    return fault(
        "question",
        _("“%(asked)s” does not get its known answer.", asked=asked),
        _("Build the index anew with “genomics-tutor index build”; if that does not help, install genomics-tutor again."),
    )


def moments(settings: Settings, course: Course | None) -> Iterator[datetime]:
    """When things are known to have happened: units reviewed, the data written, the last event of the journal."""
    for unit in course.units.values() if course else ():
        with suppress(ValueError):
            yield datetime.fromisoformat(unit.reviewed).replace(tzinfo=UTC)
    with suppress(DataVersionError, ValueError):
        if written := data_version(settings.data).written:
            yield datetime.fromisoformat(written)
    if (settings.data / "journal.sqlite").is_file():
        with suppress(OSError, ValueError):
            yield from (datetime.fromisoformat(machine.newest) for machine in journal_of(settings).machines() if machine.newest)
