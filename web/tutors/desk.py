"""The course text as tutors change it: where it lies, how it is saved, and that it is copied first where it may not be changed.

Knows nothing of requests or pages.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.draft import read_draft
from corpus.loading import units_folder
from corpus.own_copy import copy_course, copy_mark, editable
from corpus.saving import UnitFiles
from corpus.whole_files import remove_left_behind

if TYPE_CHECKING:
    from corpus import Course
    from corpus.draft import Draft
    from corpus.own_copy import OwnCopy
    from web.settings import Settings

_BEGUN = ".index-"


class Desk:
    """The folder of the course and of its index, which change once if the course must be copied. Safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        """Where the settings say."""
        self._data = settings.data
        self._moving = threading.Lock()
        self._folders = (settings.course, settings.index)

    @property
    def folders(self) -> tuple[Path, Path]:
        """The folders of the course and of its index, as they are in use now."""
        return self._folders

    @property
    def files(self) -> UnitFiles:
        """The files of the units."""
        return UnitFiles(units_folder(self._folders[0]), self._data / "backups")

    @property
    def copied(self) -> OwnCopy | None:
        """The copy in the data folder, if that is what is changed."""
        return copy_mark(self._folders[0])

    @property
    def will_copy(self) -> bool:
        """Whether the first change will make a copy."""
        return self.copied is None and not editable(self._folders[0])

    def draft(self, course: Course, file: str, data: bytes) -> Draft:
        """The draft within the course. Raises CourseError."""
        return read_draft(course, self._folders[0], file, data)

    def save(self, file: str, data: bytes, begun_from: str) -> None:
        """Save a unit's file. Raises UnitChangedError, UnitUnwritableError or CopyError."""
        with self._moving:
            if self.will_copy:
                self._move()
        self.files.save(file, data, begun_from)

    def _move(self) -> None:
        """The index is copied first: once the copy of the course is there, a start reads both."""
        course, index = self._folders
        fresh = self._data / "index"
        if index != fresh and index.is_dir() and not fresh.exists():
            with suppress(OSError, shutil.Error):  # only vectors are spared: without them the index is built from nothing
                _copy_whole(index, fresh)
        copy = copy_course(course, self._data)
        self._folders = (copy.folder, fresh)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a folder under another name, then give the copy its own. Raises OSError, shutil.Error."""
    remove_left_behind(target.parent, f"{_BEGUN}*")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=_BEGUN))
    try:
        shutil.copytree(source, fresh, dirs_exist_ok=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
