"""Whether the course covers a question: signals of the search, weighed to a calibrated chance.

Knows nothing of how an answer is composed.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.english import english_words
from index.tokens import tokens, word_token

if TYPE_CHECKING:
    from assistant.question import Reading
    from index.search import Found, Searcher

_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells a question that the course covers from one that it does not. Each is about 0 to 1 unless it says otherwise."""

    dense: float
    """Best cosine of question and passage; higher is nearer."""
    sentence: float
    """Best cosine of question and sentence; higher is nearer."""
    lexical: float
    """Best share of the question's words, by weight, in one passage; higher is better."""
    found: float
    """Share of the question's words, by rarity, that stand in the best section with its headings; higher is better."""
    rarest: float
    """The same for the two rarest words alone; higher is better."""
    unknown: float
    """Share of the question's words, by rarity, that the course does not use at all; lower is better."""
    named: float
    """Weight of the rarest name in the question that the course treats (0 to about 3); higher is better."""
    named_found: float
    """Whether the best section is about that name (1), or the question names nothing (0.5); higher is better."""
    overlap: float
    """Best share of a name in the question; higher is better."""
    outside: float
    """Rarest word outside the names found, as a share of the highest rarity; lower is better."""
    margin: float
    """Score of the best section above the tenth; higher is clearer."""
    agreement: float
    """Whether meaning and words agree on the best unit; higher is better."""
    slips: float
    """Words that were repaired or characters not understood; lower is better."""
    words: float
    """How many content words the question has, as a share of ten."""

    def values(self) -> list[float]:
        """The signals in their order."""
        return list(asdict(self).values())


def signals(found: Found, searcher: Searcher, reading: Reading) -> Signals:
    """The signals for a question, from what was found for it."""
    body = searcher.index.lexical["body"]
    if not found.hits:
        return Signals(*[0.0] * 14)
    highest = body.idf("\0")
    weights = {word: body.idf(word) for word in found.words}
    whole = max(sum(weights.values()), 1e-6)
    best = found.hits[0]
    section = [hit for hit in found.hits if hit.passage.section == best.passage.section]
    held = {word for hit in section for word in tokens(f"{' '.join(hit.passage.headings)} {hit.passage.text}")}
    held |= searcher.name_tokens(best.passage)
    rare = sorted(weights, key=lambda word: -weights[word])[:2]
    known = [word for word in found.words if len(body.texts_with(word)) or word in searcher.name_vocabulary]
    heaviest = max(found.mentions, key=lambda mention: mention.weight, default=None)
    outside = _outside(found, reading.text)
    dense_best = max(found.hits, key=lambda hit: hit.signals["dense"]).passage.unit
    lexical_best = max(found.hits, key=lambda hit: hit.signals["lexical"]).passage.unit
    return Signals(
        dense=max(hit.signals["dense"] for hit in found.hits),
        sentence=max(
            (float(np.max(values)) for hit in found.hits[:3] if len(values := searcher.sentence_vectors(hit.row) @ found.vector)),
            default=0.0,
        ),
        lexical=max(hit.signals["lexical"] for hit in found.hits),
        found=sum(weight for word, weight in weights.items() if word in held) / whole,
        rarest=sum(weights[word] for word in rare if word in held) / max(sum(weights[word] for word in rare), 1e-6),
        unknown=sum(weight for word, weight in weights.items() if word not in known) / whole,
        named=searcher.names.full_weight(heaviest) if heaviest else 0.0,
        named_found=0.5 if heaviest is None else float(best.signals["named"] >= searcher.names.full_weight(heaviest) - 1e-6),
        overlap=max(hit.signals["name_overlap"] for hit in found.hits),
        outside=max((body.idf(word) for word in outside), default=0.0) / highest,
        margin=best.score - found.hits[min(9, len(found.hits) - 1)].score,
        agreement=(float(dense_best == best.passage.unit) + float(lexical_best == best.passage.unit)) / 2,
        slips=min(reading.slips, 4) / 4 + reading.unread,
        words=min(len(found.words), 20) / 10,
    )


def _outside(found: Found, text: str) -> list[str]:
    """The tokens of the question's words that stand in no name found and are no everyday English."""
    spans = [(mention.start, mention.end) for mention in found.mentions]
    return [
        word_token(match[0].lower())
        for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for start, end in spans) and match[0].lower() not in english_words()
    ]


@dataclass(frozen=True, slots=True)
class CoverageJudge:
    """Turns signals into a chance. `weights` go with `Signals` in its order."""

    weights: tuple[float, ...]
    bias: float
    covered_from: float = 0.5
    partly_from: float = 0.35

    def chance(self, signals: Signals) -> float:
        """The chance that the course covers the question, 0 to 1."""
        raised = self.bias + sum(weight * value for weight, value in zip(self.weights, signals.values(), strict=True))
        return 1 / (1 + math.exp(-max(min(raised, 30.0), -30.0)))


def shipped_judge() -> CoverageJudge:
    """The judge with a first set of weights, set by hand."""
    weights = (3.0, 2.0, 1.0, 3.0, 1.5, -4.0, 0.5, 0.6, 1.0, -2.5, 0.3, 0.3, -0.5, 0.0)
    return CoverageJudge(weights, -4.6)
