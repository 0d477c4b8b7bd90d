"""Unit vectors and the nearest of them by inner product, which for unit vectors is the cosine.

>>> index = DenseIndex.build(np.eye(3, dtype=np.float32))
>>> index.search(np.array([0, 1, 0], np.float32), 1)
(array([1.], dtype=float32), array([1]))

The only module that knows FAISS. Knows nothing of texts, and nothing of what its rows stand for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLAT_UP_TO = 100_000
"""Vectors up to this number are all compared (384 dimensions: 10 ms a question at 100,000, 0.3 ms at a course's 2,000), which
never misses one. Above it a graph (HNSW) finds the nearest without looking at all, and now and then misses one."""

_LINKS = 32
_LINK_SEARCH = 80
_QUERY_SEARCH = 128
"""HNSW: links a vector has, and how many candidates are kept while linking and while searching. FAISS' advice for recall above 0.95."""


class DenseUnreadableError(Exception):
    """The bytes are no index of vectors."""


class DenseIndex:
    """Vectors that can be searched; row n is the nth vector given to `build`."""

    def __init__(self, index: Any) -> None:
        """Take a FAISS index; use `build` or `from_bytes`."""
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32], flat_up_to: int = FLAT_UP_TO) -> DenseIndex:
        """The index of `vectors`, shape (n, d), unit rows. Above `flat_up_to` rows it is an HNSW graph."""
        faiss = _faiss()
        count, dimension = vectors.shape
        if count <= flat_up_to:
            index = faiss.IndexFlatIP(dimension)
        else:
            index = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _LINK_SEARCH
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    @property
    def exact(self) -> bool:
        """Whether a search compares every vector."""
        return not hasattr(self._index, "hnsw")

    @property
    def vectors(self) -> NDArray[np.float32]:
        """All vectors in row order, shape (n, d); a copy."""
        rows: NDArray[np.float32] = self._index.reconstruct_n(0, len(self))
        return rows

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The `k` nearest rows to a vector (d,): scores (-1 to 1, higher is nearer), best first, and their rows.

        For several vectors (n, d), both are of shape (n, k). There are fewer than `k` where the index holds fewer.
        A row of -1 (HNSW alone, hardly ever) is a vector that the graph did not find.
        """
        many = np.atleast_2d(np.ascontiguousarray(vector, np.float32))
        k = min(k, len(self))
        if k <= 0:
            scores, rows = np.zeros((len(many), 0), np.float32), np.zeros((len(many), 0), np.int64)
        elif self.exact:
            scores, rows = self._index.search(many, k)
        else:
            effort = _faiss().SearchParametersHNSW(efSearch=max(_QUERY_SEARCH, k))
            scores, rows = self._index.search(many, k, params=effort)
        return (scores[0], rows[0]) if vector.ndim == 1 else (scores, rows)

    def to_bytes(self) -> bytes:
        """The index as FAISS writes it; the same vectors give the same bytes."""
        return bytes(_faiss().serialize_index(self._index).tobytes())

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> DenseIndex:
        """The index that `to_bytes` gave. Raises DenseUnreadableError.

        FAISS trusts what it reads, so bytes from a disk are checked against their digest first (`index.store`).
        """
        faiss = _faiss()
        try:
            index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
            whole = index.metric_type == faiss.METRIC_INNER_PRODUCT and index.ntotal >= 0
        except Exception as error:  # FAISS raises RuntimeError, and AttributeError where it returns nothing
            message = "These bytes are no index of vectors; build it again with “genomics-tutor index build”."
            raise DenseUnreadableError(message) from error
        if not whole:
            message = "This index of vectors is not one of ours; build it again with “genomics-tutor index build”."
            raise DenseUnreadableError(message)
        return cls(index)


def _faiss() -> Any:
    import faiss  # noqa: PLC0415  # 0.3 s that commands without search do not pay

    # One question is answered by one thread: many are asked at a time, and 2,000 rows are not worth waking a second one.
    faiss.omp_set_num_threads(1)
    return faiss
