"""Stand-ins for the slow and the heavy, and passages made of a few words."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from corpus import Passage, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class FakeEncoder:
    """An encoder that counts words: texts that share words are near, and the same text always gets the same vector.

    `encoded` lists every text that it was asked for.
    """

    def __init__(self, dimension: int = 32, digest: str = "fake") -> None:
        """An encoder of vectors of length `dimension`."""
        self._dimension = dimension
        self._digest = digest
        self.encoded: list[str] = []

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._dimension

    @property
    def digest(self) -> str:
        """Whatever it was made with."""
        return self._digest

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of `texts`, shape (len(texts), dimension), unit rows."""
        self.encoded += texts
        vectors: NDArray[np.float32] = np.zeros((len(texts), self._dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in ["", *re.findall(r"\w+", text.casefold())]:
                number = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=4).digest(), "big")
                vector[number % self._dimension] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def a_passage(unit: str, anchor: str, number: int, *sentences: str, headings: tuple[str, ...] = ()) -> Passage:
    """A passage of section `unit#anchor` with `sentences`."""
    passage = f"{unit}#{anchor}/{number}"
    return Passage(
        id=passage,
        unit=unit,
        file=f"{unit}.md",
        anchor=anchor,
        module=unit.partition(".")[0],
        headings=headings or (f"Unit {unit}", anchor.replace("-", " ")),
        sentences=tuple(Sentence(f"{passage}.{place}", text) for place, text in enumerate(sentences, 1)),
    )


PASSAGES = (
    a_passage("1.1", "dominant", 1, "Huntington disease is dominant.", "Each child has a risk of 50%."),
    a_passage("1.1", "dominant", 2, "Penetrance is complete by the age of 80."),
    a_passage("1.1", "recessive", 1, "Cystic fibrosis is recessive.", "Carriers are well.", "c.1521_1523del is common."),
    a_passage("2.3", "thalassaemia", 1, "β-thalassaemia is common in Guangdong."),
)
"""A course of three sections."""

EDITED = (*PASSAGES[:3], a_passage("2.3", "thalassaemia", 1, "β-thalassaemia is common in southern China."))
"""The same after an edit of its last sentence."""
