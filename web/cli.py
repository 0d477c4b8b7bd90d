"""The one console script: its settings, and each package's commands put together.

Knows nothing of what the commands do.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from web.lab.data_version import DataVersionError, check_data
from web.settings import SettingError, Settings

_FOLDER = click.Path(path_type=Path)
_READ_NO_DATA = ("bundle", "doctor")
_TEST_THEMSELVES = ("golden", "serve")
"""They ask the test questions of a new index where they work."""


_COMMANDS = {
    "serve": "web.commands:serve",
    "ask": "assistant.commands:ask",
    "search": "assistant.commands:search",
    "course": "web.course_commands:course_commands",
    "index": "index.commands:index_commands",
    "coverage": "assistant.commands:coverage",
    "gaps": "assistant.gap_commands:gaps",
    "journal": "assistant.journal_commands:journal_commands",
    "golden": "assistant.golden_commands:golden_commands",
    "tutor": "web.tutor_commands:tutor_commands",
    "bundle": "web.lab.commands:bundle",
    "doctor": "web.lab.commands:doctor",
}
"""Where each command is: read when it is called, since all together take longer to read than most take to run."""


class _Commands(click.Group):
    """The commands of `_COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Their names, sorted."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, or None."""
        module, _, command = _COMMANDS.get(cmd_name, "").partition(":")
        return cast(click.Command, getattr(import_module(module), command)) if module else None


class DataFailure(click.ClickException):
    """A command that must leave the data folder alone because a newer program has written it."""

    exit_code = 3


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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
        from assistant.golden_commands import golden_after_renewal  # noqa: PLC0415  # some commands start without

        context.with_resource(golden_after_renewal(context.obj))


def main() -> None:
    """Run the console script."""
    logging.captureWarnings(capture=True)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli.main(prog_name="genomics-tutor")
