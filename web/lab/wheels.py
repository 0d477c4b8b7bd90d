"""The wheels that our wheel needs on another machine: fetched with pip, followed to the end, and pinned with their digests.

Knows nothing of what a bundle looks like.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.parser import BytesParser
from typing import TYPE_CHECKING, Protocol

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from packaging.utils import NormalizedName
    from packaging.version import Version

    from web.lab.targets import Target


class WheelsError(Exception):
    """The wheels for a machine cannot be had; the message says which one and what to do."""


class Fetch(Protocol):
    """Puts wheels into a folder."""

    def __call__(self, requirements: Sequence[str], target: Target, python: str, into: Path, *, alone: bool = False) -> None:
        """Fetch wheels of the requirements that fit the machine, with what they need in turn unless `alone`. Raises WheelsError."""
        ...


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on disk, as its name and its metadata describe it."""

    path: Path
    name: NormalizedName
    version: Version
    tags: frozenset[Tag]
    requires: tuple[Requirement, ...]

    @classmethod
    def read(cls, path: Path) -> Wheel:
        """The wheel at `path`. Raises WheelsError."""
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
            with zipfile.ZipFile(path) as archive:
                metadata = next(entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA"))
                told = BytesParser().parsebytes(archive.read(metadata), headersonly=True)
            return cls(path, name, version, frozenset(tags), tuple(map(Requirement, told.get_all("Requires-Dist", []))))
        except (OSError, ValueError, StopIteration, zipfile.BadZipFile) as error:
            message = f"{path}: this is no wheel ({error or 'it has no metadata'}); delete it and fetch it again."
            raise WheelsError(message) from error

    def needs(self, target: Target, python: str) -> Iterator[Requirement]:
        """What it requires on that machine."""
        markers = target.markers(python)
        return (needed for needed in self.requires if needed.marker is None or needed.marker.evaluate(markers))


def fetch_with_pip(requirements: Sequence[str], target: Target, python: str, into: Path, *, alone: bool = False) -> None:
    """Fetch wheels as `Fetch` says, from wherever pip is set up to find them."""
    platforms = [part for tag in target.tags for part in ("--platform", tag)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", *platforms]
    command += ["--python-version", python, "--implementation", "cp", "--dest", str(into), *(["--no-deps"] if alone else [])]
    done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()[-1:]
        message = f"pip found no wheels for {target.name} with Python {python}: {' '.join(faults)} Connect to a package index, or set PIP_FIND_LINKS to a folder of wheels."
        raise WheelsError(message)


def needed_wheels(program: Wheel, target: Target, python: str, house: Path, fetch: Fetch) -> list[Wheel]:
    """The program's wheel and every wheel that it needs on that machine, by name; what is missing is fetched into `house` first.

    Raises WheelsError.
    """
    own = [str(needed) for needed in program.needs(target, python)]
    fetch(own, target, python, house)
    for _ in range(len(own) + 100):
        found, missing = _closure(program, target, python, house)
        if not missing:
            return [found[name] for name in sorted(found)]
        fetch(missing, target, python, house, alone=True)
    message = f"The wheels in {house} never come to an end for {target.name} with Python {python}; start with an empty folder."
    raise WheelsError(message)


def _closure(program: Wheel, target: Target, python: str, house: Path) -> tuple[dict[NormalizedName, Wheel], list[str]]:
    """What is there of what the program needs, followed from wheel to wheel, and what is not."""
    fitting = list(_fitting(house, target, python))
    found = {program.name: program}
    missing: list[str] = []
    waiting = list(program.needs(target, python))
    while waiting:
        needed = waiting.pop()
        name = canonicalize_name(needed.name)
        if name in found:
            continue
        wheel = max(
            (one for one in fitting if one.name == name and one.version in needed.specifier), key=lambda one: one.version, default=None
        )
        if wheel is None:
            missing.append(f"{needed.name}{needed.specifier}")
            continue
        found[name] = wheel
        waiting += wheel.needs(target, python)
    return found, missing


def _fitting(house: Path, target: Target, python: str) -> Iterable[Wheel]:
    """The wheels in a folder that can be installed on that machine."""
    version = tuple(int(part) for part in python.split("."))
    tags = {*cpython_tags(version, platforms=target.tags), *compatible_tags(version, f"cp{''.join(python.split('.'))}", target.tags)}
    return (wheel for path in sorted(house.glob("*.whl")) if (wheel := Wheel.read(path)).tags & tags)


def pinned(wheels: Iterable[Wheel]) -> str:
    """A requirements file that names exactly these wheels, each by version and SHA-256."""
    return "".join(f"{wheel.name}=={wheel.version} --hash=sha256:{sha256(wheel.path)}\n" for wheel in wheels)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
