"""Passages as lines of JSON, one a line, and back.

A line is an object with the fields of `Passage`; a sentence in it is a list of the fields of `Sentence`, in their order.

Knows nothing of files.
"""

from __future__ import annotations

import json
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from corpus import Passage, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

_PASSAGE_FIELDS = tuple(field.name for field in fields(Passage))
_sentence_values = attrgetter(*(field.name for field in fields(Sentence)))


class PassageLinesError(Exception):
    """The lines are no passages of this version."""


def to_lines(passages: Iterable[Passage]) -> bytes:
    """`passages` as UTF-8 lines."""
    return b"".join(json.dumps(_plain(passage), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" for passage in passages)


def from_lines(data: bytes | memoryview) -> tuple[Passage, ...]:
    """The passages that `to_lines` wrote. Raises PassageLinesError."""
    try:
        text = str(data, "utf-8", "surrogatepass").rstrip("\n").replace("\n", ",")  # a newline within a string is written \n
        return tuple(_passage(plain) for plain in json.loads(f"[{text}]"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = "These lines are no passages of this version; build the index again with “genomics-tutor index build”."
        raise PassageLinesError(message) from error


def _plain(passage: Passage) -> dict[str, Any]:
    plain = {name: getattr(passage, name) for name in _PASSAGE_FIELDS}
    plain["sentences"] = [_sentence_values(sentence) for sentence in passage.sentences]
    return plain


def _passage(plain: dict[str, Any]) -> Passage:
    plain["sentences"] = tuple(Sentence(*map(_fixed, values)) for values in plain["sentences"])
    return Passage(**{name: _fixed(value) for name, value in plain.items()})


def _fixed(value: Any) -> Any:
    """Lists as tuples, all the way down."""
    return tuple(map(_fixed, value)) if type(value) is list else value
