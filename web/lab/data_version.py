"""Which version of the program wrote the data folder, so that a newer one brings it up to date and an older one leaves it alone.

File: `<data>/version.json` with {"format", "program", "written"}: the format of the folder, the version of the program that last served
over it, and when (UTC, ISO 8601). A folder without it was written before there was one, in format 1.

Knows nothing of what the other files hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from corpus.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FORMAT = 2
"""The format of the data folder. Raise it when an older program could no longer read what this one writes."""


def _practice(_: Path) -> None:
    """Format 2: practice says when an answer was written; `web/practice_store.py` brings its file forward when it opens it."""


MIGRATIONS: Mapping[int, Callable[[Path], None]] = {1: _practice}
"""What brings a folder of format n to n + 1, by n. Each must bear being run again after it was broken off."""

_NAME = "version.json"
_FIRST_PROGRAM = "0"


class DataVersionError(OSError):
    """The data folder cannot be used by this program; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DataVersion:
    """What `version.json` says. `written` is empty where there is no such file."""

    format: int
    program: str
    written: str = ""


def program_version() -> str:
    """The version of this program."""
    return version("genomics-tutor")


def data_version(data: Path) -> DataVersion:
    """The version of a data folder, which need not exist. Raises DataVersionError."""
    path = data / _NAME
    try:
        told = json.loads(path.read_bytes())
        found = DataVersion(int(told["format"]), str(Version(told["program"])), str(told["written"]))
    except FileNotFoundError:
        return DataVersion(1, _FIRST_PROGRAM)
    except (OSError, ValueError, KeyError, TypeError, InvalidVersion) as error:
        message = f"{path}: the file cannot be read ({error}); if no newer program has used the folder, delete it and start again."
        raise DataVersionError(message) from error
    return found


def check_data(data: Path) -> DataVersion:
    """The version of a data folder that this program may use. Raises DataVersionError where a newer program has written it."""
    found, own = data_version(data), program_version()
    if found.format > FORMAT or Version(found.program) > Version(own):
        message = (
            f"{data}: the data were written by genomics-tutor {found.program} (format {found.format}), and this is {own} (format {FORMAT}); "
            "an older program could damage them. Start the newer program, or give another folder with --data."
        )
        raise DataVersionError(message)
    return found


def claim_data(data: Path, now: datetime | None = None) -> None:
    """Bring a data folder up to date and write down who uses it. Raises DataVersionError; what was there is then unharmed."""
    found = check_data(data)
    try:
        data.mkdir(parents=True, exist_ok=True)
        for older in range(found.format, FORMAT):
            MIGRATIONS[older](data)
        written = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        told = {"format": FORMAT, "program": program_version(), "written": written}
        write_whole(data / _NAME, f"{json.dumps(told)}\n".encode())
    except OSError as error:
        message = f"{data}: the data folder cannot be written ({error.strerror or error}); make room, or give another folder with --data."
        raise DataVersionError(message) from error
