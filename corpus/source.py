"""A course file as it lies on disk: its text, its front matter, and the line on which a piece of text stands.

Knows nothing of Markdown beyond the front matter.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from corpus.safe_yaml import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LARGEST_FILE = 4 * 1024 * 1024
_PROBE_LENGTHS = (48, 24, 12)


class CourseError(Exception):
    """The course cannot be read as it stands; the message names the file and line and says what to change in it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file. `first_line` is the line number on which `body` begins, counted from 1."""

    file: str
    front_matter: Mapping[str, object]
    body: str
    first_line: int
    digest: str

    def strings(self, key: str) -> tuple[str, ...]:
        """The front matter's list of strings under `key`; one string counts as a list of one, anything else is an error."""
        value = self.front_matter.get(key)
        if value is None:
            return ()
        values = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list) for item in values):
            message = f"{self.file}: “{key}” in the front matter must be a list of plain texts; write it as a list with a dash before each."
            raise CourseError(message)
        return tuple(str(item) for item in values if item is not None)

    def string(self, key: str, default: str = "") -> str:
        """The front matter's text under `key`."""
        values = self.strings(key)
        return values[0] if values else default


def read_source(path: Path, file: str) -> Source:
    """Read a file; `file` is the name by which messages call it. Raises CourseError if it is no text or has broken front matter."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            message = f"{file}: the file is larger than 4 MB; split it into units."
            raise CourseError(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"{file}: the file cannot be read ({error.strerror}); check that it exists and may be read."
        raise CourseError(message) from error
    return source_of(data, file)


def source_of(data: bytes, file: str) -> Source:
    """The source that the bytes of a file make. Raises CourseError if they are no UTF-8 text or have broken front matter."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"{file}:{line}: the file is not UTF-8 text; save it as UTF-8."
        raise CourseError(message) from error
    digest = hashlib.sha256(data).hexdigest()
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Source(file, {}, text, 1, digest)
    try:
        front_matter = read_yaml(match[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day that is none, such as 2026-13-01
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        message = f"{file}:{line}: the front matter is not YAML; correct the lines between the two “---”, or quote the text."
        raise CourseError(message) from error
    if front_matter is None:
        front_matter = {}
    if not isinstance(front_matter, dict):
        message = f"{file}:2: the front matter must be “name: value” lines; correct the lines between the two “---”."
        raise CourseError(message)
    named = {str(key): value for key, value in front_matter.items()}
    return Source(file, named, text[match.end() :], match[0].count("\n") + 1, digest)


class LineFinder:
    """Finds the lines of a source on which given texts stand, asked for in the order in which they stand."""

    def __init__(self, source: Source) -> None:
        letters: list[str] = []
        self._lines: list[int] = []
        for number, line in enumerate(source.body.splitlines(), source.first_line):
            plain = _letters(line)
            letters.append(plain)
            self._lines.extend([number] * len(plain))
        self._letters = "".join(letters)
        self._cursor = 0
        self._first_line = source.first_line

    def line_of(self, text: str) -> int:
        """The line on which `text` begins, at or after the last one found; that last one where the text is not found."""
        plain = _letters(text)
        for length in _PROBE_LENGTHS:
            found = self._letters.find(plain[:length], self._cursor) if plain else -1
            if found >= 0:
                self._cursor = found
                return self._lines[found]
        return self._lines[self._cursor] if self._cursor < len(self._lines) else self._first_line


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
