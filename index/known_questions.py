"""How near a question is to those that the course is known to answer.

Two wordings of one question are nearer to each other than either is to its answer, so each known question is a way in to the
section, and the sentence, that answers it. Knows nothing of passages or scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.fields import known_questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corpus import Course

_ALIKE_FROM = 0.6
"""The cosine from which two questions are taken to be alike: MiniLM gives two wordings of one question about 0.7 and more."""


class KnownQuestions:
    """The known questions of a course with their vectors."""

    def __init__(self, course: Course, sections: Sequence[str], vectors: NDArray[np.floating]) -> None:
        """`vectors` (questions, dimension) are those of `known_questions(course)`; `sections` are the ids of the index's sections."""
        row_of = {section: row for row, section in enumerate(sections)}
        known = known_questions(course)
        kept = [at for at, one in enumerate(known) if one.section in row_of] if len(known) == len(vectors) else []
        self._vectors = np.asarray(vectors, np.float32)[kept]
        self._rows = np.array([row_of[known[at].section] for at in kept], np.int64)
        self._sentences = [known[at].sentence for at in kept]
        self._count = len(sections)

    def near(self, vector: NDArray[np.float32]) -> tuple[NDArray[np.float32], Mapping[str, float]]:
        """How near a question is to the known questions of each section, shape (sections,), and of each sentence (by id; 0 if absent).

        From 0 to 1, which the same question reaches; higher is nearer.
        """
        sections = np.zeros(self._count, np.float32)
        sentences: dict[str, float] = {}
        if len(self._rows):
            near = (self._vectors @ vector - _ALIKE_FROM) / (1 - _ALIKE_FROM)
            np.maximum.at(sections, self._rows, near)
            for at in np.flatnonzero(near > 0):
                if sentence := self._sentences[at]:
                    sentences[sentence] = max(sentences.get(sentence, 0.0), float(near[at]))
        return sections, sentences
