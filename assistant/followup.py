"""A question that leans on the ones before it, completed with what it leaves out.

>>> completed("and when the father has it?", ["recurrence risk in myotonic dystrophy"], names, together)
'and when the father has it? myotonic dystrophy'

What a trainee asks next about a condition rarely names it ("Which genes are involved?"), and a new topic must inherit nothing ("What is
mosaicism?"). The wording decides where it can; where it cannot, the course does: a topic is taken along if one section speaks of
it and of what is asked. Knows nothing of the course but the names of what it treats and which words stand together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.english import english_words
from index.aspects import aspect_words
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from index.names import Mention, Names

_OPENS_LEANING = re.compile(
    r"\s*(?:and|but|or|so|then|also|what about|how about|what if|and if|same for|why|why not|ok|okay|thanks|in that case|for (?:a|the|him|her|them)\b)\b",
    re.IGNORECASE,
)
_SWAPS_TOPIC = re.compile(
    r"\s*(?:ok(?:ay)?[, ]+)?(?:and|but|or|what about|how about|and what about|and how about|same for)\s+(?:for\s+|in\s+|with\s+|the\s+|a\s+)*",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|its|this|that|these|those|they|them|their|he|she|his|her|there|one)\b", re.IGNORECASE)
_REFERS_BACK = re.compile(
    r"\bthe (?:condition|disease|disorder|syndrome|gene|test|other|second|latter|former|same|mother|father|siblings?|brother|sister|carriers?|females?|"
    r"males?|next child|method|drug|variant|result|risk|protocol|figure)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\b(?:of|in|for|with|by|after|from|on)\s+(?:an?\s+|the\s+)?$", re.IGNORECASE)
_DEFINES = re.compile(
    r"\s*(?:what(?:'s| is| are| does)(?! the\b)|define|explain|describe|(?:the )?definition of)\b|.*\bwhat (?:is|are|does it mean)\s*\??\s*$",
    re.IGNORECASE,
)
_COMPARES_WITH = re.compile(
    r".*\bhow (?:is|are|does|do)\b.*\b(?:differ|different|compare)\W*$|.*\b(?:it|this|that|they|these)\b.*\b(?:differ|different|compared?|same|similar)\b",
    re.IGNORECASE,
)
_STANDS_FOR_IT = re.compile(r"\b(?:it|its|this|these|they|them|their)\b", re.IGNORECASE)
_OTHER_OF_ITS_KIND = re.compile(r"(?:type\s+)?([A-Z]|[IVX]+|\d{1,2}[A-Z]?)\W*$")
_LAST_PART = re.compile(r"(?<=[\s-])(?:[A-Z]|[IVX]+|\d{1,2}[A-Z]?)$")
_ONLY_NAMES = frozenset(tokens("tell me about explain describe define meaning definition"))
"""What a question says that asks for nothing but what something is."""

_ANCHORS = frozenset({"condition", "gene", "drug", "organisation", "law", "tool"})
"""Kinds of name that a question is about; an idea, a test or a sign ("carrier frequency", "karyotype") is asked of one of them."""

_CARRIED = _ANCHORS | {"test"}
"""Kinds of name that a question with words of its own takes along; what was asked of them before ("recurrence risk") it does not."""

_SPECIFIC = 3.0
"""A mention of at least this weight names a topic; lighter ones ("risk", "carrier") are asked about any topic."""

_FEW_WORDS = 8
"""A question of so few words, asked after others, is taken to be about their topic if it has none of its own."""

_MOST_NAME_WORDS = 3
_SAYS_LITTLE = 2
_SAYS_LITTLE_LEANING = 4
_TOGETHER = 0.85
"""The share of both names, by rarity of their words, that one section must hold for the topic of before to be taken along."""


def completed(question: str, history: Sequence[str], names: Names, together: Callable[[str], float]) -> str:
    """The question as it would be asked alone. `history` are the earlier questions, oldest first, already in English.

    `together` says what share of a text's words, by rarity, stands in one section of the course: 0 to 1. Nothing is inherited
    from further back than the last question with a topic.
    """
    previous = _last_with_topic(history, names, together)
    if previous is None:
        return f"{question} {history[-1]}" if history and _needs_the_last(question, names) else question
    before, topics = previous
    own = _topics(question, names)
    if _is_held_against(question, own, topics):
        return _with_names(question, topics)
    swapped = _named_shortly(question, own, before, topics) or _swapped(question, own, before, topics)
    if swapped or any(_is_anchor(mention) or _is_object(mention, question) for mention in own):
        return swapped or question
    if not own and _leans(question) and _asks_little(question) and not _says_what(question) and not _only_names(before, topics):
        return f"{question} {before}"
    goes_on = not own and _OPENS_LEANING.match(question)
    carried = topics if goes_on else [topic for topic in topics if _is_anchor(topic, _CARRIED)] or topics
    if _PRONOUN.search(question) or (_leans(question) and _fits(question, own, carried, together)):
        return _with_names(question, carried)
    return question


def _with_names(question: str, topics: Sequence[Mention]) -> str:
    return " ".join([question, *(topic.name for topic in topics if topic.name.lower() not in question.lower())])


def _swapped(question: str, own: Sequence[Mention], before: str, topics: Sequence[Mention]) -> str:
    """A question that puts another topic in the place of the last one ("and for Alport?"), asked in full; "" if it does not."""
    swap = _SWAPS_TOPIC.match(question)
    if not own or not swap or len(tokens(question[swap.end() :])) > len(tokens(own[0].name)) + 1:
        return ""
    kinds = {name.kind for name in own[0].names}
    replaced = [topic for topic in topics if _is_anchor(topic, kinds & _CARRIED)]
    if not replaced and _is_anchor(own[0]):
        replaced = [topic for topic in topics if _is_anchor(topic)] or list(topics)
    if not replaced and not _PREPOSITION.search(question[: own[0].start]):
        replaced = [topic for topic in topics if _is_anchor(topic, kinds)]
    return f"{before[: replaced[0].start]}{own[0].name}{before[replaced[0].end :]}" if len(replaced) == 1 else ""


def _named_shortly(question: str, own: Sequence[Mention], before: str, topics: Sequence[Mention]) -> str:
    """The last question with its topic's kin in its place ("and B?", "and type 2?"), or with a name that the course does not know; "" for any other."""
    swap = _SWAPS_TOPIC.match(question)
    replaced = [topic for topic in topics if _is_anchor(topic)] or list(topics)
    if not swap or len(replaced) != 1:
        return ""
    topic, rest = replaced[0], question[swap.end() :].strip(" ?.!")
    kin, last = _OTHER_OF_ITS_KIND.match(rest), _LAST_PART.search(topic.name)
    if kin and last:
        return f"{before[: topic.start]}{topic.name[: last.start()]}{kin[1]}{before[topic.end :]}"
    words = rest.split()
    strange = not own and 0 < len(words) <= _MOST_NAME_WORDS and words[0][:1].isupper() and words[0].lower() not in english_words()
    return f"{before[: topic.start]}{rest}{before[topic.end :]}" if strange else ""


def _is_held_against(question: str, own: Sequence[Mention], topics: Sequence[Mention]) -> bool:
    """Whether one thing named is to be compared with the topic of before ("how is FAP different?"), or that asked about in it ("why does it matter in FAP?")."""
    if len(own) == 1 and _COMPARES_WITH.match(question):
        return True
    named = [mention for mention in own if _is_anchor(mention, _CARRIED)]
    if len(named) != 1:
        return False
    pronoun = _STANDS_FOR_IT.search(question[: named[0].start])
    kinds = {name.kind for name in named[0].names}
    return bool(pronoun) and _is_object(named[0], question) and not any(_is_anchor(topic, kinds) for topic in topics)


def _says_what(question: str) -> bool:
    """Whether a question says itself what it asks for (treatment, surveillance, carriers)."""
    return bool(set(tokens(question)) & aspect_words())


def _only_names(before: str, topics: Sequence[Mention]) -> bool:
    """Whether an earlier question asked for nothing but what its topic is."""
    named = {word for topic in topics for word in tokens(topic.name)}
    return set(tokens(before)) <= named | _ONLY_NAMES


def _is_object(mention: Mention, question: str) -> bool:
    """Whether it is a test of which something is asked ("the risk of amniocentesis"), and so a topic of its own."""
    return _is_anchor(mention, _CARRIED) and bool(_PREPOSITION.search(question[: mention.start]))


def _fits(question: str, own: Sequence[Mention], topics: Sequence[Mention], together: Callable[[str], float]) -> bool:
    """Whether a question can be about these topics: it names nothing, or what the course speaks of together with them."""
    if _defines(question, own):
        return False
    return not own or together(" ".join(mention.name for mention in (*own, *topics))) >= _TOGETHER


def _is_anchor(mention: Mention, kinds: AbstractSet[str] = _ANCHORS) -> bool:
    return any(name.kind in kinds for name in mention.names)


def _defines(question: str, own: Sequence[Mention]) -> bool:
    """Whether a question asks what something is that it names, and nothing else."""
    named = {word for mention in own for word in tokens(mention.name)}
    return bool(own) and bool(_DEFINES.match(question)) and len(set(tokens(question)) - named) <= 1


def _leans(question: str) -> bool:
    return _leans_surely(question) or bool(_REFERS_BACK.search(question)) or len(tokens(question)) <= _FEW_WORDS


def _needs_the_last(question: str, names: Names) -> bool:
    """Whether a question says so little that it must go on with the last one, though that names nothing ("what should be avoided?")."""
    if any(_is_anchor(mention, _CARRIED) for mention in _topics(question, names)):
        return False
    return len(tokens(question)) <= (_SAYS_LITTLE_LEANING if _leans_surely(question) else _SAYS_LITTLE)


def _leans_surely(question: str) -> bool:
    return bool(_OPENS_LEANING.match(question) or _PRONOUN.search(question))


def _asks_little(question: str) -> bool:
    """Whether the question alone does not say what is asked ("and in China?")."""
    return len(tokens(_REFERS_BACK.sub(" ", _PRONOUN.sub(" ", question)))) <= _SAYS_LITTLE


def _topics(question: str, names: Names) -> list[Mention]:
    return [mention for mention in names.mentions(question) if mention.weight >= _SPECIFIC]


def _last_with_topic(history: Sequence[str], names: Names, together: Callable[[str], float]) -> tuple[str, list[Mention]] | None:
    """The last earlier question that has a topic, itself completed from those before it."""
    understood: list[str] = []
    for at, question in enumerate(history):
        understood.append(completed(question, understood[:at], names, together) if at else question)
    for question in reversed(understood):
        topics = _topics(question, names)
        if topics:
            return question, topics
    return None
