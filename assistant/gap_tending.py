"""What a tutor does to a gap by hand: status, owner and note, merging, splitting; each is refused if someone else was quicker.

Whoever changes a gap says which revision they saw. Knows nothing of pages, or of how questions are put together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.gap_askings import count_anew
from assistant.gap_store import about, add_line, fresh_id, gap_row, now_text, set_about
from assistant.gaps import STATUSES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable

    from assistant.gap_store import Gap, GapStore
    from assistant.gaps import Status

LONGEST_NOTE = 2000
LONGEST_OWNER = 80


class GapChangedError(Exception):
    """Someone else changed the gap first; read it again and repeat the change if it is still wanted. `gap` is how it stands now."""

    def __init__(self, gap: Gap | None) -> None:
        """`gap` is None if it is no longer there."""
        super().__init__("Someone else changed this gap first; look at it as it stands now and repeat your change if it is still wanted.")
        self.gap = gap


class GapEditError(ValueError):
    """The change makes no sense; the message says what to give instead."""


def tend(store: GapStore, id_: str, revision: int, *, status: Status, owner: str, note: str, who: str) -> Gap:  # noqa: PLR0913  # the form, by name
    """Set a gap's status, owner and note. Raises GapChangedError, GapEditError."""
    if status not in STATUSES:
        message = f"There is no status “{status}”; choose one of {', '.join(STATUSES)}."
        raise GapEditError(message)
    owner, note = " ".join(owner.split())[:LONGEST_OWNER], note.strip()[:LONGEST_NOTE]
    with store.open(write=True) as database:
        gap = _seen(database, id_, revision)
        closed = (gap.closed or now_text()) if status == "answered" else ""
        database.execute("UPDATE gap SET status = ?, owner = ?, note = ?, closed = ? WHERE id = ?", (status, owner, note, closed, id_))
        if status != gap.status:
            add_line(database, id_, who, "status", status)
        if owner != gap.owner:
            add_line(database, id_, who, "owner", owner)
        if note != gap.note:
            add_line(database, id_, who, "note")
        return _changed(database, id_)


def merge(store: GapStore, id_: str, revision: int, other: str, *, who: str, sections: Iterable[str] = ()) -> Gap:  # noqa: PLR0913
    """Take another gap's questions into this one, for good; the other's note and trials come along. Raises as `tend` does."""
    with store.open(write=True) as database:
        gap = _seen(database, id_, revision)
        goes = gap_row(database, other)
        if goes is None or goes.id == id_:
            message = "Choose another gap of the list to merge with."
            raise GapEditError(message)
        database.execute("UPDATE member SET gap = ? WHERE gap = ?", (id_, goes.id))
        database.execute("UPDATE gap SET gone = ?, revision = revision + 1 WHERE id = ?", (id_, goes.id))
        database.execute("DELETE FROM trial WHERE gap IN (?, ?)", (id_, goes.id))
        note = "\n\n".join(part for part in (gap.note, goes.note) if part)[:LONGEST_NOTE]
        database.execute("UPDATE gap SET held = 1, note = ?, owner = ? WHERE id = ?", (note, gap.owner or goes.owner, id_))
        add_line(database, id_, who, "merged", f"{goes.figures.title} ({goes.id})")
        add_line(database, goes.id, who, "went", id_)
        count_anew(database, [id_], datetime.now(UTC), sections)
        return _changed(database, id_)


def split(store: GapStore, id_: str, revision: int, keys: Collection[str], *, who: str, sections: Iterable[str] = ()) -> Gap:  # noqa: PLR0913
    """Make a new gap of some of a gap's texts; from then on neither takes the other's. Gives the new one. Raises as `tend` does."""
    with store.open(write=True) as database:
        gap = _seen(database, id_, revision)
        own = {key for (key,) in database.execute("SELECT DISTINCT key FROM member JOIN asked USING (key) WHERE gap = ?", (id_,))}
        chosen = own & set(keys)
        if not chosen or chosen == own:
            message = "Tick at least one question to split off, and leave at least one."
            raise GapEditError(message)
        new = fresh_id(database)
        database.execute("INSERT INTO gap (id, held) VALUES (?, 1)", (new,))
        database.execute("UPDATE gap SET held = 1 WHERE id = ?", (id_,))
        database.executemany("UPDATE member SET gap = ? WHERE key = ?", [(new, key) for key in chosen])
        database.execute("DELETE FROM trial WHERE gap = ?", (id_,))
        add_line(database, id_, who, "split", new)
        add_line(database, new, who, "split_from", f"{gap.figures.title} ({id_})")
        count_anew(database, [id_, new], datetime.now(UTC), sections)
        _changed(database, id_)
        made = gap_row(database, new)
        if made is None:
            raise GapChangedError(None)
        return made


def close_itself(database: sqlite3.Connection, id_: str) -> None:
    """Mark a gap as answered because every question of it now is."""
    database.execute("UPDATE gap SET status = 'answered', closed = ? WHERE id = ?", (now_text(), id_))
    add_line(database, id_, "", "closed_itself")
    _changed(database, id_)


def open_again(database: sqlite3.Connection, id_: str) -> None:
    """Mark an answered gap as new because it was asked again since, and not answered."""
    database.execute("UPDATE gap SET status = 'new', held = 1, closed = '' WHERE id = ?", (id_,))
    add_line(database, id_, "", "opened_again")
    _changed(database, id_)


def _seen(database: sqlite3.Connection, id_: str, revision: int) -> Gap:
    gap = gap_row(database, id_)
    if gap is None or gap.id != id_ or gap.revision != revision:
        raise GapChangedError(gap)
    return gap


def _changed(database: sqlite3.Connection, id_: str) -> Gap:
    """The gap after a change: its revision counted up, and those who are making gaps anew made to look again."""
    database.execute("UPDATE gap SET revision = revision + 1 WHERE id = ?", (id_,))
    set_about(database, "changes", str(int(about(database, "changes") or "0") + 1))
    gap = gap_row(database, id_)
    if gap is None:
        raise GapChangedError(None)
    return gap
