"""What programs send and get, and the reading of what they send: types, sizes and nothing unknown.

The document `openapi.yaml` says the same to others; a test holds the two together. Knows nothing of requests.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

from assistant.feedback import LONGEST_COMMENT, REASONS, VERDICTS, Reason, Verdict
from assistant.wire import AnswerLine
from web.asking import LONGEST_QUESTION, readable

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_HISTORY = 20
"""How many earlier questions can be sent."""

MOST_HITS = 50
"""How many passages a search gives at most."""

_LONGEST_ID = 200
_HITS = 10


class FieldError(ValueError):
    """A body cannot be taken as it is. `field` is the one that is missing, unknown, or of the wrong kind or size; empty for the whole."""

    def __init__(self, field: str = "") -> None:
        """The field at fault."""
        super().__init__(field)
        self.field = field


class AskBody(TypedDict):
    """A question. `history` are the earlier questions of the conversation, oldest first; `module` and `section` are ids."""

    question: str
    history: NotRequired[list[str]]
    module: NotRequired[str]
    section: NotRequired[str]
    literal: NotRequired[bool]


class SearchBody(TypedDict):
    """A search: its words, and how many passages are wanted."""

    q: str
    k: NotRequired[int]


class FeedbackBody(TypedDict):
    """What a reader thinks of an answer. `about` is the `event` of that answer."""

    about: str
    verdict: Verdict
    reason: NotRequired[Reason]
    comment: NotRequired[str]


class AnswerBody(AnswerLine):
    """An answer, and its event in the journal, which is empty if it could not be kept there."""

    event: str


class KeptBody(TypedDict):
    """The event under which something was kept."""

    event: str


def read_object(text: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises FieldError for anything else."""
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FieldError from error
    if not isinstance(data, dict):
        raise FieldError
    return data


def ask_body(data: Mapping[str, Any]) -> AskBody:
    """The question in an object. Raises FieldError."""
    _only(data, AskBody)
    return AskBody(
        question=_text(data.get("question"), "question", LONGEST_QUESTION, least=1),
        history=_texts(data.get("history", []), "history", MOST_HISTORY),
        module=_text(data.get("module", ""), "module", _LONGEST_ID),
        section=_text(data.get("section", ""), "section", _LONGEST_ID),
        literal=_yes_or_no(data.get("literal", False), "literal"),
    )


def search_body(data: Mapping[str, Any]) -> SearchBody:
    """The search in an object. Raises FieldError."""
    _only(data, SearchBody)
    return SearchBody(q=_text(data.get("q"), "q", LONGEST_QUESTION, least=1), k=_number(data.get("k", _HITS), "k", MOST_HITS))


def feedback_body(data: Mapping[str, Any]) -> FeedbackBody:
    """The feedback in an object. Raises FieldError."""
    _only(data, FeedbackBody)
    return FeedbackBody(
        about=_text(data.get("about"), "about", _LONGEST_ID, least=1),
        verdict=cast(Verdict, _one_of(data.get("verdict"), "verdict", VERDICTS)),
        reason=cast(Reason, _one_of(data.get("reason", ""), "reason", REASONS)),
        comment=_text(data.get("comment", ""), "comment", LONGEST_COMMENT),
    )


def _only(data: Mapping[str, Any], kind: type) -> None:
    for name in data:
        if name not in kind.__annotations__:
            raise FieldError(name)


def _text(value: object, field: str, most: int, *, least: int = 0) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise FieldError(field)
    text = readable(value).strip()
    if len(text) < least:
        raise FieldError(field)
    return text


def _texts(value: object, field: str, most: int) -> list[str]:
    if not isinstance(value, list) or len(value) > most:
        raise FieldError(field)
    return [_text(one, field, LONGEST_QUESTION) for one in value]


def _one_of(value: object, field: str, values: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in values:
        raise FieldError(field)
    return value


def _yes_or_no(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise FieldError(field)
    return value


def _number(value: object, field: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise FieldError(field)
    return value


def _no_constant(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)
