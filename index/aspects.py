"""What a question asks about its topic (frequency? gene? treatment?), and which headings answer that.

The shape of a question is learnt from the examples in `aspects.yaml` by ridge regression over their vectors, with the topic
masked ("how common is this condition"), so that it holds for any topic and any wording near the examples.

Knows nothing of passages or ranking.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from corpus.safe_yaml import read_yaml
from index.tokens import tokens, word_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TOPICS = ("this condition", "this disorder", "this gene")
"""What stands for the topic in the examples; the first also stands for it in a question."""

_RIDGE = 1.0
_TEMPERATURE = 0.1
"""Chosen on the dev questions of the external test set, where every ridge from 0.3 to 3 at this temperature gave nDCG@10 >= 0.989."""

_KIN = {
    "definition": {"features": 0.4},
    "features": {"definition": 0.7},
    "recurrence": {"inheritance": 0.6},
    "inheritance": {"recurrence": 0.2},
    "prognosis": {"definition": 0.3, "features": 0.3},
    "surveillance": {"treatment": 0.5},
    "diagnosis": {"treatment": 0.2, "procedure": 0.2},
    "prenatal": {"diagnosis": 0.3},
    "counselling": {"inheritance": 0.2},
}
"""Where the answer may stand when no section is headed for the aspect itself: a share of its weight."""


@dataclass(frozen=True, slots=True)
class _Aspect:
    name: str
    heading_words: frozenset[str]
    examples: tuple[str, ...]


@lru_cache(maxsize=1)
def _aspects() -> tuple[_Aspect, ...]:
    data = read_yaml(files("index").joinpath("aspects.yaml").read_text(encoding="utf-8"))
    return tuple(
        _Aspect(item["aspect"], frozenset(word_token(word) for word in item["headings"]), tuple(item["examples"])) for item in data
    )


def aspect_names() -> tuple[str, ...]:
    """The aspects, in the order of every vector of aspects."""
    return tuple(aspect.name for aspect in _aspects())


@lru_cache(maxsize=1)
def aspect_words() -> frozenset[str]:
    """The words, as tokens, by which headings and names announce an aspect."""
    return frozenset(word for aspect in _aspects() for word in aspect.heading_words)


def example_questions() -> tuple[str, ...]:
    """The example questions with their topics filled in; their vectors, in this order, are what `Aspects` is made from."""
    return tuple(
        example.replace("{x}", topic).replace("{y}", "that condition")
        for aspect in _aspects()
        for example in aspect.examples
        for topic in TOPICS
    )


class Aspects:
    """Weighs the aspects of a question and of a heading."""

    def __init__(self, example_vectors: NDArray[np.float32]) -> None:
        """Learn from the vectors (examples, dimension) of `example_questions()`."""
        aspects = _aspects()
        labels = [number for number, aspect in enumerate(aspects) for _ in range(len(aspect.examples) * len(TOPICS))]
        wanted = np.eye(len(aspects), dtype=np.float64)[labels] - 1.0 / len(aspects)
        examples = example_vectors.astype(np.float64)
        gram = examples.T @ examples + _RIDGE * np.eye(examples.shape[1])
        self._weights = np.linalg.solve(gram, examples.T @ wanted).astype(np.float32)
        self._kin = np.eye(len(aspects), dtype=np.float32)
        names = aspect_names()
        for name, shares in _KIN.items():
            for other, share in shares.items():
                self._kin[names.index(name), names.index(other)] = share

    def of_question(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """How likely a question with this vector (its topic masked) asks for each aspect: shape (aspects,), sums to 1."""
        raised = vector @ self._weights / _TEMPERATURE
        shares = np.exp(raised - raised.max())
        return np.asarray(shares / shares.sum(), np.float32)

    def wanted(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same with a share for kindred aspects, to be multiplied with those of headings."""
        return np.asarray(self.of_question(vector) @ self._kin, np.float32)


def heading_aspects(heading: str) -> NDArray[np.float32]:
    """The aspects that a heading announces by its words: shape (aspects,), of length 1, or all 0 where it announces none."""
    words = set(tokens(heading)) | set(heading_words(heading))
    found = np.array([bool(words & aspect.heading_words) for aspect in _aspects()], np.float32)
    return found / np.float32(max(float(found.sum()), 1.0) ** 0.5)


def heading_words(heading: str) -> Sequence[str]:
    """The heading's words with the question words that `tokens` leaves out ("what", "how")."""
    return [word_token(word) for word in heading.lower().split() if word.isalpha()]
