"""The commands `course check` and `course show`.

Knows nothing of how the settings are found, nor of indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import click

from corpus.checks import check_course
from corpus.loading import load_course
from corpus.source import CourseError
from corpus.unit_words import unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.course import Unit
    from corpus.course_text import Check


class CourseSettings(Protocol):
    """What these commands need of the settings."""

    @property
    def course(self) -> Path:
        """The folder of the course."""
        ...


def course_commands_with(extra: Sequence[Check] = ()) -> click.Group:
    """The commands, with checks beside the course's own that `course check` runs too."""

    @click.group("course")
    def commands() -> None:
        """Check the course text, or show what it holds."""

    @commands.command("check")
    @click.pass_obj
    def check(settings: CourseSettings) -> None:
        """Report every fault of the course text with file, line and remedy."""
        try:
            faults = check_course(settings.course, extra)
        except CourseError as error:
            raise click.ClickException(str(error)) from error
        for fault in faults:
            click.echo(str(fault))
        errors = sum(fault.severity == "error" for fault in faults)
        click.echo(f"{settings.course}: {errors} errors, {len(faults) - errors} warnings.", err=True)
        if errors:
            raise SystemExit(1)

    commands.add_command(show)
    return commands


@click.command("show")
@click.pass_obj
def show(settings: CourseSettings) -> None:
    """List the modules and units, each with its words, sections, practice questions and references."""
    try:
        course = load_course(settings.course)
    except CourseError as error:
        raise click.ClickException(str(error)) from error
    click.echo(course.title)
    shown: set[str] = set()
    for module in course.modules:
        click.echo(f"\n{module.id} {module.title}")
        for unit in module.units:
            click.echo(_line(course.units[unit]))
            shown.add(unit)
    for outside in course.units.values():
        if outside.id not in shown:
            click.echo(_line(outside))
    words = sum(unit_words(unit) for unit in course.units.values())
    questions = sum(len(unit.check_questions) for unit in course.units.values())
    click.echo(
        f"\n{len(course.units)} units, {words:,} words, {len(course.outcomes)} outcomes, "
        f"{questions} practice questions, {len(course.glossary)} glossary entries."
    )


def _line(unit: Unit) -> str:
    return (
        f"  {unit.id:6} {unit_words(unit):6,} words  {len(unit.sections):3} sections  {len(unit.check_questions):2} questions  "
        f"{len(unit.references):2} references  {unit.title}"
    )


course_commands = course_commands_with()
"""The commands with the course's own checks alone."""
