"""A model answer as key points, and what may be thought of each when a trainee's own answer is held against it.

Knows nothing of how answers are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.sentences import sentence_spans

SHORTEST = 3
"""Fewer words than this are no point of their own."""

_JOINT = re.compile(
    r";\s+|:\s+(?=\w+ \w+ \w+)|,\s+(?=(?:because|so|but|whereas|while|which|although|since)\b)"
    r"|,\s+(?=and\s+(?:\S+\s+){0,4}(?:is|are|was|were|has|have|can|may|must|should|needs?|will|causes?|explains?|removes?|leads?)\b)"
)


@dataclass(frozen=True, slots=True)
class NumberMissing:
    """A number of the point that the answer does not give, as the course writes it."""

    number: str


@dataclass(frozen=True, slots=True)
class NameMissing:
    """Genes, variants, codes or tests of the point, none of which the answer names."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradicted:
    """The answer says the opposite: the word of the course, and the word of the answer (either may be empty for a plain "not")."""

    course: str
    answer: str


@dataclass(frozen=True, slots=True)
class NotSaid:
    """Nothing in the answer comes near the point."""


Reason = NumberMissing | NameMissing | Contradicted | NotSaid


@dataclass(frozen=True, slots=True)
class Found:
    """A point that the answer holds, and the words of the answer that hold it (all of it, where no clause does alone)."""

    point: str
    said: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A point that the answer does not hold, and why it is thought so."""

    point: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A point without number or term to look for, in an answer whose sentences cannot be compared."""

    point: str


Judged = Found | Missed | NotCompared


@dataclass(frozen=True, slots=True)
class Comparison:
    """The points of a model answer in its order. By "terms" where the answer is in Chinese: the encoder reads English."""

    points: tuple[Judged, ...]
    by: Literal["sentences", "terms"]


def key_points(answer: str) -> tuple[str, ...]:
    """The clauses of a model answer that can be right or wrong by themselves, in order, word for word; none for an empty text."""
    points: list[str] = []
    for start, end in sentence_spans(answer):
        at = start
        for joint in [*_JOINT.finditer(answer, start, end), None]:
            stop = joint.start() if joint else end
            if len(answer[at:stop].split()) >= SHORTEST or joint is None:  # a word or two ("No; ...") stays with what follows
                points.append(answer[at:stop])
                at = joint.end() if joint else end
    return tuple(points)
