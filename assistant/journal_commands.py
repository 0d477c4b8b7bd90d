"""The commands `journal export`, `journal import` and `journal purge`.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Protocol

import click

from assistant.journal import Journal, JournalError

if TYPE_CHECKING:
    from pathlib import Path


class JournalSettings(Protocol):
    """What these commands need of the settings."""

    @property
    def data(self) -> Path:
        """The folder that the journal lies in."""
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
        count = journal_of(settings).export(file)
    except JournalError as error:
        raise JournalFailure(str(error)) from error
    click.echo(f"{count} events written.", err=True)


@journal_commands.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
@click.pass_obj
def import_(settings: JournalSettings, file: IO[str]) -> None:
    """Take the events of an exported FILE (- is standard input) that are not known yet."""
    try:
        result = journal_of(settings).take(file)
    except JournalError as error:
        raise JournalFailure(str(error)) from error
    for complaint in result.complaints:
        click.echo(complaint, err=True)
    click.echo(f"{result.taken} events taken, {result.known} known already.", err=True)
    if result.complaints:
        raise SystemExit(1)


@journal_commands.command("purge")
@click.option("--days", type=click.IntRange(0), required=True, help="Remove what is older than this many days; 0 removes everything.")
@click.confirmation_option(prompt="Events removed from the journal cannot be brought back. Remove them?")
@click.pass_obj
def purge(settings: JournalSettings, days: int) -> None:
    """Remove old events for good."""
    try:
        removed = journal_of(settings).purge(datetime.now(UTC) - timedelta(days=days))
    except JournalError as error:
        raise JournalFailure(str(error)) from error
    click.echo(f"{removed} events removed.", err=True)


class JournalFailure(click.ClickException):
    """A command that cannot do its work because the journal cannot be read or written."""

    exit_code = 3
