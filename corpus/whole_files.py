"""Files replaced whole: written down to the disk under another name, then given their own in one step.

A program that is killed meanwhile leaves the other name behind. What is older than an hour nobody is still writing, and the next to write in that folder removes it.
Knows nothing of what the files hold.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

LEFT_BEHIND_SECONDS = 3600.0
"""So old is what a program that was killed has left: nobody writes a file for an hour."""

_ENDING = ".saving"


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file, or make it and its folder. Raises OSError; the file is then as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_left_behind(path.parent, f".*{_ENDING}")
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=_ENDING)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    with suppress(OSError):  # it is in place, whether or not the disk can be told to hurry
        sync_folder(path.parent)


def remove_left_behind(folder: Path, pattern: str) -> None:
    """Remove the files and folders of that pattern that a program which was killed has left in a folder; what cannot be removed stays."""
    with suppress(OSError):
        for path in folder.glob(pattern):
            if time.time() - path.lstat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def sync_files(folder: Path) -> None:
    """See that what all files below a folder hold is on the disk. Raises OSError."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk. Raises OSError."""
    if os.name == "posix":  # elsewhere a folder cannot be opened, and renames are journalled
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
