"""A question taken from a form, answered and kept.

Knows nothing of how the answer is shown.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from dataclasses import dataclass
from http import HTTPStatus
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from assistant.journal import JournalError
from web.conversations import ConversationsError, Turn, new_key
from web.problems import Problem
from web.taught import tutors_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.reply import Reply
    from web.conversations import Conversation, Kept
    from web.services import Services

LONGEST_QUESTION = 2000
"""The longest question, in characters."""

_HISTORY = 20
"""How many earlier questions the assistant is given."""

_DIGITS = 7
"""More digits are the number of no turn."""

_AT_ONCE = BoundedSemaphore(2 * (os.cpu_count() or 1))
"""So many answers are made at once, one for each processor and one that is being encoded meanwhile: two hundred at once would all be ready last."""

_LOG = logging.getLogger(__name__)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent: a question, where to look for its answer, and the conversation it belongs to."""

    question: str
    conversation: str | None = None
    module: str | None = None
    """The id of a module or of a unit."""
    section: str | None = None
    literal: bool = False
    as_is: bool = False
    """Whoever asked says that what looks like patient data is about nobody."""
    attempt: str = ""
    """Names this sending of the question, so that sending it again does not ask twice; empty if the form named none."""
    replaces: int = 0
    """The number of the turn whose question was edited into this one, or 0."""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Asked:
        """The question in a form. Raises Problem if there is none or it is too long."""
        question = readable(form.get("question", "")).strip()
        if not question:
            raise Problem(HTTPStatus.BAD_REQUEST, "no-question")
        if len(question) > LONGEST_QUESTION:
            raise Problem(HTTPStatus.BAD_REQUEST, "question-too-long")
        return cls(
            question,
            readable(form.get("conversation", "")) or None,
            readable(form.get("module", "")) or None,
            readable(form.get("section", "")) or None,
            literal=form.get("literal") == "1",
            as_is=form.get("as_is") == "1",
            attempt=_attempt(form),
            replaces=int(number) if (number := form.get("replaces", "")).isascii() and number.isdigit() and len(number) < _DIGITS else 0,
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn, the conversation that it is kept in (None if it could not be kept), and the turns before it."""

    turn: Turn
    conversation: str | None
    earlier: tuple[Turn, ...] = ()


def readable(text: str) -> str:
    """The text with one kind of line end, without control characters and without halves of characters (lone surrogates)."""
    whole = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return _CONTROLS.sub("", whole)


def answer(asked: Asked, visitor: str, services: Services) -> Answered:
    """Ask the assistant and keep the turn. Raises Problem if there is no assistant or it fails."""
    earlier = _earlier(asked, visitor, services)
    done = _already(asked, visitor, services)
    if done is not None:
        return Answered(done.turn, done.conversation, _before(done.turn, earlier))
    reply = reply_to(asked, _history(asked, earlier), services)
    conversation = earlier.id if earlier else new_key()
    event = record(asked, reply, conversation, services)
    try:
        kept = services.conversations.keep(visitor, conversation, reply, event, attempt=asked.attempt, replaces=asked.replaces)
    except ConversationsError as error:
        _LOG.error("%s", error)
        return Answered(Turn(1, reply, event), None)
    return Answered(kept.turn, kept.conversation, _before(kept.turn, earlier))


def _before(turn: Turn, held: Conversation | None) -> tuple[Turn, ...]:
    """The turns of a conversation before this one."""
    return tuple(one for one in held.turns if one.number < turn.number) if held else ()


def _attempt(form: Mapping[str, str]) -> str:
    """What this sending is known by: its name together with all that was asked, so that a page kept open can ask something else."""
    name = form.get("attempt", "")
    parts = [name, *(form.get(field, "") for field in ("question", "module", "section", "literal", "replaces"))]
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32] if name else ""


def _already(asked: Asked, visitor: str, services: Services) -> Kept | None:
    """The turn that this very sending was answered with before its connection was lost."""
    try:
        return services.conversations.attempted(visitor, asked.attempt)
    except ConversationsError as error:
        _LOG.error("%s", error)
        return None


def _within(asked: Asked, services: Services) -> str | None:
    """The section or the unit to stay within, if the course has it."""
    if asked.section in services.places.sections:
        return asked.section
    return asked.module if asked.module in services.course.units else None


def reply_to(asked: Asked, history: tuple[str, ...], services: Services) -> Reply:
    """The assistant's reply. Raises Problem if there is no assistant or it fails."""
    if services.assistant is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    try:
        with _AT_ONCE:
            return services.assistant.ask(
                asked.question,
                history,
                module=services.places.module_titles.get(asked.module or ""),
                section=_within(asked, services),
                literal=asked.literal,
            )
    except Exception as error:  # the assistant's faults are its own: the trainee gets a sentence, the log the rest
        _LOG.exception("the assistant failed")
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable") from error


def record(asked: Asked, reply: Reply, conversation: str, services: Services) -> str:
    """Tell the tutors' journal; the event's id, or nothing. `conversation` is empty for a question that stands alone, beside which no tutor's answer is shown.

    A journal that cannot be written is told in the log, and the trainee is answered all the same.
    """
    if services.journal is None:
        return ""
    try:
        if not conversation:
            return services.journal.record(reply, asked.question)
        beside = tutors_answer(reply, services.taught)
        taught = beside.answer.id if beside else ""
        return services.journal.record(reply, asked.question, conversation=_unreadable_key(conversation), taught=taught)
    except JournalError as error:
        _LOG.error("%s", error)
        return ""


def _unreadable_key(conversation: str) -> str:
    """A name for the conversation that no page can be opened with."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:16]


def _earlier(asked: Asked, visitor: str, services: Services) -> Conversation | None:
    """The conversation that the question continues, if the visitor has it."""
    if asked.conversation is None:
        return None
    try:
        return services.conversations.read(visitor, asked.conversation)
    except ConversationsError as error:
        _LOG.error("%s", error)
        return None


def _history(asked: Asked, earlier: Conversation | None) -> tuple[str, ...]:
    """The earlier questions of the conversation. A question does not follow on itself, asked again or edited."""
    turns = earlier.turns if earlier else ()
    if turns and turns[-1].number == asked.replaces:
        turns = turns[:-1]
    return tuple(turn.reply.question.asked for turn in turns if turn.reply.question.asked != asked.question)[-_HISTORY:]
