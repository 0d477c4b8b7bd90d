"""Which questions of the journal the course owes an answer to, and how badly.

A question belongs if it was not covered or partly covered, if its asker judged the answer not helpful, if a tutor was told of it, or
if it was about the asker's own patient and no sentence of the course could be given. One that a tutor's answer stood beside belongs only if its
asker was not helped or told a tutor. What could not be read belongs only if a tutor was
told of it. Knows nothing of how such questions are put together.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assistant.journal import Event

WEIGHTS = {"not_covered": 1.0, "boundary": 1.0, "unreadable": 0.5, "partly": 0.5, "covered": 0.0}
"""How badly a question fared by the state of its reply, from 0 (well) up."""

NOT_HELPFUL = 0.7
"""The least that a question counts for whose answer was judged not helpful: an answer that misses is nearly as bad as none."""

TOLD = 0.5
"""What it adds that the asker took the trouble to tell the tutors."""

_PUNCTUATION = re.compile(r"[^\w\s*>+-]|_")
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Missed:
    """One asking of a question that belongs to a gap.

    `text` is the question as understood (as typed, where only its spelling was repaired), `key` the same for texts that differ in case, space or punctuation alone; `weight` is how
    badly it fared, 0 up, higher is worse. `conversation` tells askings in one go apart from others. `cited` and `near` are passages.
    """

    event: str
    key: str
    text: str
    question: str
    language: str
    time: str
    state: str
    weight: float
    conversation: str
    not_helpful: bool = False
    told: str = ""
    cited: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def missed_questions(events: Iterable[Event], unread: Callable[[str], str] = lambda _: "") -> list[Missed]:
    """The questions that belong to gaps, oldest first. `unread` gives the Chinese of a question that its understanding lost."""
    asked: dict[str, Event] = {}
    judged: dict[str, Event] = {}
    told: dict[str, Event] = {}
    for event in sorted(events, key=lambda one: (one.when, one.id)):
        about = str(event.body.get("about") or "")
        if event.kind == "question":
            asked[event.id] = event
        elif event.kind == "feedback":
            judged[about] = event
        elif event.kind == "note":
            told[about or event.id] = event
    missed = [_missed(event, judged.get(id_), told.get(id_), unread) for id_, event in asked.items()]
    missed += [_from_note(note, unread) for about, note in told.items() if about not in asked]
    return sorted((one for one in missed if one is not None), key=lambda one: (one.time, one.event))


def question_key(text: str) -> str:
    """The same for texts that differ in case, white space or punctuation alone: 24 hex digits."""
    plain = " ".join(_PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _missed(event: Event, judged: Event | None, note: Event | None, unread: Callable[[str], str]) -> Missed | None:
    state = str(event.body.get("state") or "")
    not_helpful = judged is not None and judged.body.get("verdict") == "not_helpful"
    weight = 0.0 if state == "boundary" and _ids(event.body.get("cited")) else WEIGHTS.get(state, 0.0)
    answered = bool(event.body.get("taught")) and not not_helpful
    if note is None and (answered or state == "unreadable"):
        return None
    if not_helpful:
        weight = max(weight, NOT_HELPFUL)
    if note is not None:
        weight += TOLD
    told = "" if note is None else str(note.body.get("note") or "")
    return _made(event, weight, unread, not_helpful=not_helpful, told=told) if weight > 0 else None


def _from_note(event: Event, unread: Callable[[str], str]) -> Missed | None:
    """A note whose question is not in the journal: it brings the question along, or is one itself."""
    return _made(event, WEIGHTS["not_covered"] + TOLD, unread, told=str(event.body.get("note") or ""))


def _made(event: Event, weight: float, unread: Callable[[str], str], *, not_helpful: bool = False, told: str = "") -> Missed | None:
    body = event.body
    question = masked(str(body.get("question") or body.get("note") or ""))[:_LONGEST]
    text = masked(str(body.get("understood") or question))[:_LONGEST]
    language = str(body.get("language") or "en")
    if language == "en" and len(text.split()) == len(question.split()):
        text = question  # only spelling was repaired, by the words of a course that may lack the very name that was typed
    left = unread(question) if language == "zh" else ""
    text = " ".join(f"{text} {left}".split())
    if not any(character.isalnum() for character in text):
        return None
    return Missed(
        event=event.id,
        key=question_key(text),
        text=text,
        question=question,
        language=language,
        time=event.when,
        state=str(body.get("state") or "not_covered"),
        weight=weight,
        conversation=f"{event.machine}/{body.get('conversation') or ''}",
        not_helpful=not_helpful,
        told=masked(told)[:_LONGEST],
        cited=_ids(body.get("cited")),
        near=_ids(body.get("nearest")),
    )


def _ids(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
