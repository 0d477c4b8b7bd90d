"""The commands `golden add` and `golden run`: a test question kept, and all of them asked, with what each lacks.

They are also asked by whatever command renews the index, so that their runs say since when a question fares better or worse.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from assistant.golden import (
    LONGEST_QUESTION,
    LONGEST_TERM,
    MOST_QUESTIONS,
    MOST_TERMS,
    Golden,
    GoldenError,
    GoldenFaultError,
    standings,
    summary,
)
from assistant.journal_commands import JournalSettings
from assistant.opening import open_assistant
from corpus import UnitArchive, load_course
from index import IndexSettings, failures_told, index_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.golden import Fault, Standing


class GoldenSettings(IndexSettings, JournalSettings, Protocol):
    """What the command needs of the settings: the course, its index, and the data folder."""


@click.group("golden")
def golden_commands() -> None:
    """Keep the tutors' test questions, and ask them."""


@golden_commands.command("add")
@click.argument("question")
@click.option("--section", default="", help="The section (1.6#penetrance) or unit (1.6) that the answer must cite.")
@click.option("--term", "terms", multiple=True, help="Words that must stand in the answer; may be given again.")
@click.pass_obj
def add(settings: GoldenSettings, question: str, section: str, terms: tuple[str, ...]) -> None:
    """Keep a test question; its id is written to standard output."""
    section = section.strip()
    if section:
        with failures_told():
            course = load_course(settings.course, UnitArchive(settings.index / "units.jsonl"))
        if section not in course.units and not any(section == one.id for unit in course.units.values() for one in unit.sections):
            message = f"The course has no section or unit {section}; give its id, such as 1.6#penetrance or 1.6."
            raise click.UsageError(message)
    try:
        kept = Golden(settings.data / "golden.sqlite").add(question, section, terms)
    except GoldenFaultError as error:
        raise click.UsageError(_refusal(error.fault)) from error
    except GoldenError as error:
        raise GoldenFailure(str(error)) from error
    click.echo(kept.id)


@golden_commands.command("run")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_obj
def run(settings: GoldenSettings, *, as_json: bool) -> None:
    """Ask every test question and keep how it went; exit status 1 if any fails."""
    golden = Golden(settings.data / "golden.sqlite")
    with failures_told():
        assistant = open_assistant(settings)
    try:
        golden.run(assistant, assistant.course.digest)
        rows = standings(golden.questions(), golden.runs())
    except GoldenError as error:
        raise GoldenFailure(str(error)) from error
    failed = [row for row in rows if row.grade is None or not row.grade.passed]
    if as_json:
        click.echo(json.dumps({"format": 1, "questions": [_line(row) for row in rows]}, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(f"{'FAILED' if row in failed else 'passed'}  {row.question.question}{_why(row)}")
    click.echo(f"{len(rows) - len(failed)} of {len(rows)} test questions passed.", err=True)
    if failed:
        raise SystemExit(1)


@contextmanager
def golden_after_renewal(settings: GoldenSettings) -> Iterator[None]:
    """Asks the test questions if the block has renewed the index, and says on standard error how many got worse.

    What goes wrong in doing so is said there, too; the block's own work is done by then, and its exit status stays.
    """
    before = index_in_use(settings.index)
    try:
        yield
    finally:
        if index_in_use(settings.index) not in {before, ""}:
            _test_and_tell(settings)


def _test_and_tell(settings: GoldenSettings) -> None:
    golden = Golden(settings.data / "golden.sqlite")
    try:
        if not golden.questions():
            return
        with failures_told():
            assistant = open_assistant(settings)
        golden.run(assistant, assistant.course.digest)
        click.echo(f"The index is new; {summary(standings(golden.questions(), golden.runs()))}", err=True)
    except (click.ClickException, GoldenError) as error:
        click.echo(f"The test questions were not asked: {error}", err=True)


class GoldenFailure(click.ClickException):
    """A command that cannot do its work because the test questions cannot be read or kept."""

    exit_code = 3


def _refusal(fault: Fault) -> str:
    return {
        "no-question": "There is no question; give one in quotation marks.",
        "too-long": f"The question or a term is too long; a question has at most {LONGEST_QUESTION} characters, a term or section {LONGEST_TERM}.",
        "too-many": f"There are too many; keep at most {MOST_TERMS} terms a question and {MOST_QUESTIONS} questions.",
    }[fault]


def _line(row: Standing) -> dict[str, object]:
    question, grade = row.question, row.grade
    line: dict[str, object] = {"id": question.id, "question": question.question, "section": question.section, "terms": question.terms}
    if grade is None:
        return line | {"passed": False}
    graded = {"passed": grade.passed, "state": grade.state, "cited": grade.cited, "section_found": grade.found, "missing": grade.missing}
    return line | graded | {"since": row.since, "change": row.change}


def _why(row: Standing) -> str:
    if row.grade is None or row.grade.passed:
        return ""
    told = [row.grade.state] if row.grade.state not in ("covered", "partly") else []
    told += [] if row.grade.found else [f"{row.question.section} is not cited"]
    told += [f"“{term}” is not said" for term in row.grade.missing]
    return f"  ({'; '.join(told)})"
