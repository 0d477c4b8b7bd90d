"""What a kill left on the disk: files that cannot be read, databases that are damaged, and files that nobody will ever use again.

Knows nothing of who was killed.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from index import generations
from index.generations import IndexUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TWO_HOURS = 7200
_KNOWN = re.compile(
    r"(conversations|journal|practice|reading|tutors|answers|golden|gaps)\.sqlite(-wal|-shm|-journal)?"
    r"|secret_key|version\.json|backups/lock\.sqlite(-journal)?|backups/[\w-]+/\d{8}T\d{6}\.\d{6}Z\.md"
    r"|index/(current|units\.jsonl|glossary\.jsonl|generation-[0-9a-f]{16}/[\w.-]+)"
    r"|course/(edited-copy\.json|syllabus\.yaml|modules/[\w-]+/[\w-]+\.md)"
)
"""Every file that a data folder holds on purpose."""


def aged(folder: Path) -> None:
    """Let two hours go by for the files, so that whoever sweeps up after an hour does."""
    then = time.time() - _TWO_HOURS
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            os.utime(path, (then, then))


def half_written(folder: Path) -> Iterator[str]:
    """What cannot be read: databases, JSON, and the index in use."""
    for path in folder.rglob("*.sqlite"):
        try:
            with closing(sqlite3.connect(path)) as database:
                (told,) = database.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.Error as error:
            told = str(error)
        if told != "ok":
            yield f"{path.name}: {told}"
    for path in folder.glob("*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError as error:
            yield f"{path.name}: {error}"
    if (folder / "index" / "current").exists():
        try:
            generation = generations.current(folder / "index")
            for name in generation.files:
                generation.read(name)
        except IndexUnusableError as error:
            yield str(error)


def left_over(folder: Path) -> list[str]:
    """The files of a data folder that are no part of it, and generations beside the one in use."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    strange = [name for name in names if not _KNOWN.fullmatch(name)]
    return strange + sorted(path.name for path in (folder / "index").glob("generation-*"))[1:]
