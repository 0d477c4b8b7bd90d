"""Parsed units kept between runs, so that a start reads what an earlier run parsed and an edit parses one file.

The archive is a file of JSON lines: a head with its format and the SHA-256 of what follows, then a unit a line. It is a
copy of what the Markdown says: where it is missing, altered or of another format, the Markdown is parsed again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from corpus.course import Block, CheckQuestion, ExpectedQuestion, GlossaryEntry, Section, Sentence, Unit
from corpus.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FORMAT = 2


class UnitArchive:
    """Units by file and digest, in one file that is replaced whole."""

    def __init__(self, path: Path) -> None:
        """Open the archive at `path`, which need not exist yet."""
        self._path = path
        self._units = _read(path)
        self._stored = frozenset(unit.digest for unit in self._units.values())

    def get(self, file: str, digest: str) -> Unit | None:
        """The unit that `file` gave when its digest was `digest`, if that is kept."""
        unit = self._units.get(file)
        return unit if unit is not None and unit.digest == digest else None

    def keep(self, units: Iterable[Unit]) -> None:
        """Keep these units and no others. A disk that cannot be written is no fault: the archive only saves time."""
        kept = {unit.file: unit for unit in units}
        if frozenset(unit.digest for unit in kept.values()) == self._stored:
            return
        if _written(self._path, (_plain(unit) for unit in kept.values())):
            self._units = kept
            self._stored = frozenset(unit.digest for unit in kept.values())

    def glossary(self, source: Path, read: Callable[[Path], tuple[GlossaryEntry, ...]]) -> tuple[GlossaryEntry, ...]:
        """What `read` gives for the glossary file `source`, kept beside the units as long as the file does not change."""
        place = self._path.with_name("glossary.jsonl")
        digest = hashlib.sha256(source.read_bytes()).hexdigest() if source.is_file() else ""
        lines = _lines(place)
        if digest and lines and lines[0] == [digest]:
            return tuple(_entry(line) for line in lines[1:])
        entries = read(source)
        if digest:
            _written(place, [[digest], *(_plain(entry) for entry in entries)])
        return entries


def _entry(plain: list[Any]) -> GlossaryEntry:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in plain]
    return GlossaryEntry(*values)


def _written(path: Path, records: Iterable[Any]) -> bool:
    """Whether the records could be written, a line each behind a head with their digest; the file is replaced whole."""
    body = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode()
    head = json.dumps({"format": FORMAT, "sha256": hashlib.sha256(body).hexdigest()}).encode()
    try:
        write_whole(path, head + b"\n" + body)
    except OSError:
        return False
    return True


def _lines(path: Path) -> list[Any]:
    """The records of a file that `_written` wrote; none where it is missing, altered or of another format."""
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        description = json.loads(head)
        if description["format"] != FORMAT or description["sha256"] != hashlib.sha256(body).hexdigest():
            return []
        return [json.loads(line) for line in body.splitlines()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _read(path: Path) -> dict[str, Unit]:
    try:
        units = [_unit(line) for line in _lines(path)]
    except (ValueError, KeyError, TypeError, IndexError):
        return {}
    return {unit.file: unit for unit in units}


def _plain(record: Any) -> Any:
    """Dataclasses as lists of their fields in order: compact, and quick to read back."""
    if isinstance(record, str | int):
        return record
    if isinstance(record, tuple):
        return [_plain(item) for item in record]
    return [_plain(getattr(record, field.name)) for field in fields(record)]


def _unit(plain: list[Any]) -> Unit:
    *front, sections, questions, expected, outcomes, references, aliases, reviewed, digest = plain
    return Unit(
        *front,  # type: ignore[call-arg]  # the seven fields before the sections; their number is the format's
        tuple(_section(section) for section in sections),
        tuple(CheckQuestion(*question) for question in questions),
        tuple(ExpectedQuestion(*question) for question in expected),
        tuple(outcomes),
        tuple(references),
        tuple(aliases),
        reviewed,
        digest,
    )


def _section(plain: list[Any]) -> Section:
    unit, anchor, level, headings, outcomes, blocks, line = plain
    return Section(unit, anchor, level, tuple(headings), tuple(outcomes), tuple(_block(block) for block in blocks), line)


def _block(plain: list[Any]) -> Block:
    kind, sentences, box, source, caption = plain
    made = tuple(Sentence(id_, text, tuple((header, cell) for header, cell in cells)) for id_, text, cells in sentences)
    return Block(kind, made, box, source, caption)
