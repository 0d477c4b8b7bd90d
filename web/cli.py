"""The one console script: its settings, and each package's commands put together.

Knows nothing of what the commands do.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from assistant.commands import ask, coverage, search
from assistant.gap_commands import gaps
from assistant.golden_commands import golden_after_renewal, golden_commands
from assistant.journal_commands import journal_commands
from corpus.commands import course_commands_with
from index.commands import index_commands
from index.near_duplicates import check_near_duplicates
from web.commands import serve
from web.lab.commands import bundle, doctor
from web.lab.data_version import DataVersionError, check_data
from web.settings import SettingError, Settings
from web.tutor_commands import tutor_commands

_FOLDER = click.Path(path_type=Path)
_READ_NO_DATA = ("bundle", "doctor")
_TEST_THEMSELVES = ("golden", "serve")
"""They ask the test questions of a new index where they work."""


class DataFailure(click.ClickException):
    """A command that must leave the data folder alone because a newer program has written it."""

    exit_code = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--course", type=_FOLDER, help="Folder of the course's Markdown files.  [default: the course that is shipped]")
@click.option("--index", type=_FOLDER, help="Folder of the search index.")
@click.option("--data", type=_FOLDER, help="Folder where the journal and the conversations lie.")
@click.option("--model", type=_FOLDER, help="Folder of a sentence-transformers model to use in place of the shipped encoder.")
@click.version_option(package_name="genomics-tutor")
@click.pass_context
def cli(context: click.Context, course: Path | None, index: Path | None, data: Path | None, model: Path | None) -> None:
    """Answer questions about genomic medicine with a course's own sentences, each cited.

    Every option can also be given as a GENOMICS_TUTOR_* variable, such as GENOMICS_TUTOR_COURSE.
    """
    try:
        context.obj = Settings.read({"course": course, "index": index, "data": data, "model": model})
    except SettingError as error:
        raise click.UsageError(str(error)) from error
    if context.invoked_subcommand not in _READ_NO_DATA:
        try:
            check_data(context.obj.data)
        except DataVersionError as error:
            raise DataFailure(str(error)) from error
    if context.invoked_subcommand not in (*_READ_NO_DATA, *_TEST_THEMSELVES):
        context.with_resource(golden_after_renewal(context.obj))


for command in (
    serve,
    ask,
    search,
    course_commands_with([check_near_duplicates]),
    index_commands,
    coverage,
    gaps,
    journal_commands,
    golden_commands,
    tutor_commands,
    bundle,
    doctor,
):
    cli.add_command(command)


def main() -> None:
    """Run the console script."""
    logging.captureWarnings(capture=True)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli.main(prog_name="genomics-tutor")
