"""The commands `bundle` and `doctor`.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.opening import open_assistant
from index import failures_told
from web.lab.targets import PYTHONS, TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.settings import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False)
_BROKEN = 3
_PIP = "pip>=24.2,<27"
_SOURCE = Path(__file__).parents[2]


@click.command("bundle")
@click.option("--platform", "platform", type=click.Choice(list(TARGETS)), required=True, help="The kind of machine it is for.")
@click.option("--out", type=_FOLDER, required=True, help="Folder to write the archive to.")
@click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="3.N",
    help=f"A version of Python to carry parts for; may be given again.  [default: {', '.join(PYTHONS)}]",
)
@click.option("--wheel", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The program's own wheel, built already.")
@click.option("--wheelhouse", type=_FOLDER, help="Folder where wheels are looked for first and kept.")
@click.pass_obj
def bundle(settings: Settings, platform: str, out: Path, pythons: Sequence[str], wheel: Path | None, wheelhouse: Path | None) -> None:  # noqa: PLR0913, PLR0917  (its options)
    """Make one archive with everything that a machine without a network needs; it is unpacked there and started.

    Making it fetches wheels with pip, which needs a package index or a folder of wheels; running it fetches nothing.
    """
    from web.lab.bundle import BundleError, write_bundle  # noqa: PLC0415  (making a bundle is rare, and serving must start quickly)
    from web.lab.wheels import Wheel, WheelsError, fetch_with_pip, needed_wheels  # noqa: PLC0415

    target = TARGETS[platform]
    versions = _versions(pythons or PYTHONS)
    with tempfile.TemporaryDirectory() as scratch, _told(WheelsError, BundleError):
        house = wheelhouse or Path(scratch) / "wheels"
        house.mkdir(parents=True, exist_ok=True)
        program = Wheel.read(wheel or _built(settings, Path(scratch)))
        carried = {}
        for python in versions:
            carried[python] = needed_wheels(program, target, python, house, fetch_with_pip)
            click.echo(f"Python {python}: {len(carried[python])} wheels.", err=True)
        fetch_with_pip([_PIP], target, versions[-1], house, alone=True)
        pip = max((Wheel.read(path) for path in house.glob("pip-*.whl")), key=lambda one: one.version)
        archive = write_bundle(target, carried, program, pip, out)
    click.echo(f"{archive}: {archive.stat().st_size / 1e6:.0f} MB, for {target.name} with Python {', '.join(versions)}.")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
@click.pass_obj
def doctor(settings: Settings, *, as_json: bool) -> None:
    """Look whether everything here is in order, and say what to do where it is not; exit with 3 if there is a fault."""
    from web.lab.doctor import examine  # noqa: PLC0415  (only this command needs it)

    found = examine(settings)
    if as_json:
        click.echo(json.dumps(found.plain(), ensure_ascii=False, indent=2))
    else:
        for finding in found.findings:
            click.echo(f"{finding.state:8}{finding.check:10}{finding.told}")
            if finding.remedy:
                click.echo(f"{'':18}-> {finding.remedy}")
    if not found.sound:
        raise SystemExit(_BROKEN)


def _versions(given: Sequence[str]) -> list[str]:
    """Versions of Python, oldest first, each once."""
    parts = [one.split(".") for one in given]
    if any(len(one) != 2 or one[0] != "3" or not one[1].isdigit() or int(one[1]) < 11 for one in parts):  # noqa: PLR2004
        message = f"--python takes versions such as 3.12, none older than 3.11; {', '.join(given)} was given."
        raise click.UsageError(message)
    return [f"3.{minor}" for minor in sorted({int(one[1]) for one in parts})]


def _built(settings: Settings, scratch: Path) -> Path:
    """The program's wheel, built from the source that runs, with the index of its course."""
    if not (_SOURCE / "pyproject.toml").is_file():
        message = "The program runs from an installation, not from its source; give its wheel with --wheel."
        raise click.UsageError(message)
    with failures_told():  # which builds the index and parses the course, so that the first start there does neither
        open_assistant(replace(settings, course=_SOURCE / "corpus", index=_SOURCE / "index" / "built", model=None))
    out = scratch / "program"
    click.echo("Building the program's own wheel ...", err=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(_SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
    if done.returncode:
        message = f"The program's wheel cannot be built: {done.stderr.strip()[-500:]} Build it with “python -m build --wheel” and give it with --wheel."
        raise click.ClickException(message)
    return next(out.glob("*.whl"))


@contextmanager
def _told(*errors: type[Exception]) -> Iterator[None]:
    """These errors end the command with their message."""
    try:
        yield
    except errors as error:
        raise click.ClickException(str(error)) from error
