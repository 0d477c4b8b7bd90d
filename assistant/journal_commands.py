"""The commands `journal export`, `journal import` and `journal purge`.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Protocol

import click

from assistant.gap_store import GapStore, GapStoreError
from assistant.journal import Journal, JournalError
from assistant.journal_file import JournalFile, write_journal

if TYPE_CHECKING:
    from pathlib import Path


class JournalSettings(Protocol):
    """What these commands need of the settings."""

    @property
    def data(self) -> Path:
        """The folder that the journal lies in."""
        ...

    @property
    def journal_key(self) -> str:
        """What the machines of a course seal their journal files with; empty where they do not."""
        ...


def journal_of(settings: JournalSettings) -> Journal:
    """The journal in the settings' data folder."""
    return Journal(settings.data / "journal.sqlite")


@click.group("journal")
def journal_commands() -> None:
    """Take the journal of questions out, put others in, or remove what is old."""


@journal_commands.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True), default="-")
@click.pass_obj
def export(settings: JournalSettings, file: IO[str]) -> None:
    """Write every event as JSON lines to FILE (or standard output)."""
    try:
        journal = journal_of(settings)
        count = write_journal(file, journal.events(), journal.machine(), settings.journal_key)
    except JournalError as error:
        raise JournalFailure(str(error)) from error
    click.echo(f"{count} events written.", err=True)


@journal_commands.command("import")
@click.argument("files", type=click.File("r", encoding="utf-8", errors="replace"), nargs=-1, required=True)
@click.option("--unsealed", is_flag=True, help="Take files that are not sealed, too, although this machine has a key.")
@click.pass_obj
def import_(settings: JournalSettings, files: tuple[IO[str], ...], *, unsealed: bool) -> None:
    """Take the events of exported FILES (- is standard input) that are not known yet, in any order."""
    faults = False
    for file in files:
        read = JournalFile(file, settings.journal_key, unsealed)
        try:
            new, known = journal_of(settings).take(read.events(), read.machines)
        except JournalError as error:
            raise JournalFailure(str(error)) from error
        for complaint in read.complaints:
            click.echo(f"{file.name}: {complaint}", err=True)
        click.echo(f"{file.name}: {new} events taken, {known} known already.", err=True)
        faults = faults or bool(read.complaints)
    if faults:
        raise SystemExit(1)


@journal_commands.command("purge")
@click.option("--days", type=click.IntRange(0), required=True, help="Remove what is older than this many days; 0 removes everything.")
@click.confirmation_option(prompt="Events removed from the journal cannot be brought back. Remove them?")
@click.pass_obj
def purge(settings: JournalSettings, days: int) -> None:
    """Remove old events for good, from the journal and from the questions of gaps."""
    before = datetime.now(UTC) - timedelta(days=days)
    try:
        removed = journal_of(settings).purge(before)
        GapStore(settings.data / "gaps.sqlite").forget(before)
    except (JournalError, GapStoreError) as error:
        raise JournalFailure(str(error)) from error
    click.echo(f"{removed} events removed.", err=True)


class JournalFailure(click.ClickException):
    """A command that cannot do its work because the journal cannot be read or written."""

    exit_code = 3
