"""The kinds of index over vectors that are compared: the two that the product has, and HNSW, which it had.

Knows nothing of what is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

import numpy as np

from index import dense
from index.dense import DenseIndex, _faiss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

EFFORTS: Mapping[str, tuple[int, ...]] = {"flat": (), "HNSW": (128, 256, 512, 1024), "cells": (32, 64, 128, 256)}
"""What is tried: candidates kept while searching (HNSW), cells looked into. More find more, and take longer."""

_LINKS = 32
_LINK_SEARCH = 80
_QUERY_SEARCH = 128


class Found(Protocol):
    """Vectors that can be searched, as `index.dense` has them."""

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and rows of the `k` nearest."""
        ...

    def to_bytes(self) -> bytes:
        """The index as bytes."""
        ...


class Graph:
    """HNSW over whole vectors: 32 links each, 80 candidates while linking, 128 while searching or as many as are asked for."""

    def __init__(self, index: Any) -> None:
        self._index = index

    def search(self, vector: NDArray[np.float32], k: int, effort: int = _QUERY_SEARCH) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and rows of the `k` nearest; with more effort (candidates kept), more of them."""
        many = np.atleast_2d(vector)
        scores, rows = self._index.search(many, k, params=_faiss().SearchParametersHNSW(efSearch=max(effort, k)))
        return (scores[0], rows[0]) if vector.ndim == 1 else (scores, rows)

    def to_bytes(self) -> bytes:
        """As FAISS writes it."""
        return bytes(_faiss().serialize_index(self._index).tobytes())


def built(kind: str, vectors: NDArray[np.float32]) -> Found:
    """An index of the kind."""
    match kind:
        case "flat" | "cells":
            return DenseIndex.build(vectors, kind)
        case _:
            faiss = _faiss()
            index = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _LINK_SEARCH
            index.add(np.ascontiguousarray(vectors, np.float32))
            return Graph(index)


def opened(kind: str, data: memoryview) -> Found:
    """An index of the kind from its bytes."""
    return Graph(_faiss().deserialize_index(np.frombuffer(data, np.uint8))) if kind == "HNSW" else DenseIndex.from_bytes(data)


def with_effort(index: Found, effort: int, k: int, vector: NDArray[np.float32]) -> NDArray[np.int64]:
    """The rows that a search finds at another effort than ours."""
    if isinstance(index, Graph):
        return index.search(vector, k, effort)[1]
    with patch.object(dense, "_CELLS_LOOKED_INTO", effort):
        return index.search(vector, k)[1]
