"""The command `gaps`: what trainees ask and the course lacks, put together anew and asked again where that is wished.

Fit for a timer at night (cron): it asks nothing of anyone. Knows nothing of how the settings are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import click

from assistant.gap_store import GapStore, GapStoreError
from assistant.gap_text import gap_rows, gaps_json, gaps_text, plain
from assistant.journal import JournalError
from assistant.journal_commands import JournalSettings, journal_of
from assistant.opening import open_assistant, taught_answers
from corpus import UnitArchive, load_course
from index import IndexSettings, failures_told

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class GapSettings(IndexSettings, JournalSettings, Protocol):
    """What the command needs of the settings: the course, its index, and the data folder."""


@click.command("gaps")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--make", "making", is_flag=True, help="Put the questions of the journal together anew first.")
@click.option(
    "--ask-again", "asking", is_flag=True, help="Ask the questions of each open gap again; a gap whose questions are all answered closes."
)
@click.pass_obj
def gaps(settings: GapSettings, *, as_json: bool, making: bool, asking: bool) -> None:
    """List what trainees ask and the course does not answer, what matters most first."""
    store = GapStore(settings.data / "gaps.sqlite")
    with failures_told():
        assistant = open_assistant(settings) if making or asking else None
        course = assistant.course if assistant else load_course(settings.course, UnitArchive(settings.index / "units.jsonl"))
    try:
        if assistant and making:
            _make(settings, store, assistant)
        if assistant and asking:
            _ask_again(settings, store, assistant)
        rows = gap_rows(store.gaps(), course)
    except (GapStoreError, JournalError) as error:
        raise GapFailure(str(error)) from error
    click.echo(gaps_json(rows) if as_json else gaps_text(rows))


class GapFailure(click.ClickException):
    """A command that cannot do its work because the gaps or the journal cannot be read or written."""

    exit_code = 3


def _make(settings: GapSettings, store: GapStore, assistant: Assistant) -> None:
    from assistant.gap_making import GapCourse, make_gaps  # noqa: PLC0415  (what clustering needs is loaded to cluster alone)
    from assistant.gap_tending import GapChangedError  # noqa: PLC0415

    try:
        run = make_gaps(journal_of(settings), GapCourse.of(assistant), store)
    except GapChangedError as error:
        message = "Tutors are changing gaps just now, so they were not made anew; run the command again."
        raise click.ClickException(message) from error
    click.echo(f"Gaps made anew of {run.questions} askings of {run.texts} questions.", err=True)


def _ask_again(settings: GapSettings, store: GapStore, assistant: Assistant) -> None:
    from assistant.gap_trial import ask_all_again  # noqa: PLC0415

    before = sum(gap.status in {"new", "planned"} for gap in store.gaps())
    closed = ask_all_again(store, assistant, taught_answers(settings.data, assistant, assistant.encoder))
    for gap in closed:
        click.echo(f"Closed: {plain(gap.figures.title)}. Every question of it is answered now.", err=True)
    click.echo(f"{len(closed)} of {before} open gaps closed.", err=True)
