"""Replies as JSON: what is kept on disk and what the chat's script and other programs read.

A reply written by an earlier version is read as long as the fields it lacks have defaults. Knows nothing of how JSON is transported.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast, get_args, get_origin, get_type_hints

from assistant.reply import Answer, Boundary, NotCovered, Partly, Reply, Unreadable
from assistant.wire import State, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.reply import Elsewhere

_KINDS: dict[str, type[Reply]] = {
    "covered": Answer,
    "partly": Partly,
    "not_covered": NotCovered,
    "boundary": Boundary,
    "unreadable": Unreadable,
}


class CitationBody(TypedDict):
    """A citation: where the sentence stands and the words that stand there."""

    number: int
    sentence: str
    passage: str
    module: str
    unit: str
    headings: list[str]
    url: str
    quote: str


class SentenceBody(TypedDict):
    """A sentence of an answer with its citations."""

    text: str
    label: str
    citations: list[CitationBody]


class NearestBody(TypedDict):
    """A section of the course near the question."""

    passage: str
    headings: list[str]
    url: str


class QuestionBody(TypedDict):
    """A question as asked and as understood; the pairs are (as asked, as understood) and (English, Chinese)."""

    asked: str
    understood: str
    language: str
    changes: list[list[str]]
    terms: list[list[str]]


class ReplyBody(TypedDict):
    """A whole reply. Which of the optional parts are there depends on the state."""

    state: State
    question: QuestionBody
    confidence: NotRequired[float]
    sentences: NotRequired[list[SentenceBody]]
    missing: NotRequired[list[str]]
    nearest: NotRequired[list[NearestBody]]
    more: NotRequired[list[NearestBody]]
    reason: NotRequired[str]
    elsewhere: NotRequired[Elsewhere]


class WireError(ValueError):
    """What was read is no reply; ask the question again."""


def encode_reply(reply: Reply) -> ReplyBody:
    """The reply, ready for JSON."""
    return cast("ReplyBody", {"state": state_of(reply), **_plain(reply)})


def _plain(value: Any) -> Any:
    """Dataclasses as dictionaries, all the way down; `dataclasses.asdict` does the same, but copies every text on the way."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    kind: type = type(value)
    return {name: _plain(getattr(value, name)) for name in _names(kind)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def decode_reply(body: Mapping[str, Any]) -> Reply:
    """The reply that `encode_reply` wrote. Raises WireError for anything else."""
    try:
        return cast("Reply", _made(_KINDS[body["state"]], body))
    except (KeyError, TypeError, AttributeError) as error:
        message = f"This is no reply ({error}); ask the question again."
        raise WireError(message) from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: type, body: Mapping[str, Any]) -> object:
    hints = _hints(kind)
    return kind(**{one.name: _value(hints[one.name], body[one.name]) for one in fields(kind) if one.name in body})


def _value(hint: Any, value: Any) -> Any:
    if is_dataclass(hint):
        return _made(cast("type", hint), value)
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_value(kind, one) for kind, one in zip(kinds, value, strict=True))
    return value
