"""A search of the course as one reads its results: the sentences that come nearest, unit by unit, with the words that match.

Knows nothing of answers, and does not judge whether the course covers what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.compose import spoken
from corpus.patterns import pattern
from index.fields import with_headers
from index.tokens import token_set, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from corpus import Course, Sentence
    from corpus.course import Section
    from index.search import Found, Hit, Searcher

MOST_FINDINGS = 60
"""How many passages a search of the course is made of."""

_A_UNIT = 4
_UNITS = 12
_WORDS_COUNT = 1.5
_NEAR_ENOUGH = 0.45
"""The cosine from which a sentence that shares no word with the query still says the same: MiniLM gives unrelated sentences about 0.1."""

_FAR_BELOW_THE_BEST = 0.3
_ALL_WORDS = 0.99
"""The share of a query's words, by rarity, from which a sentence holds them all: then it is found however low its passage stands."""

_WORD = pattern(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:[-.,:;*>_+/()'=]+[^\W_\u3400-\u9fff]+)*")
_LITERAL_UNITS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence found, with its text as it is read. `matches` are (start, end) offsets into the text, words side by side in one; a higher score is better."""

    sentence: Sentence
    text: str
    headings: tuple[str, ...]
    matches: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True)
class UnitFindings:
    """What was found in a unit, best first; `more` is how many passages besides."""

    unit: str
    findings: tuple[Finding, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """A query as understood, and what was found for it, the best unit first. `problem` is one sentence if it could not be read."""

    understood: str
    units: tuple[UnitFindings, ...] = ()
    problem: str = ""


def findings(found: Found, searcher: Searcher) -> tuple[UnitFindings, ...]:
    """The best sentence of each passage found, by unit; passages that have nothing to do with the query are left out."""
    weights = {word: searcher.index.lexical["body"].idf(word) for word in found.words}
    near = (_best_sentence(hit, found, weights) for hit in found.hits)
    related = [(unit, finding) for unit, finding in near if finding is not None]
    return _by_unit(sorted(related, key=lambda one: -one[1].score))


def literal_findings(course: Course, query: str) -> tuple[UnitFindings, ...]:
    """The sentences that hold every word of the query, in reading order: what can be found without an index."""
    words = [word.casefold() for word in _WORD.findall(query)]
    if not words:
        return ()
    held = (
        (unit.id, _finding(sentence, section.headings, lambda word: any(one in word.casefold() for one in words), 1.0))
        for unit in course.units.values()
        for section, sentence in _sentences(unit.sections)
        if all(word in sentence.text.casefold() for word in words)
    )
    return _by_unit(held, _LITERAL_UNITS)


def _best_sentence(hit: Hit, found: Found, weights: Mapping[str, float]) -> tuple[str, Finding | None]:
    """The passage's unit and its best sentence: none if no sentence shares a word with the query or says nearly the same."""
    whole = max(sum(weights.values()), 1e-6)
    best = max(found.hits[0].score, 1e-6)
    chosen, chosen_score, related = None, 0.0, False
    for sentence, cosine in zip(hit.passage.sentences, hit.cosines, strict=True):
        shared = sum(weight for word, weight in weights.items() if word in token_set(with_headers(sentence))) / whole
        score = float(cosine) + _WORDS_COUNT * shared + hit.score / best
        if chosen is None or score > chosen_score:
            near = hit.score >= _FAR_BELOW_THE_BEST * best and (shared > 0 or float(cosine) >= _NEAR_ENOUGH)
            chosen, chosen_score, related = sentence, score, near or shared > _ALL_WORDS
    if chosen is None or not related:
        return hit.passage.unit, None
    wanted = frozenset(weights)
    return hit.passage.unit, _finding(chosen, hit.passage.headings, lambda word: not wanted.isdisjoint(tokens(word)), chosen_score)


def _finding(sentence: Sentence, headings: tuple[str, ...], matches: Callable[[str], bool], score: float) -> Finding:
    text = spoken(sentence)
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if matches(match[0]):
            follows = spans and not text[spans[-1][1] : match.start()].strip(" %")
            spans.append((spans.pop()[0] if follows else match.start(), match.end()))
    return Finding(sentence, text, headings, tuple(spans), score)


def _by_unit(found: Iterable[tuple[str, Finding]], units: int = _UNITS) -> tuple[UnitFindings, ...]:
    grouped: dict[str, list[Finding]] = {}
    for unit, finding in found:
        grouped.setdefault(unit, []).append(finding)
    return tuple(UnitFindings(unit, tuple(each[:_A_UNIT]), max(0, len(each) - _A_UNIT)) for unit, each in list(grouped.items())[:units])


def _sentences(sections: Iterable[Section]) -> Iterator[tuple[Section, Sentence]]:
    for section in sections:
        for block in section.blocks:
            for sentence in block.sentences:
                yield section, sentence
