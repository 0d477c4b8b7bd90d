"""A copy of the course in the data folder, for a course that cannot or should not be changed where it lies.

    <data>/course/edited-copy.json    {"format": 1, "of": "shipped" or the folder copied, "digest": of the course copied, "copied": UTC}
    <data>/course/modules/… (or the tree of Markdown), syllabus.yaml, glossary.yaml, words.txt

The copy is made whole beside and put in place by one rename. Once it is there, it is what is read in place of the course it was made of. Knows nothing of who changes it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.loading import course_digest, course_files, course_folder, units_folder
from corpus.source import CourseError
from corpus.whole_files import remove_left_behind, sync_files

FORMAT = 1
_MARK = "edited-copy.json"
_BEGUN = ".course-"
_SHIPPED = Path(__file__).parent


class CopyError(OSError):
    """The course cannot be copied to the data folder; the message says what to do."""


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """A copy that is there. `digest` is that of the course when it was copied, `copied` UTC in ISO 8601."""

    folder: Path
    digest: str
    copied: str


def own_copy(course: Path, data: Path) -> OwnCopy | None:
    """The copy of the course in the data folder, if one has been made of this course."""
    try:
        told = json.loads((data / "course" / _MARK).read_bytes())
        if told["format"] == FORMAT and told["of"] == _name(course):
            return OwnCopy(data / "course", str(told["digest"]), str(told["copied"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def copy_mark(folder: Path) -> OwnCopy | None:
    """The copy that `folder` is, or None if it is the course itself."""
    try:
        told = json.loads((folder / _MARK).read_bytes())
        return OwnCopy(folder, str(told["digest"]), str(told["copied"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def outrun(copy: OwnCopy) -> bool:
    """Whether the course that was copied has changed since, as after an update of the program."""
    try:
        of = json.loads((copy.folder / _MARK).read_bytes())["of"]
        return course_digest(_SHIPPED if of == "shipped" else Path(of)) != copy.digest
    except (OSError, ValueError, KeyError, TypeError, CourseError):
        return False


def editable(course: Path) -> bool:
    """Whether the course may be changed where it lies: not in an installed package, nor where this user may not write."""
    home = course.resolve()
    if {"site-packages", "dist-packages"} & set(home.parts):
        return False
    try:
        folders = {path.parent for path in course_files(course) if path.suffix == ".md"}
    except CourseError:  # there is no unit yet
        folders = {course}
    return all(os.access(folder, os.W_OK) for folder in folders)


def copy_course(course: Path, data: Path) -> OwnCopy:
    """Copy the course into the data folder, text and figures. Raises CopyError, and CourseError if there is nothing to copy."""
    found = own_copy(course, data)
    if found is not None:
        return found
    digest = course_digest(course)
    target = data / "course"
    try:
        data.mkdir(parents=True, exist_ok=True)
        remove_left_behind(data, f"{_BEGUN}*")
        fresh = Path(tempfile.mkdtemp(dir=data, prefix=_BEGUN))
        try:
            _copy(course_folder(course), fresh)
            copied = datetime.now(UTC).isoformat(timespec="seconds")
            mark = {"format": FORMAT, "of": _name(course), "digest": digest, "copied": copied}
            (fresh / _MARK).write_text(json.dumps(mark) + "\n", encoding="utf-8")
            sync_files(fresh)
            fresh.chmod(0o755)
            fresh.rename(target)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    except OSError as error:
        message = f"{target}: the course cannot be copied there ({error.strerror or error}); make room, or move what lies there away."
        raise CopyError(message) from error
    return OwnCopy(target, digest, copied)


def _copy(home: Path, target: Path) -> None:
    units = units_folder(home)
    inside = target / units.relative_to(home)
    for path in [*(one for one in course_files(home) if one.suffix == ".md"), *units.rglob("figures/*.svg")]:
        to = inside / path.relative_to(units)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    for name in ("syllabus.yaml", "glossary.yaml", "words.txt"):
        if (home / name).is_file():
            shutil.copyfile(home / name, target / name)


def _name(course: Path) -> str:
    home = course_folder(course).resolve()
    return "shipped" if home == _SHIPPED.resolve() else str(home)
