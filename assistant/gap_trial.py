"""A gap's questions asked again of today's course and its tutors' answers: which are answered now, and the gap closed when all are.

Knows nothing of how gaps are made.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.gap_askings import as_time, examples
from assistant.gap_clusters import spelling_by_majority
from assistant.gap_store import gap_row, now_text
from assistant.gap_tending import close_itself
from assistant.reply import Answer, Boundary, Partly, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.gap_askings import Example
    from assistant.gap_store import Gap, GapStore, Trial
    from assistant.reply import Reply
    from assistant.taught import Taught

MOST_ASKED_AGAIN = 500
"""The most distinct questions of a gap that are asked again, those asked oftenest first."""

_WORD = re.compile(r"[^\W\d_]+")

SURE_FROM = 0.5
"""The confidence from which an answer about the asker's own patient counts as one; as for any other question."""


class Asking(Protocol):
    """What asks a question of the course; `Assistant` does."""

    def ask(self, question: str) -> Reply:
        """The reply to a question."""
        ...


class Finding(Protocol):
    """What finds a tutor's answer to a question as it was understood; `TaughtAnswers` does."""

    def find(self, understood: str) -> Taught | None:
        """The answer, or None."""
        ...


def _untold(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def ask_all_again(
    store: GapStore, assistant: Asking, taught: Finding | None = None, *, progress: Callable[[str, int, int], None] = _untold
) -> list[Gap]:
    """Ask the questions of every open gap again, what matters most first; gives the gaps that closed. `progress` counts gaps."""
    open_ = [gap for gap in store.gaps() if gap.status in {"new", "planned"}]
    closed = []
    for done, gap in enumerate(open_):
        progress("asking", done, len(open_))
        ask_again(store, gap.id, assistant, taught)
        after = store.gap(gap.id)
        if after is not None and after.id == gap.id and after.status == "answered":
            closed.append(after)
    return closed


def ask_again(
    store: GapStore,
    id_: str,
    assistant: Asking,
    taught: Finding | None = None,
    *,
    progress: Callable[[str, int, int], None] = _untold,
) -> Trial | None:
    """Ask a gap's questions of today's course and keep which are answered; the gap closes itself when all of them are.

    `taught` finds tutors' answers, which count as the course's do, unless a passage they stand on has changed. A question whose answer was
    judged not helpful counts as answered only when its answer has changed, or a tutor has answered since. None if the gap is not there.
    """
    with store.open() as database:
        gap = gap_row(database, id_)
        asked = examples(database, gap.id, MOST_ASKED_AGAIN) if gap else []
    if gap is None:
        return None
    found: dict[str, _Found] = {}
    for done, example in enumerate(asked):
        progress("asking", done, len(asked))
        found[example.key] = _found(example, assistant, taught)
    results = _answered(found)
    with store.open(write=True) as database:
        now = gap_row(database, gap.id)
        if now is None or now.id != gap.id:
            return None
        database.execute(
            "INSERT INTO trial VALUES (?, ?, ?) ON CONFLICT (gap) DO UPDATE SET time = excluded.time, results = excluded.results",
            (gap.id, now_text(), json.dumps(results)),
        )
        if results and all(results.values()) and now.status in {"new", "planned"}:
            close_itself(database, gap.id)
    return store.trial(gap.id)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the course has for a question now: the sections of its answer, and of one that it is less sure of."""

    surely: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()


def _answered(found: Mapping[str, _Found]) -> dict[str, bool]:
    """Which questions are answered: surely, or from a section that surely answers others of the gap.

    A gap's questions are about one thing, and some of them are garbled: what the course is less sure of for such a wording alone is the
    answer where it is what it gives to the others.
    """
    sections = frozenset().union(*(one.surely for one in found.values()))
    return {key: bool(one.surely or one.perhaps & sections) for key, one in found.items()}


def _found(example: Example, assistant: Asking, taught: Finding | None) -> _Found:
    """What the course and its tutors have for a question, as it was understood or word for word."""
    texts = [example.text] if example.language == "en" else [example.question, example.text]
    perhaps: frozenset[str] = frozenset()
    for text in dict.fromkeys([*texts, example.question]):
        reply = assistant.ask(text)
        if taught is not None and _answered_by_tutors(example, reply, taught):
            return _Found(surely=frozenset({"tutors"}))
        if not isinstance(reply, Answer | Partly | Boundary):
            continue
        cited = {citation.passage for sentence in reply.sentences for citation in sentence.citations}
        if example.not_helpful and cited <= set(example.cited):
            continue
        sections = frozenset(passage.rpartition("/")[0] for passage in cited)
        if isinstance(reply, Answer) or (isinstance(reply, Boundary) and reply.confidence >= SURE_FROM):
            return _Found(surely=sections)
        perhaps |= sections
    spelt = _as_most_spell(example)
    again = assistant.ask(spelt) if spelt != example.text and not example.not_helpful else None
    if isinstance(again, Answer):
        perhaps |= {citation.passage.rpartition("/")[0] for sentence in again.sentences for citation in sentence.citations}
    return _Found(perhaps=perhaps)


def _as_most_spell(example: Example) -> str:
    """A question with slips in the name of what it is about mended ("MEELAS", where the others ask of MELAS)."""
    about = {word.lower(): 2 for word in _WORD.findall(example.phrase)}
    mended = spelling_by_majority({word.lower(): 1 for word in _WORD.findall(example.text)} | about)
    return _WORD.sub(lambda found: mended.get(found[0].lower(), found[0]), example.text)


def _answered_by_tutors(example: Example, reply: Reply, taught: Finding) -> bool:
    if isinstance(reply, Boundary | Unreadable):
        return False
    found = taught.find(reply.question.understood)
    if found is None or found.changed:
        return False
    return not example.not_helpful or as_time(found.answer.time) > as_time(example.last)
