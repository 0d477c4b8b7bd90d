"""How near a question is to those that the course is known to answer.

Two wordings of one question are nearer to each other than either is to its answer, so each known question is a way in to the
section, and the sentence, that answers it. Two questions that ask the same of different things are near as well ("What is the
inheritance pattern of ...?"), so what tells the question apart must be in the known question or in its section. Knows nothing of scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.fields import known_questions
from index.tokens import token_set

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corpus import Course
    from index.cosines import Cosines

_ALIKE_FROM = 0.6
"""The cosine from which two questions are taken to be alike: MiniLM gives two wordings of one question about 0.7 and more."""

_MOST = 64
"""So many of the nearest are looked at."""

_ALL_LACKING = 0.4
"""The share of a question's words, by rarity, that tell it apart and are lacking, from which another question is no likeness of it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What tells a question apart: names and rare words, by token how rare each is, and which sections (a row each) speak of it.

    `whole` is how rare all words of the question are together.
    """

    words: Mapping[str, tuple[float, NDArray[np.bool_]]]
    whole: float


@dataclass(frozen=True, slots=True)
class Near:
    """How near a question is to the known questions of each section, shape (sections,), and of each sentence (by id; 0 if absent).

    From 0 to 1, which the same question reaches; higher is nearer. `alike` is the highest cosine (0 to 1) of any, whatever tells the two apart.
    """

    sections: NDArray[np.float32]
    sentences: Mapping[str, float]
    alike: float


class KnownQuestions:
    """The known questions of a course with their vectors."""

    def __init__(self, course: Course, sections: Sequence[str], cosines: Cosines | None) -> None:
        """`cosines` are with `known_questions(course)`, None if there are none; `sections` are the ids of the index's sections."""
        row_of = {section: row for row, section in enumerate(sections)}
        known = known_questions(course)
        self._cosines = cosines if cosines is not None and len(known) == len(cosines) else None
        self._known = known
        self._rows = np.array([row_of.get(one.section, -1) for one in known], np.int64)
        self._placed = self._rows >= 0
        self._count = len(sections)

    def near(self, vector: NDArray[np.float32], telling: Telling, within: NDArray[np.bool_] | None = None) -> Near:
        """How near a question is to those that are known; with `within`, shape (sections,), to those that its sections answer."""
        sections = np.zeros(self._count, np.float32)
        sentences: dict[str, float] = {}
        if self._cosines is None:
            return Near(sections, sentences, 0.0)
        meant = self._placed if within is None else self._placed & within[self._rows]
        cosines = np.where(meant, self._cosines.with_(vector), np.float32(0))
        near = (cosines - _ALIKE_FROM) / (1 - _ALIKE_FROM)
        alike = np.flatnonzero(near > 0)
        for at in alike[np.argsort(-near[alike], kind="stable")[:_MOST]].tolist():
            row, known = int(self._rows[at]), self._known[at]
            value = float(near[at]) * _share_kept(telling, row, known.question)
            sections[row] = max(sections[row], value)
            if known.sentence:
                sentences[known.sentence] = max(sentences.get(known.sentence, 0.0), value)
        return Near(sections, sentences, max(0.0, float(cosines.max())))


def _share_kept(telling: Telling, row: int, question: str) -> float:
    """How much of a likeness holds, 0 to 1: less, the more of what tells the question apart is neither in the section nor in the other question."""
    lacking = {word: rarity for word, (rarity, sections) in telling.words.items() if not sections[row]}
    if not lacking:
        return 1.0
    shared = set(token_set(question))
    share = sum(rarity for word, rarity in lacking.items() if word not in shared) / max(telling.whole, 1e-6)
    return max(0.0, 1 - share / _ALL_LACKING)
