"""A question that leans on the ones before it, completed with what it leaves out.

>>> completed("and when the father has it?", ["recurrence risk in myotonic dystrophy"], names)
'and when the father has it? recurrence risk in myotonic dystrophy'

Knows nothing of the course but the names of what it treats.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.names import Mention, Names

_OPENS_LEANING = re.compile(
    r"\s*(?:and|but|or|so|then|also|what about|how about|what if|and if|same for|why|why not|ok|okay|thanks|in that case|for (?:a|the|him|her|them)\b)\b",
    re.IGNORECASE,
)
_SWAPS_TOPIC = re.compile(
    r"\s*(?:ok(?:ay)?[, ]+)?(?:and|but|or|what about|how about|and what about|and how about|same for)\s+(?:for\s+|in\s+|with\s+|the\s+|a\s+)*",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|their|he|she|his|her|one|the (?:condition|disease|disorder|syndrome|gene|test|other|second|latter|former|same|"
    r"mother|father|siblings?|brother|sister|carriers?|females?|males?|next child|method))\b",
    re.IGNORECASE,
)
_SPECIFIC = 3.0
"""A mention of at least this weight names a topic of its own; lighter ones ("risk", "carrier") are asked about any topic."""

_FEW_WORDS = 8
"""A question of so few words, asked after others, is taken to be about their topic if it has none of its own."""


def completed(question: str, history: Sequence[str], names: Names) -> str:
    """The question as it would be asked alone. `history` are the earlier questions, oldest first, already in English.

    A question with a topic of its own inherits none. Nothing is inherited from further back than the last question with a topic.
    """
    previous = _last_with_topic(history, names)
    if previous is None:
        return question
    before, topics = previous
    own = _topics(question, names)
    if not own:
        if not (_leans(question)):
            return question
        return f"{question} {before}" if _asks_little(question) else f"{question} {' '.join(topic.name for topic in topics)}"
    swap = _SWAPS_TOPIC.match(question)
    if swap and len(topics) == 1 and len(tokens(question[swap.end() :])) <= len(tokens(own[0].name)) + 1:
        topic = topics[0]
        return f"{before[: topic.start]}{own[0].name}{before[topic.end :]}"
    return question


def _leans(question: str) -> bool:
    return bool(_OPENS_LEANING.match(question) or _REFERS_BACK.search(question)) or len(tokens(question)) <= _FEW_WORDS


def _asks_little(question: str) -> bool:
    """Whether the question alone does not say what is asked ("and in China?")."""
    return len(tokens(_REFERS_BACK.sub(" ", question))) <= 2  # noqa: PLR2004


def _topics(question: str, names: Names) -> list[Mention]:
    return [mention for mention in names.mentions(question) if mention.weight >= _SPECIFIC]


def _last_with_topic(history: Sequence[str], names: Names) -> tuple[str, list[Mention]] | None:
    """The last earlier question that has a topic, itself completed from those before it."""
    understood: list[str] = []
    for at, question in enumerate(history):
        understood.append(completed(question, understood[:at], names) if at else question)
    for question in reversed(understood):
        topics = _topics(question, names)
        if topics:
            return question, topics
    return None
