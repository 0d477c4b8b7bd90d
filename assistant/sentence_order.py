"""Which sentences of the passages found answer a question: signs of it, added up by weight.

The weights are half chosen and half learnt, from the known questions of the course, each with its own entry withheld
(`tests/bench/train_order.py`). Knows nothing of how many sentences make an answer, or which stand together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.places import points_at_a_table
from index.fields import with_headers
from index.tokens import token_set, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from assistant.places import Places
    from corpus import Passage, Sentence
    from index.search import Found, Searcher

CHOSEN: Mapping[str, float] = {
    "meaning": 1.0,
    "meaning_place": 0.0,
    "words": 1.0,
    "other_words": 0.0,
    "words_place": 0.0,
    "passage": 2.0,
    "passage_place": 0.0,
    "section_place": 0.0,
    "known": 2.0,
    "number": 0.2,
    "share": 0.0,
    "symbol": 0.0,
    "defines": 0.0,
    "opens": 0.3,
    "length": 0.0,
    "leads": 0.0,
    "points": -0.3,
    "little": -0.3,
    "code": -0.4,
}
"""What each sign counts for before anything is learnt, in the order of the signs."""

LEARNT: Mapping[str, float] = {
    "meaning": 0.45,
    "meaning_place": -0.099,
    "words": 0.354,
    "other_words": 0.376,
    "words_place": -0.077,
    "passage": 0.345,
    "passage_place": -0.075,
    "section_place": -0.092,
    "known": 0.145,
    "number": 0.28,
    "share": 0.09,
    "symbol": 0.195,
    "defines": 0.343,
    "opens": -0.137,
    "length": 0.079,
    "leads": -0.387,
    "points": -0.206,
    "little": -0.337,
    "code": 0.073,
}
"""What `tests/bench/train_order.py` adds to that."""

_PASSAGES_READ = 20
_FAR_BELOW_THE_BEST = 0.3
_FEWEST_WORDS = 4
_NAME_WORD = 0.4
_SHORT_QUESTION = 8

_ASKS_A_NUMBER = re.compile(
    r"\b(?:how (?:many|much|often|common|likely|frequent|long|old|rare)|what (?:percentage|proportion|fraction|share|age|number)|risk|chance|"
    r"probability|likelihood|frequency|prevalence|incidence|cut-?offs?|threshold|rate|yield|sensitivity|range|size|dose|interval|percent)\b",
    re.IGNORECASE,
)
_ASKS_A_GENE = re.compile(r"\bgenes?\b|variants?|mutation", re.IGNORECASE)
_ASKS_WHAT_IT_IS = re.compile(r"\s*(?:what(?:'s| is| are| does)|define)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SHARE = re.compile(r"\d ?%|\d in \d")
_SYMBOL = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be part of an answer. `score` is higher for a better one; differences count, zero means nothing."""

    passage: Passage
    sentence: Sentence
    order: int
    score: float


def candidates(found: Found, searcher: Searcher, places: Places, question: str) -> list[Candidate]:
    """Every sentence of the best passages, best first."""
    sentences, signs = signs_of(found, searcher, places, question)
    scores = (signs @ _weights()).tolist()
    return sorted((Candidate(*one, score) for one, score in zip(sentences, scores, strict=True)), key=lambda one: -one.score)


def signs_of(
    found: Found, searcher: Searcher, places: Places, question: str
) -> tuple[list[tuple[Passage, Sentence, int]], NDArray[np.float32]]:
    """The sentences of the best passages, each with its passage and its place in the order of both; and their signs: shape (sentences, signs)."""
    weights = _word_weights(found, searcher)
    named = {word for mention in found.mentions for word in tokens(mention.name)}
    whole, whole_other = (max(weight, 1e-6) for weight in _shared(weights, weights, named))
    number, gene = bool(_ASKS_A_NUMBER.search(question)), bool(_ASKS_A_GENE.search(question))
    defines = bool(_ASKS_WHAT_IT_IS.match(question)) and len(question.split()) < _SHORT_QUESTION
    sentences: list[tuple[Passage, Sentence, int]] = []
    rows: list[tuple[float, ...]] = []
    sections: dict[str, int] = {}
    for order, hit in enumerate(found.hits[:_PASSAGES_READ]):
        share = hit.score / max(found.hits[0].score, 1e-6)
        if share < _FAR_BELOW_THE_BEST:
            break
        section = sections.setdefault(hit.passage.section, len(sections))
        cosines = hit.cosines.tolist()
        # A row is about what its section is about, though its cells never say so.
        told = named & (searcher.name_tokens(hit.passage) | set(token_set(" ".join(hit.passage.headings))))
        for at, sentence in enumerate(hit.passage.sentences):
            held = token_set(with_headers(sentence))
            shared, shared_other = _shared(told.union(held) if sentence.cells else held, weights, named)
            own = _own_signs(sentence.text)
            opens = at == 0 and hit.passage.id.endswith("/1")
            rows.append(
                (
                    cosines[at],
                    0.0,
                    shared / whole,
                    shared_other / whole_other,
                    0.0,
                    share,
                    order,
                    section,
                    found.answering.get(sentence.id, 0.0),
                    number and own.digit,
                    number and own.share,
                    gene and own.symbol,
                    defines and opens,
                    opens,
                    own.length,
                    own.leads,
                    own.points,
                    own.little,
                    places[sentence.id].block.kind == "code",
                )
            )
            sentences.append((hit.passage, sentence, order * 1000 + at))
    signs = np.array(rows, np.float32).reshape(len(rows), len(CHOSEN))
    signs[:, 1], signs[:, 4] = _ranks(signs[:, 0]), _ranks(signs[:, 2])
    for place in (1, 4, 6, 7):
        signs[:, place] = np.log1p(signs[:, place])
    return sentences, signs


class _OwnSigns(NamedTuple):
    """What shows in a sentence whatever is asked. `length` is the logarithm of its words."""

    digit: bool
    share: bool
    symbol: bool
    length: float
    leads: bool
    points: bool
    little: bool


@lru_cache(20_000)
def _own_signs(text: str) -> _OwnSigns:
    words = len(text.split())
    return _OwnSigns(
        digit=bool(_DIGIT.search(text)),
        share=bool(_SHARE.search(text)),
        symbol=bool(_SYMBOL.search(text)),
        length=float(np.log1p(words)),
        leads=text.endswith((":", "：")),
        points=points_at_a_table(text),
        little=words < _FEWEST_WORDS,
    )


def _shared(words: Iterable[str], weights: Mapping[str, float], named: AbstractSet[str]) -> tuple[float, float]:
    """What the words weigh, and those of them that are in no name."""
    every = other = 0.0
    for word in words:
        if word in weights:
            every += weights[word]
            if word not in named:
                other += weights[word]
    return every, other


@lru_cache(1)
def _weights() -> NDArray[np.float32]:
    return np.array([weight + LEARNT.get(sign, 0.0) for sign, weight in CHOSEN.items()], np.float32)


def _ranks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """How many of the values come before each, the highest first; equal ones in their order."""
    return np.argsort(np.argsort(-values, kind="stable"), kind="stable").astype(np.float32)


def _word_weights(found: Found, searcher: Searcher) -> dict[str, float]:
    """The question's words by rarity; the words of names count less, since every sentence about a name shares them."""
    body = searcher.index.lexical["body"]
    named = {word for mention in found.mentions for word in tokens(mention.name)}
    return {word: body.idf(word) * (_NAME_WORD if word in named else 1.0) for word in found.words}
