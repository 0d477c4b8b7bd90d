"""Unit vectors and the nearest of them by inner product, which for unit vectors is the cosine.

>>> index = DenseIndex.build(np.eye(3, dtype=np.float32))
>>> index.search(np.array([0, 1, 0], np.float32), 1)
(array([1.], dtype=float32), array([1]))

The only module that knows FAISS. Knows nothing of texts, and nothing of what its rows stand for.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["flat", "cells"]
"""How the nearest are found: by comparing all, or those in some of the cells that the vectors are sorted into (IVF), where each is kept in
8 bits a number (SQ8)."""

FLAT_UP_TO = 100_000
"""Vectors up to this number are all compared, which never misses one: 15 ms of processor time a question and 147 MB at 100,000, 0.2 ms and 3 MB
at a course's 2,000. Above it, cells take an eighth of the time and a quarter of the memory. From "How cost grows" in tests/bench/README.md, as are
the figures below."""

_CELLS = 2.0
_LEARNT_FROM = 64
_CELLS_LOOKED_INTO = 128
"""Cells: so many times the square root of the number of vectors, learnt from so many vectors a cell; a search looks into so many of them, which
finds 0.97 of the ten nearest at 100,000 vectors (2 ms) and 0.96 at a million (5 ms). Half as many find 0.94."""


class DenseUnreadableError(Exception):
    """The bytes are no index of vectors."""


class DenseIndex:
    """Vectors that can be searched; row n is the nth vector given to `build`."""

    def __init__(self, index: Any) -> None:
        """Take a FAISS index; use `build` or `from_bytes`."""
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32], kind: Kind | None = None) -> DenseIndex:
        """The index of `vectors`, shape (n, d), unit rows, of the given kind or else of that which suits their number."""
        faiss = _faiss()
        count, dimension = vectors.shape
        rows = np.ascontiguousarray(vectors, np.float32)
        match kind or kind_for(count):
            case "flat":
                index = faiss.IndexFlatIP(dimension)
            case "cells":
                cells, bits = max(int(_CELLS * math.sqrt(count)), 1), faiss.ScalarQuantizer.QT_8bit
                index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimension), dimension, cells, bits, faiss.METRIC_INNER_PRODUCT)
                index.cp.max_points_per_centroid = _LEARNT_FROM
                index.train(rows)
                index.make_direct_map()  # where each row is, for `cosines`
        index.add(rows)
        return cls(index)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    @property
    def kind(self) -> Kind:
        """How the nearest are found."""
        return "cells" if hasattr(self._index, "nprobe") else "flat"

    def search(self, vector: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The `k` nearest rows to a vector (d,): scores (-1 to 1, higher is nearer), best first, and their rows.

        For several vectors (n, d), both are of shape (n, k). There are fewer than `k` where the index holds fewer.
        A row of -1 (never of a flat index) is one that was not found.
        """
        many = np.atleast_2d(np.ascontiguousarray(vector, np.float32))
        k = min(k, len(self))
        if k <= 0:
            scores, rows = np.zeros((len(many), 0), np.float32), np.zeros((len(many), 0), np.int64)
        else:
            effort = _faiss().SearchParametersIVF(nprobe=_CELLS_LOOKED_INTO) if self.kind == "cells" else None
            scores, rows = self._index.search(many, k, params=effort)
        return (scores[0], rows[0]) if vector.ndim == 1 else (scores, rows)

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.integer] | None = None) -> NDArray[np.float32]:
        """The score of each of `rows`, in their order, or of every row, against a vector (d,): -1 to 1, higher is nearer; near or not."""
        faiss = _faiss()
        if self.kind == "cells":
            wanted = np.arange(len(self)) if rows is None else np.asarray(rows, np.int64)
            found = self._index.reconstruct_batch(wanted)
        else:
            found = faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self.dimension).reshape(len(self), self.dimension)
            found = found if rows is None else found[rows]
        return np.asarray(found @ np.asarray(vector, np.float32), np.float32)

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
            ours = isinstance(index, faiss.IndexFlat | faiss.IndexIVFScalarQuantizer) and index.metric_type == faiss.METRIC_INNER_PRODUCT
        except Exception as error:  # FAISS raises RuntimeError, and AttributeError where it returns nothing
            message = "These bytes are no index of vectors; build it again with “genomics-tutor index build”."
            raise DenseUnreadableError(message) from error
        if not ours:
            message = "This index of vectors is not one of ours; build it again with “genomics-tutor index build”."
            raise DenseUnreadableError(message)
        return cls(index)


def kind_for(count: int) -> Kind:
    """The kind of index that suits a number of vectors."""
    return "flat" if count <= FLAT_UP_TO else "cells"


def _faiss() -> Any:
    # It tells, line by line, which of its builds it has looked for in vain: nothing that whoever runs the program should read.
    logging.getLogger("faiss.loader").setLevel(logging.WARNING)
    import faiss  # noqa: PLC0415  # 0.3 s that commands without search do not pay

    # One question is answered by one thread: many are asked at a time, and 2,000 rows are not worth waking a second one.
    faiss.omp_set_num_threads(1)
    return faiss
