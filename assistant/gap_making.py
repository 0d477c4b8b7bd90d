"""Gaps made anew from the journal: read, put together, matched with those of last time, and kept.

It tells how far it is, and may take a minute. Knows nothing of threads or pages.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from assistant.chinese import ChineseReader
from assistant.gap_askings import as_time, count_anew, keep_askings
from assistant.gap_clusters import Text, clustered, spelling_by_majority
from assistant.gap_questions import missed_questions
from assistant.gap_store import HELD, Run, about, fresh_id, set_about
from assistant.gap_subjects import Subjects
from assistant.gap_tending import GapChangedError, open_again
from assistant.gaps import matched

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.assistant import Assistant
    from assistant.gap_questions import Missed
    from assistant.gap_store import GapStore
    from assistant.journal import Journal
    from corpus import GlossaryEntry
    from index.encoder import Encoder

_MOST_TRIES = 4
_ENCODED_AT_ONCE = 64
_SHORTEST_LEFT = 2


def _untold(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class GapCourse:
    """What making gaps needs of a course: its glossary, the ids of its sections, what reads subjects with its words, and an encoder."""

    glossary: Sequence[GlossaryEntry]
    sections: frozenset[str]
    subjects: Subjects
    encoder: Encoder

    @classmethod
    def of(cls, assistant: Assistant) -> GapCourse:
        """The same of an assistant's course."""
        body, course = assistant.searcher.index.lexical["body"], assistant.course
        sections = frozenset(section.id for unit in course.units.values() for section in unit.sections)
        subjects = Subjects(course.glossary, sections, body.size, lambda token: len(body.texts_with(token)))
        return cls(course.glossary, sections, subjects, assistant.encoder)


def make_gaps(
    journal: Journal,
    course: GapCourse,
    store: GapStore,
    *,
    now: datetime | None = None,
    progress: Callable[[str, int, int], None] = _untold,
) -> Run:
    """Make the gaps of the journal's questions anew. `progress` is told the stage ("reading", "meaning", "joining", "keeping") and how far it is.

    Raises JournalError, GapStoreError; GapChangedError if tutors changed gaps again and again meanwhile.
    """
    begun = time.perf_counter()
    now = now or datetime.now(UTC)
    progress("reading", 0, 0)
    reader = ChineseReader(course.glossary)
    missed = missed_questions(journal.events(), lambda text: " ".join(run for run in reader.read(text).left if len(run) >= _SHORTEST_LEFT))
    texts = distinct(missed, course.subjects)
    for _ in range(_MOST_TRIES):
        with store.open() as database:
            held = _held(database)
            changes = about(database, "changes")
        progress("joining", 0, 0)
        clusters = clustered(texts, held, lambda phrases: _vectors(phrases, course.encoder, store, progress))
        progress("keeping", 0, 0)
        with store.open(write=True) as database:
            if about(database, "changes") != changes:
                continue
            _keep(
                database,
                missed,
                texts,
                clusters,
                now,
                course.sections,
            )
            run = Run(now.isoformat(timespec="seconds"), len(missed), len(texts), round(time.perf_counter() - begun, 2))
            set_about(database, "run", json.dumps({name: getattr(run, name) for name in Run.__dataclass_fields__}))
            return run
    raise GapChangedError(None)


def distinct(missed: Sequence[Missed], subjects: Subjects) -> list[Text]:
    """The distinct questions among the askings, with their subjects; slips in strange words follow how most spell them, and initials what they stand for."""
    counts = Counter(one.key for one in missed)
    first: dict[str, str] = {}
    for one in missed:
        first.setdefault(one.key, one.text)
    strange: Counter[str] = Counter()
    usual: Counter[str] = Counter()
    for key, text in first.items():
        for word in subjects.words(text):
            (strange if subjects.is_strange(word) else usual)[word] += counts[key]
    spelling = spelling_by_majority(strange, usual)
    phrases: Counter[str] = Counter()
    for key, text in first.items():
        phrases[subjects.of(text, spelling).phrase] += counts[key]
    spelling = subjects.abbreviations([*strange, *usual], phrases) | spelling
    return [Text(key, text, subjects.of(text, spelling), counts[key]) for key, text in first.items()]


def _vectors(phrases: Sequence[str], encoder: Encoder, store: GapStore, progress: Callable[[str, int, int], None]) -> NDArray[np.float32]:
    """The vectors of the phrases; those met before are taken from the store, the others encoded and kept."""
    with store.open() as database:
        rows = database.execute("SELECT text, vector FROM vector WHERE encoder = ?", (encoder.digest,))
        known = {text: np.frombuffer(data, np.float16).astype(np.float32) for text, data in rows}
    wanted = [phrase for phrase in dict.fromkeys(phrases) if phrase not in known]
    for first in range(0, len(wanted), _ENCODED_AT_ONCE):
        progress("meaning", first, len(wanted))
        part = wanted[first : first + _ENCODED_AT_ONCE]
        known |= dict(zip(part, encoder.encode(part).astype(np.float16).astype(np.float32), strict=True))
    with store.open(write=True) as database:
        database.execute("DELETE FROM vector WHERE encoder <> ?", (encoder.digest,))
        database.executemany(
            "INSERT OR IGNORE INTO vector VALUES (?, ?, ?)",
            [(encoder.digest, text, known[text].astype(np.float16).tobytes()) for text in wanted],
        )
        database.execute("CREATE TEMP TABLE used (text TEXT PRIMARY KEY)")
        database.executemany("INSERT INTO used VALUES (?)", [(phrase,) for phrase in dict.fromkeys(phrases)])
        database.execute("DELETE FROM vector WHERE text NOT IN (SELECT text FROM used)")
    return np.array([known[phrase] for phrase in phrases], np.float32)


def _held(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute(f"SELECT key, gap FROM member JOIN gap ON gap.id = member.gap WHERE gone IS NULL AND {HELD}"))  # noqa: S608


def _keep(  # noqa: PLR0913, PLR0917  # what was made, of what, when
    database: sqlite3.Connection,
    missed: Sequence[Missed],
    texts: Sequence[Text],
    clusters: Sequence[Sequence[str]],
    now: datetime,
    sections: frozenset[str],
) -> None:
    """Keep the clusters as gaps: each goes on with the id of the gap it shares most with; what is left of none has gone."""
    before: Mapping[str, str] = dict(database.execute("SELECT key, gap FROM member"))
    live = {id_ for (id_,) in database.execute("SELECT id FROM gap WHERE gone IS NULL")}
    held = {id_ for (id_,) in database.execute(f"SELECT id FROM gap WHERE gone IS NULL AND {HELD}")}  # noqa: S608
    ids = matched(clusters, before, {text.key: text.count for text in texts}, held)
    for at, id_ in enumerate(ids):
        if not id_:
            ids[at] = fresh_id(database)
            database.execute("INSERT INTO gap (id) VALUES (?)", (ids[at],))
    owner = {key: id_ for id_, cluster in zip(ids, clusters, strict=True) for key in cluster}
    keep_askings(database, missed, {text.key: text.subject for text in texts})
    database.execute(f"DELETE FROM member WHERE gap NOT IN (SELECT id FROM gap WHERE gone IS NULL AND {HELD})")  # noqa: S608
    database.executemany("INSERT INTO member VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET gap = excluded.gap", list(owner.items()))
    went: dict[str, Counter[str]] = {}
    for key, gap in before.items():
        if key in owner:
            went.setdefault(gap, Counter())[owner[key]] += 1
    for gap in live - set(ids) - held:
        database.execute("UPDATE gap SET gone = ? WHERE id = ?", (went[gap].most_common(1)[0][0] if gap in went else "", gap))
    count_anew(database, ids, now, sections)
    latest: dict[str, str] = {}
    for one in missed:
        latest[owner[one.key]] = max(latest.get(owner[one.key], ""), one.time)
    for gap, closed in database.execute("SELECT id, closed FROM gap WHERE status = 'answered' AND gone IS NULL").fetchall():
        if closed and gap in latest and as_time(latest[gap]) > as_time(closed):
            open_again(database, gap)
