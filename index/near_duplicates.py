"""Passages of different units that say the same thing in nearly the same words, which one unit should say and the other link to.

Only passages that share many words are encoded: two that share few never come near a cosine of 0.95, and encoding a whole
course takes a minute. Knows nothing of what else a course is checked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from corpus import passages_of
from index.encoder import chosen_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from corpus import Passage
    from corpus.course_text import CourseText
    from corpus.faults import Fault
    from index.encoder import Encoder

NEAR = 0.95
"""Two passages are near duplicates from this cosine on (-1 to 1, higher is nearer)."""

SHARED_WORDS = 0.45
"""Passages are encoded if the cosine of their sets of words is at least this: so had all ten pairs of our course with a cosine of 0.9."""

FEWEST_WORDS = 12
"""A shorter passage is a definition or a caption, which two units may well share."""

_BUCKETS = 4096


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two passages, the first in teaching order first, and the cosine of their texts (-1 to 1, higher is nearer)."""

    first: Passage
    second: Passage
    cosine: float


def near_duplicates(passages: Sequence[Passage], encoder: Encoder, near: float = NEAR) -> list[NearDuplicate]:
    """Pairs of passages of different units whose texts have at least the cosine `near`, nearest first."""
    long_enough = [passage for passage in passages if len(passage.text.split()) >= FEWEST_WORDS]
    pairs = [(a, b) for a, b in _pairs_with_shared_words(long_enough) if long_enough[a].unit != long_enough[b].unit]
    rows = {row: place for place, row in enumerate(sorted({row for pair in pairs for row in pair}))}
    vectors = encoder.encode([long_enough[row].text for row in rows])
    found = [NearDuplicate(long_enough[a], long_enough[b], float(vectors[rows[a]] @ vectors[rows[b]])) for a, b in pairs]
    return sorted((pair for pair in found if pair.cosine >= near), key=lambda pair: -pair.cosine)


def check_near_duplicates(text: CourseText, encoder: Callable[[], Encoder] = chosen_encoder) -> Iterator[Fault]:
    """A check for `course check`: a warning for each near duplicate, on the line of the later passage."""
    written = {part.unit.id: part for part in text.units}
    for pair in near_duplicates(passages_of(text.course), encoder()):
        here, there = written[pair.second.unit], written[pair.first.unit]
        yield here.fault(
            here.line(pair.second.sentences[0]),
            f"the passage “{pair.second.text[:50]}…” says what {there.path}:{there.line(pair.first.sentences[0])} says (cosine {pair.cosine:.2f}).",
            "Say it in one unit and link to it from the other.",
            "warning",
        )


def _pairs_with_shared_words(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    words: NDArray[np.float32] = np.zeros((len(passages), _BUCKETS), np.float32)
    for row, passage in enumerate(passages):
        for word in set(re.findall(r"[^\W_]+", passage.text.casefold())):
            words[row, crc32(word.encode()) % _BUCKETS] = 1
    words /= np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1)
    firsts, seconds = np.nonzero(np.triu(words @ words.T, 1) >= SHARED_WORDS)
    return list(zip(firsts.tolist(), seconds.tolist(), strict=True))
