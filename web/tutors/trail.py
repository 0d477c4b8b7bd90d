"""The audit trail: what was changed by whom, added to and never changed.

Knows nothing of what the changes mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.masking import masked

if TYPE_CHECKING:
    from web.tutors.records import Records

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `time` is UTC in ISO 8601."""

    number: int
    time: str
    who: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The audit trail in a file of records."""

    records: Records

    def add(self, who: str, action: str, subject: str, detail: str = "") -> None:
        """Note a change; marks of a patient's identity in `subject` and `detail` are taken out."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self.records.open() as database:
            database.execute(
                "INSERT INTO audit (time, who, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
                (now, who, action, masked(subject)[:_LONGEST], masked(detail)[:_LONGEST]),
            )

    def newest(self, most: int = 100, before: int | None = None) -> list[Entry]:
        """The newest entries first; `before` (a number) gives those before an entry."""
        bound = before if before is not None else 2**62
        with self.records.open() as database:
            rows = database.execute("SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?", (bound, most)).fetchall()
        return [Entry(*row) for row in rows]
