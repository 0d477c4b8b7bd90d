"""The askings of gaps in their file: what was asked when, and the word-for-word examples.

Knows nothing of how gaps are tended or made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.gap_store import figures_text
from assistant.gaps import Asked, figures

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from assistant.gap_questions import Missed
    from assistant.gap_subjects import Subject


@dataclass(frozen=True, slots=True)
class Example:
    """A distinct question of a gap: its key, as understood, word for word as it was asked last, and how it fared.

    `cited` are the passages that its answers stood on, where they were judged not helpful; `phrase` is what it is about, spelt as most spell it.
    """

    key: str
    text: str
    question: str
    language: str
    count: int
    last: str
    state: str
    not_helpful: bool
    told: tuple[str, ...]
    cited: tuple[str, ...]
    phrase: str


def keep_askings(database: sqlite3.Connection, missed: Iterable[Missed], subjects: dict[str, Subject]) -> None:
    """Put these askings in the place of all that were there; `subjects` are by the key of the text."""
    database.execute("DELETE FROM asked")
    database.executemany(
        f"INSERT INTO asked VALUES ({', '.join('?' * 15)})",  # noqa: S608
        (
            (
                one.event,
                one.key,
                one.time,
                one.state,
                one.weight,
                one.conversation,
                one.text,
                one.question,
                one.language,
                int(one.not_helpful),
                one.told,
                json.dumps(one.cited),
                json.dumps(one.near or one.cited),
                subjects[one.key].phrase,
                json.dumps(subjects[one.key].asks),
            )
            for one in missed
        ),
    )


def askings(database: sqlite3.Connection, gap: str) -> list[Asked]:
    """Every asking of a gap, oldest first."""
    rows = database.execute(
        "SELECT event, key, time, state, weight, conversation, phrase, asks, near FROM asked JOIN member USING (key) "
        "WHERE gap = ? ORDER BY time, event",
        (gap,),
    )
    return [
        Asked(event, key, as_time(time), state, weight, conversation, phrase, tuple(json.loads(asks)), tuple(json.loads(near)))
        for event, key, time, state, weight, conversation, phrase, asks, near in rows
    ]


def examples(database: sqlite3.Connection, gap: str, most: int) -> list[Example]:
    """The distinct questions of a gap, the one asked oftenest first, `most` at most."""
    rows = database.execute(
        "SELECT key, text, question, language, time, state, not_helpful, told, cited, phrase FROM asked JOIN member USING (key) "
        "WHERE gap = ? ORDER BY time, event",
        (gap,),
    ).fetchall()
    by_key: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        by_key.setdefault(row[0], []).append(row)
    found = [_example(fellows) for fellows in by_key.values()]
    return sorted(found, key=lambda one: (-one.count, one.key))[:most]


def count_anew(database: sqlite3.Connection, gaps: Iterable[str], now: datetime, sections: Iterable[str]) -> None:
    """Bring the figures of these gaps up to date with their askings; a gap without any keeps those it had."""
    kept = frozenset(sections)
    for gap in gaps:
        asked = askings(database, gap)
        if asked:
            database.execute("UPDATE gap SET figures = ? WHERE id = ?", (figures_text(figures(asked, now, kept)), gap))


def as_time(text: str) -> datetime:
    """A time of the journal; one without a zone is UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _example(rows: Sequence[tuple[str, ...]]) -> Example:
    key, text, question, language, time, state, *_ = rows[-1]
    told = tuple(dict.fromkeys(row[7] for row in rows if row[7]))
    cited = tuple(dict.fromkeys(passage for row in rows if row[6] for passage in json.loads(row[8])))
    return Example(key, text, question, language, len(rows), time, state, any(row[6] for row in rows), told, cited, rows[-1][9])
