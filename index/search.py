"""Which passages of the course answer a question best: meaning, words, headings, names and what is asked, added up.

The score of a passage is a sum of signals, each about 0 to 1; the weights stand in `WEIGHTS` and are one setting for every
course. `tests/bench/README.md` has the table of what was tried. Knows nothing of answers, languages or spelling.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.english import english_words
from index.aspects import TOPICS, Aspects
from index.known_questions import KnownQuestions, Telling
from index.names import Names, course_names
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corpus import Course, Passage
    from index.encoder import Encoder
    from index.names import Mention
    from index.store import Index

WEIGHTS: Mapping[str, tuple[float, float]] = {
    "dense": (1.0, 1.0),
    "sentence": (0.5, 4.0),
    "heading_dense": (0.7, 0.2),
    "lexical": (1.0, 10.0),
    "heading_lexical": (0.25, 0.5),
    "aspect": (1.0, 0.8),
    "question": (2.0, 4.0),
    "name_overlap": (0.7, 1.0),
    "named": (2.8, 0.25),
    "symbol": (1.0, 0.7),
    "symbol_unit": (2.0, 1.0),
}
"""What each signal counts for: in a question that is little more than a name and what is asked of it, and in one that names nothing.
Between the two, the share of the question that is a name decides."""

_CANDIDATES = 300
"""Passages taken from each ranker before the signals are added up, in a course of more than `_ALL_UP_TO` passages; a shorter one is weighed whole."""

_ALL_UP_TO = 20_000
"""At this length weighing all takes 1 to 4 ms longer than weighing candidates, and finds the same; at 200,000 passages candidates take less than half."""

_VECTORS_REMEMBERED = 512
"""3 KB for each question, which is searched for again where it is asked again or offered."""

_COMMON_SYMBOL = 0.05
_NAME_SHARE = 0.4
"""A name that is at least this share of a question's words, by rarity, counts in full."""

_ASKED_OF_ANOTHER = 0.3
_SUBJECT_FROM = 3.0
_STRANGE_SHARE = 0.25

_LETTERS = re.compile(r"[^\W\d_]{5,}")
_NAMES_A_DISEASE = re.compile(
    r"(?:osis|itis|[ae]mia|pathy|oma|plasia|trophy|lepsy|iasis|uria|algia|penia|plegia|itus|oidism|lysis)$", re.IGNORECASE
)
_SYMBOL = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![\w-])")


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched for. `scope`, if given, is a module's title or the id of a unit or section to stay within.

    A section holds the sections below it.
    """

    text: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score` is higher for a better one; `signals` are the parts it is the weighed sum of.

    `cosines`, shape (sentences,), says how near each of its sentences is to the question: -1 to 1, higher is nearer.
    """

    passage: Passage
    row: int
    score: float
    signals: Mapping[str, float]
    cosines: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: hits, best first, with what was read from the query on the way.

    `answering` gives sentences (by id) that are known to answer a question like this one: 0 to 1, higher for a more similar question.
    `alike` is the cosine (0 to 1) with the nearest known question.
    """

    hits: tuple[Hit, ...]
    mentions: tuple[Mention, ...]
    aspects: NDArray[np.float32]
    vector: NDArray[np.float32]
    words: tuple[str, ...]
    answering: Mapping[str, float]
    alike: float


class Searcher:
    """Searches one index. Safe to use from many threads at once."""

    def __init__(self, index: Index, course: Course, encoder: Encoder) -> None:
        self.index = index
        # Together, so that each goes through the network in a thread of its own.
        self._vectors = lru_cache(_VECTORS_REMEMBERED)(lambda *texts: encoder.encode(texts))
        called = course_names(course)
        self.names = Names(called, index.worked_out.keys)
        self._aspects = Aspects(np.asarray(index.vectors["aspect"], np.float32))
        rows = index.rows
        self._section_of_passage = rows.section_of_passage
        first = {section: passage for passage in reversed(index.passages) if (section := passage.section)}
        headings = [first[section].headings for section in rows.sections]
        self._heading_aspects = index.worked_out.heading_aspects
        self._sections_about = index.worked_out.sections_about
        about = sorted((row, place) for place, target in enumerate(self.names.targets) for row in self._sections_about.get(target, ()))
        self._target_about = np.array([place for _, place in about], np.int64)
        self._section_about, self._first_about = np.unique(np.array([row for row, _ in about], np.int64), return_index=True)
        self._known = KnownQuestions(course, rows.sections, index.cosines.get("question"))
        above = _sections_above(rows.sections, headings, [first[section].unit for section in rows.sections])
        self._scopes = {one: above[one] | {one, first[one].unit, first[one].module} for one in rows.sections}
        units = {unit: number for number, unit in enumerate(dict.fromkeys(passage.unit for passage in index.passages))}
        self._unit_of_passage = np.array([units[passage.unit] for passage in index.passages], np.int32)
        self._unit_count = len(units)
        self._name_tokens: dict[str, frozenset[str]] = {}
        for name, words in zip(called, index.worked_out.name_tokens, strict=True):
            for target in name.targets:
                self._name_tokens[target] = self._name_tokens.get(target, frozenset()).union(words)
        self.name_vocabulary = frozenset(word for words in self._name_tokens.values() for word in words)

    def search(self, query: Query, k: int = 10) -> Found:
        """The `k` best passages for a query, best first; all ties in reading order."""
        words = tuple(dict.fromkeys(tokens(query.text)))
        mentions = tuple(self.names.mentions(query.text))
        others = self._count_of_ideas(query.text, words, mentions)
        mentions = tuple(one if one.subject else replace(one, weight=one.weight * others) for one in mentions)
        vectors = self._vectors(*dict.fromkeys((query.text, _masked(query.text, mentions))))
        vector, masked = vectors[0], vectors[-1]
        wanted = self._aspects.wanted(masked)
        scope = np.array([self.within(section, query.scope) for section in self.index.rows.sections]) if query.scope else None
        known = self._known.near(vector, self._telling(query.text, words, mentions), scope)
        sentences = self.index.cosines["sentence"].with_(vector) if "sentence" in self.index.cosines else None
        signals = self._signals(query.text, words, mentions, vector, wanted, known.sections, others)
        signals["sentence"] = self._best_sentences(sentences)
        rows = self._candidates(signals)
        self._complete(signals, vector, rows, sentences)
        if scope is not None:
            rows = rows[scope[self._section_of_passage[rows]]]
        focus = self._focus(words, mentions, others)
        weights = np.array([focus * named + (1 - focus) * free for named, free in WEIGHTS.values()], np.float32)
        parts = np.stack([signals[name][rows] for name in WEIGHTS])
        total = weights @ parts
        best = np.argsort(-total, kind="stable")[:k]
        hits = tuple(
            Hit(self.index.passages[row], row, score, dict(zip(WEIGHTS, values, strict=True)), self._cosines(row, vector, sentences))
            for row, score, values in zip(rows[best].tolist(), total[best].tolist(), parts[:, best].T.tolist(), strict=True)
        )
        return Found(hits, mentions, self._aspects.of_question(masked), vector, words, known.sentences, known.alike)

    def within(self, section: str, scope: str) -> bool:
        """Whether a section stands within a scope, as `Query` has it."""
        return scope in self._scopes[section]

    def together(self, text: str) -> float:
        """The share of a text's words, by rarity, that stands in one section with its headings: 0 to 1, of the section that holds most."""
        body = self.index.lexical["body"]
        held = np.zeros(len(self.index.rows.sections), np.float32)
        whole = 0.0
        for word in set(tokens(text)):
            held[np.unique(self._section_of_passage[body.texts_with(word)])] += body.idf(word)
            whole += body.idf(word)
        return float(held.max(initial=0.0)) / whole if whole else 0.0

    def name_tokens(self, passage: Passage) -> frozenset[str]:
        """The tokens of the names that the passage's section or unit goes by."""
        return self._name_tokens.get(passage.section, frozenset()) | self._name_tokens.get(passage.unit, frozenset())

    def _cosines(self, row: int, vector: NDArray[np.float32], sentences: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """The cosine of the question with each sentence of a passage; `sentences` are those of all, if they were worked out."""
        own = slice(*self.index.rows.first_sentence[row : row + 2])
        return np.asarray(self.index.vectors["sentence"][own], np.float32) @ vector if sentences is None else sentences[own]

    def _signals(  # noqa: PLR0913, PLR0917  # each is read from the query once, and some signals share them
        self,
        text: str,
        words: tuple[str, ...],
        mentions: tuple[Mention, ...],
        vector: NDArray[np.float32],
        wanted: NDArray[np.float32],
        asked: NDArray[np.float32],
        others: float,
    ) -> dict[str, NDArray[np.float32]]:
        index, section = self.index, self._section_of_passage
        body, heading = index.lexical["body"], index.lexical["heading"]
        symbol, symbol_unit = self._symbols(text, mentions)
        return {
            "dense": self._dense(vector),
            "heading_dense": (np.asarray(index.vectors["heading"], np.float32) @ vector)[section],
            "lexical": body.scores(words) / max(sum(body.idf(word) for word in words), 1e-6),
            "heading_lexical": (heading.scores(words) / max(sum(heading.idf(word) for word in words), 1e-6))[section],
            "aspect": (self._heading_aspects @ wanted)[section],
            "question": asked[section],
            "name_overlap": self._overlap(text, others)[section],
            "named": self._spread(self._named(text, mentions))[section],
            "symbol": symbol,
            "symbol_unit": symbol_unit,
        }

    def _count_of_ideas(self, text: str, words: tuple[str, ...], mentions: tuple[Mention, ...]) -> float:
        """What the names of ideas, tests and signs count for: in full, or less where they are asked of something else.

        That is another name, or what may be one.
        """
        if all(mention.subject for mention in mentions):
            return 1.0
        if any(mention.subject and mention.weight >= _SUBJECT_FROM for mention in mentions):
            return _ASKED_OF_ANOTHER
        body = self.index.lexical["body"]
        inside = {word for mention in mentions for word in tokens(mention.name)}
        whole = sum(body.idf(word) for word in words) or 1.0
        share = max((body.idf(word) for word in self._strange(text) - inside), default=0.0) / whole
        return _ASKED_OF_ANOTHER if share >= _STRANGE_SHARE else 1.0

    def _telling(self, text: str, words: tuple[str, ...], mentions: tuple[Mention, ...]) -> Telling:
        """What tells a question apart: the words of its names, and words that may be a name that the course does not know."""
        body = self.index.lexical["body"]
        of_names: dict[str, set[str]] = {}
        for mention in mentions:
            for word in tokens(mention.name):
                of_names.setdefault(word, set()).update(mention.targets)
        found: dict[str, tuple[float, NDArray[np.bool_]]] = {}
        for word in self._strange(text) | of_names.keys():
            sections = np.zeros(len(self.index.rows.sections), bool)
            sections[self._section_of_passage[body.texts_with(word)]] = True
            for target in of_names.get(word, ()):
                sections[self._sections_about.get(target, [])] = True
            found[word] = (body.idf(word), sections)
        return Telling(found, sum(body.idf(word) for word in words))

    def _strange(self, text: str) -> set[str]:
        """The tokens of words that may be the name of something: no everyday English, or a disease by their ending and not in the course."""
        body = self.index.lexical["body"]
        found: set[str] = set()
        for word in _LETTERS.findall(text):
            own = tokens(word)
            if word.lower() not in english_words() or (_NAMES_A_DISEASE.search(word) and not any(len(body.texts_with(one)) for one in own)):
                found.update(own)
        return found

    def _focus(self, words: tuple[str, ...], mentions: tuple[Mention, ...], others: float) -> float:
        """How much of a question is one name, by the rarity of its words: 0 to 1, which `_NAME_SHARE` of it reaches."""
        heading = self.index.lexical["heading"]
        whole = sum(heading.idf(word) for word in words) or 1.0
        named = max(
            (sum(heading.idf(word) for word in set(tokens(mention.name))) * (1 if mention.subject else others) for mention in mentions),
            default=0.0,
        )
        return min(1.0, named / whole / _NAME_SHARE)

    def _best_sentences(self, cosines: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """The cosine of the question with the nearest sentence of each passage; 0 in a course of many sentences (see `_complete`)."""
        if cosines is None:
            return np.zeros(len(self.index.passages), np.float32)
        return np.asarray(np.maximum.reduceat(cosines, self.index.rows.first_sentence[:-1]), np.float32)

    def _named(self, text: str, mentions: tuple[Mention, ...]) -> dict[str, float]:
        """What each mention brings its targets: the weight of the name, less where the question says much else."""
        heading = self.index.lexical["heading"]
        whole = sum(heading.idf(word) for word in set(tokens(text))) or 1.0
        brought: dict[str, float] = {}
        for mention in mentions:
            share = sum(heading.idf(word) for word in set(tokens(mention.name))) / whole
            value = self.names.full_weight(mention) * min(1.0, share / _NAME_SHARE)
            for target in mention.targets:
                brought[target] = max(brought.get(target, 0.0), value)
        return brought

    def _dense(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosine with every passage; above `_ALL_UP_TO` passages, with the nearest alone (0 for the others, see `_complete`)."""
        count = len(self.index.passages)
        if count <= _ALL_UP_TO:
            return self.index.dense.cosines(vector)
        scores, rows = self.index.dense.search(vector, _CANDIDATES)
        result = np.zeros(count, np.float32)
        result[rows[rows >= 0]] = scores[rows >= 0]
        return result

    def _candidates(self, signals: Mapping[str, NDArray[np.float32]]) -> NDArray[np.int64]:
        count = len(self.index.passages)
        if count <= _ALL_UP_TO:
            return np.arange(count)
        tops = [np.argpartition(-values, _CANDIDATES)[:_CANDIDATES] for values in signals.values() if values.any()]
        return np.unique(np.concatenate(tops))

    def _complete(
        self,
        signals: Mapping[str, NDArray[np.float32]],
        vector: NDArray[np.float32],
        rows: NDArray[np.int64],
        sentences: NDArray[np.float32] | None,
    ) -> None:
        """Give the candidates the signals that a long course's passages do not all have: one found by its words has a meaning, too."""
        if not len(rows):
            return
        if len(self.index.passages) > _ALL_UP_TO:
            signals["dense"][rows] = self.index.dense.cosines(vector, rows)
        if sentences is None:
            first = self.index.rows.first_sentence
            counts = first[rows + 1] - first[rows]
            starts = np.cumsum(counts) - counts
            places = np.repeat(first[rows] - starts, counts) + np.arange(counts.sum())
            cosines = np.asarray(self.index.vectors["sentence"][places], np.float32) @ vector
            signals["sentence"][rows] = np.maximum.reduceat(cosines, starts)

    def _overlap(self, text: str, others: float) -> NDArray[np.float32]:
        """How much of a name of each section, or of its unit, stands in a question."""
        result = np.zeros(len(self.index.rows.sections), np.float32)
        if len(self._section_about):
            result[self._section_about] = np.maximum.reduceat(self.names.overlap(text, others)[self._target_about], self._first_about)
        return result

    def _spread(self, by_target: Mapping[str, float]) -> NDArray[np.float32]:
        """Values of units and sections as values of sections: the highest that any of a section's names brings it."""
        result = np.zeros(len(self.index.rows.sections), np.float32)
        for target, value in by_target.items():
            rows = self._sections_about.get(target)
            if rows is not None:
                result[rows] = np.maximum(result[rows], value)
        return result

    def _symbols(self, text: str, mentions: tuple[Mention, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How fully passages, and the units they stand in, speak of the gene symbols of a question that are nobody's name."""
        body = self.index.lexical["body"]
        passages = np.zeros(body.size, np.float32)
        units = np.zeros(self._unit_count, np.float32)
        for match in _SYMBOL.finditer(text):
            if len(match[0]) < 2 or any(mention.start <= match.start() < mention.end for mention in mentions):  # noqa: PLR2004
                continue
            for word in tokens(match[0]):
                idf = body.idf(word)
                rows = body.texts_with(word)
                if 0 < len(rows) <= max(_COMMON_SYMBOL * body.size, 5):
                    shares = body.scores([word])[rows] / max(idf, 1e-6)
                    passages[rows] = np.maximum(passages[rows], shares)
                    np.add.at(units, self._unit_of_passage[rows], shares)
        return passages, (units / (1 + units))[self._unit_of_passage]


def _sections_above(sections: tuple[str, ...], headings: list[tuple[str, ...]], units: list[str]) -> dict[str, frozenset[str]]:
    """The sections that each section stands below: those of its unit whose headings its own begin with."""
    by_path = {(unit, path): section for section, path, unit in zip(sections, headings, units, strict=True)}
    return {
        section: frozenset(by_path[unit, path[:n]] for n in range(2, len(path)) if (unit, path[:n]) in by_path)
        for section, path, unit in zip(sections, headings, units, strict=True)
    }


def _masked(text: str, mentions: tuple[Mention, ...]) -> str:
    """The question with "this condition" in the place of each name, so that only its shape is left."""
    for mention in reversed(mentions):
        text = f"{text[: mention.start]}{TOPICS[0]}{text[mention.end :]}"
    return text
