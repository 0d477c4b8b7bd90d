"""Journals carried from machine to machine: a file of JSON lines in which each line answers for itself.

A head line, a numbered line for each event, and a closing line with their number. Each line holds a check (SHA-256 over its content, its number and the
file's own id), so that a line cut short, altered or taken from another file is found and the others are still read. With a key that the machines of a course
share, each line is sealed, too (HMAC-SHA-256 of its check): then nobody without the key can have written it. Knows nothing of where events are kept.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from assistant.journal import Event, stamp
from assistant.journal_complaint import Complaint, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = 2
_FIRST_FORMAT = 1
"""Lines without number, check and seal, and no closing line."""

_JOURNAL = "genomics-tutor"
_LONGEST_LINE = 64 * 1024
_MOST_COMPLAINTS = 20
_KIND = re.compile(r"[A-Za-z][\w-]{0,59}")

Line = dict[str, Any]


def write_journal(out: IO[str], events: Iterable[Event], machine: str, key: str = "") -> int:
    """Write events as a file of this format; gives how many. `machine` is the one that writes; a `key` seals each line."""
    file = uuid.uuid4().hex
    head: Line = {"journal": _JOURNAL, "format": FORMAT, "file": file, "machine": machine, "made": stamp(None), "sealed": bool(key)}
    _write(out, head, file, key)
    count = 0
    for count, event in enumerate(events, 1):
        line = {"n": count, "id": event.id, "machine": event.machine, "time": event.time, "kind": event.kind, "body": event.body}
        _write(out, line, file, key)
    _write(out, {"end": count}, file, key)
    return count


def _write(out: IO[str], line: Line, file: str, key: str) -> None:
    check = _check(line, file)
    signed = {**line, "check": check, "seal": _seal(check, key)} if key else {**line, "check": check}
    out.write(json.dumps(signed, ensure_ascii=False) + "\n")


@dataclass(slots=True)
class JournalFile:
    """A file of events being read: `complaints` has a line for each fault once `events` has run through, `machines` those that had a part in it.

    With a `key`, lines that are not sealed with it are left out, unless `unsealed` says that files without any seal are good enough.
    """

    lines: IO[str]
    key: str = ""
    unsealed: bool = False
    complaints: list[Complaint] = field(default_factory=list)
    machines: set[str] = field(default_factory=set)
    _faults: int = 0

    def events(self) -> Iterator[Event]:
        """The events of the file that are as they were written."""
        head = _parsed(self._line().removeprefix("\ufeff"))
        unfit = self._unfit(head)
        if head is None or unfit:
            self.complaints.append(Complaint(unfit or "no-journal"))
            return
        if head["format"] == _FIRST_FORMAT:
            yield from self._unchecked_events()
        else:
            self.machines.update(_uuids(head.get("machine")))
            yield from self._checked_events(head["file"], sealed=head.get("sealed") is True)
        if self._faults > _MOST_COMPLAINTS:
            self.complaints.append(Complaint("more-lines", self._faults - _MOST_COMPLAINTS))

    def _unchecked_events(self) -> Iterator[Event]:
        for number, text in self._texts():
            event = _event(_parsed(text))
            if event is None:
                self._leave_out(number)
                continue
            self.machines.add(event.machine)
            yield event

    def _checked_events(self, file: str, *, sealed: bool) -> Iterator[Event]:
        seen: set[object] = set()
        end: int | None = None
        for number, text in self._texts():
            line = _parsed(text)
            if line is None or not self._as_written(line, file, sealed=sealed):
                self._leave_out(number)
            elif isinstance(line.get("end"), int):
                end = line["end"]
            elif (event := _event(line)) is None:
                self._leave_out(number)
            else:
                seen.add(line.get("n"))
                self.machines.add(event.machine)
                yield event
        if end is None:
            self.complaints.append(Complaint("cut-short", len(seen)))
        elif end > len(seen) + self._faults:
            self.complaints.append(Complaint("missing", end - len(seen) - self._faults, end))

    def _unfit(self, head: Line | None) -> Reason | None:  # noqa: PLR0911  (a return for each reason)
        """Why nothing of the file can be taken; None if its lines can be read."""
        if head is None or head.get("journal") != _JOURNAL or not isinstance(head.get("format"), int):
            return "no-journal"
        if head["format"] > FORMAT:
            return "newer"
        if self.key and not self.unsealed and head.get("sealed") is not True:
            return "unsealed"
        if head["format"] == _FIRST_FORMAT:
            return None
        file = head.get("file")
        if not isinstance(file, str) or head.get("check") != _check(head, file):
            return "head"
        if not self._as_written(head, file, sealed=head.get("sealed") is True):
            return "other-key"
        return None

    def _texts(self) -> Iterator[tuple[int, str]]:
        """The lines that are not blank with their numbers, each read up to a bound; a longer one was not written here."""
        number = 1
        while text := self._line():
            number += 1
            rest = text
            while len(rest) == _LONGEST_LINE and not rest.endswith("\n"):
                rest, text = self._line(), "too long"
            if text.strip():
                yield number, text

    def _line(self) -> str:
        """The next line, or so much of it as is allowed; empty at the end, and where the disk gives no more."""
        try:
            return self.lines.readline(_LONGEST_LINE)
        except OSError:
            return ""

    def _as_written(self, line: Line, file: str, *, sealed: bool) -> bool:
        check = _check(line, file)
        if line.get("check") != check:
            return False
        return not (self.key and sealed) or hmac.compare_digest(
            str(line.get("seal")).encode("utf-8", "replace"), _seal(check, self.key).encode()
        )

    def _leave_out(self, number: int) -> None:
        self._faults += 1
        if self._faults <= _MOST_COMPLAINTS:
            self.complaints.append(Complaint("line", number))


def _check(line: Line, file: str) -> str:
    """The digest of a line's content within its file."""
    content = {name: value for name, value in line.items() if name not in ("check", "seal")}
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{file}\n{text}".encode("utf-8", "replace")).hexdigest()


def _seal(check: str, key: str) -> str:
    return hmac.new(key.encode(), check.encode(), hashlib.sha256).hexdigest()


def _parsed(text: str) -> Line | None:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def _event(line: Line | None) -> Event | None:
    """The event of a line, or None if it holds none that could be kept."""
    if line is None:
        return None
    try:
        time = datetime.fromisoformat(line["time"])
        event = Event(
            str(uuid.UUID(line["id"])),
            str(uuid.UUID(line["machine"])),
            stamp(time if time.tzinfo else time.replace(tzinfo=UTC)),
            line["kind"],
            line["body"],
        )
        json.dumps(event.body, ensure_ascii=False).encode()
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    fine = isinstance(event.kind, str) and _KIND.fullmatch(event.kind) and isinstance(event.body, dict)
    return event if fine else None


def _uuids(machine: object) -> set[str]:
    try:
        return {str(uuid.UUID(str(machine)))}
    except ValueError:
        return set()
