"""The cosines of a question with many vectors at once, in 8 bits a number.

Every question is held against each sentence and each known question of the course, which is reading them all from memory: in 8 bits
there is a quarter to read and to keep, in a third of the time. The comparing is onnxruntime's, one multiplication of integers, in the way of the
encoder's own (`index.eight_bits`), so it is exact on every processor. FAISS and numpy took longer (tests/bench/README.md).

Knows nothing of what the vectors stand for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.eight_bits import steps_in_pairs
from index.encoder import onnx_session

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_FLOAT, _UINT8, _INT8 = 1, 2, 3
"""Kinds of numbers, as ONNX counts them."""

_IR_VERSION, _OPSET = 9, 18
_MIDDLE = 128
_LARGEST = 127


class Cosines:
    """Unit vectors that a question's vector is compared with. Safe to use from many threads at once."""

    def __init__(self, file: Path) -> None:
        """Read what `cosines_file` made. Raises an onnxruntime error for any other file."""
        self._session = onnx_session(file)  # by its path: a session made from bytes keeps them

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._session.get_outputs()[0].shape[1])

    def with_(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of a unit vector (d,) with each, shape (n,): -1 to 1, higher is nearer, off by 0.0033 at most among those of the course (0.0007 as a rule)."""
        step = np.float32(max(float(np.abs(vector).max(initial=0.0)), 1e-9) / _LARGEST)
        steps = (np.rint(vector / step) + _MIDDLE).astype(np.uint8)
        (found,) = self._session.run(None, {"question": steps[None]})
        return np.asarray(found[0] * step, np.float32)


def cosines_file(vectors: NDArray[np.floating]) -> bytes:
    """A model of one node that compares with `vectors` (n, d), unit rows, `d` even; n is at least 1."""
    steps, scales = steps_in_pairs(np.asarray(vectors, np.float32))
    count, dimension = steps.shape
    names = ("question", "vectors", "one", "scales", "middle")
    node = (
        b"".join(_field(1, name) for name in names) + _field(2, "cosines") + _field(4, "MatMulIntegerToFloat") + _field(7, "com.microsoft")
    )
    graph = (
        _field(1, node)
        + _field(2, "cosines")
        + _field(5, _array("vectors", _INT8, np.ascontiguousarray(steps.T)))
        + _field(5, _array("one", _FLOAT, np.array(1, np.float32)))
        + _field(5, _array("scales", _FLOAT, scales))
        + _field(5, _array("middle", _UINT8, np.array(_MIDDLE, np.uint8)))
        + _field(11, _value("question", _UINT8, (1, dimension)))
        + _field(12, _value("cosines", _FLOAT, (1, count)))
    )
    operators = _field(8, _field(2, _OPSET)) + _field(8, _field(1, "com.microsoft") + _field(2, 1))
    return _field(1, _IR_VERSION) + _field(7, graph) + operators


def _array(name: str, kind: int, array: NDArray[np.generic]) -> bytes:
    """A TensorProto: dims (1), data_type (2), name (8), raw_data (9)."""
    return b"".join(_field(1, size) for size in array.shape) + _field(2, kind) + _field(8, name) + _field(9, array.tobytes())


def _value(name: str, kind: int, shape: tuple[int, int]) -> bytes:
    """A ValueInfoProto: name (1), type (2) of a tensor (1) with elem_type (1) and shape (2)."""
    dimensions = b"".join(_field(1, _field(1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, dimensions)))


def _field(number: int, value: bytes | str | int) -> bytes:
    """A field as protocol buffers write it: a whole number, or bytes with their length before them.

    onnx itself, which could write this, is needed to export an encoder and is twice the size of all else that serving needs.
    """
    if isinstance(value, int):
        return _whole(number << 3) + _whole(value)
    data = value.encode() if isinstance(value, str) else value
    return _whole(number << 3 | 2) + _whole(len(data)) + data


def _whole(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all bytes but the last have their highest bit set."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _whole(rest) if rest else bytes([low])
