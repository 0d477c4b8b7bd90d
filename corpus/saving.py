"""A unit's file replaced whole, with the text it had kept beside: whatever happens meanwhile, the old file or the new one is there.

Who saves says which text the edit began from; where another has saved since, the later one is told. Outside a git checkout every text that was
replaced is kept in a folder of dated files; inside one, git keeps them, and only the last is kept for undoing. Knows nothing of what the text says.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpus.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BACKUPS = 200
"""How many replaced texts of one unit are kept."""

_STAMP = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z\.md")


class UnitChangedError(Exception):
    """Another tutor saved this unit since the edit began; `now` is the file as it is."""

    def __init__(self, now: bytes) -> None:
        """The error, with the bytes of the file."""
        super().__init__("Another tutor saved this unit in the meantime; bring the two texts together, then save again.")
        self.now = now


class UnitUnwritableError(OSError):
    """The file or its backup cannot be written; the message says which folder needs room or the right to write."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A text that a unit once had: the name of its file, and when it was replaced."""

    name: str
    replaced: datetime


def digest_of(data: bytes) -> str:
    """What an edit says it began from: SHA-256 (hex) of the file; "" of a file that is not there yet."""
    return hashlib.sha256(data).hexdigest() if data else ""


@dataclass(frozen=True, slots=True)
class UnitFiles:
    """The files of the units in `root`, with their replaced texts in `backups`. Safe to use from many threads and processes."""

    root: Path
    backups: Path

    def read(self, file: str) -> bytes:
        """The file as it is; nothing where there is none. Raises UnitUnwritableError if it cannot be read."""
        try:
            return self._path(file).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            message = f"{self._path(file)}: the file cannot be read ({error.strerror}); check its permissions."
            raise UnitUnwritableError(message) from error

    def save(self, file: str, data: bytes, begun_from: str) -> None:
        """Replace a file by `data`. Raises UnitChangedError if its digest is not `begun_from`, and UnitUnwritableError."""
        path = self._path(file)
        try:
            with self._alone():
                now = self.read(file)
                if digest_of(now) != begun_from:
                    raise UnitChangedError(now)
                if now:
                    folder = self._folder(file)
                    write_whole(folder / f"{datetime.now(UTC).strftime(_STAMP)}.md", now)
                    _prune(folder, 1 if _in_git(self.root) else MOST_BACKUPS)
                write_whole(path, data)
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, UnitUnwritableError):
                raise
            message = f"{path}: the unit cannot be saved ({error}); see that its folder and {self.backups} may be written to and have room."
            raise UnitUnwritableError(message) from error

    def replaced(self, file: str) -> list[Backup]:
        """The texts that the unit had before, latest first."""
        with suppress(OSError):
            names = sorted((path.name for path in self._folder(file).iterdir() if _NAME.fullmatch(path.name)), reverse=True)
            return [Backup(name, datetime.strptime(name.removesuffix(".md"), _STAMP).replace(tzinfo=UTC)) for name in names]
        return []

    def backup(self, file: str, name: str) -> bytes | None:
        """The bytes of a replaced text, or None if there is none of that name."""
        if name not in {one.name for one in self.replaced(file)}:
            return None
        with suppress(OSError):
            return (self._folder(file) / name).read_bytes()
        return None

    def _path(self, file: str) -> Path:
        """The file's path, which lies within the folder of units whatever is asked for."""
        root = self.root.resolve()
        path = (root / file).resolve()
        if not path.is_relative_to(root) or path.suffix != ".md" or path == root:
            message = f"{file}: this is no file of a unit; choose a unit from the list."
            raise UnitUnwritableError(message)
        return path

    def _folder(self, file: str) -> Path:
        """The folder of a unit's replaced texts; a digest in its name tells `a/b.md` from `a-b.md`."""
        plain = re.sub(r"[^\w-]+", "-", file.removesuffix(".md"))[:60]
        return self.backups / f"{plain}-{hashlib.sha256(file.encode()).hexdigest()[:8]}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process saves meanwhile; a lock of SQLite's is gone with the process that held it."""
        self.backups.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.backups / "lock.sqlite", timeout=30, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield


def _prune(folder: Path, most: int) -> None:
    with suppress(OSError):
        for name in sorted((path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)[most:]:
            (folder / name).unlink(missing_ok=True)


def _in_git(folder: Path) -> bool:
    return any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents))
