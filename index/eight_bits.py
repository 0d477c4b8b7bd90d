"""Matrices in 8 bits, exact enough for search and safe on every processor.

Three things are done to the usual "round each column of the matrix, round the input", each for a reason that was measured
(figures in README.md and tests/bench/encoder_quality.md):

- each row of the input (a token) has its own scale, so a text's vector does not depend on its neighbours;
- channels of the input that run far above the rest are scaled down, and their weights up by as much (`balance`), for a few
  such channels would otherwise take the steps from all others;
- a column of the matrix is scaled so that two weights next to each other never sum to more than 128 (`steps_in_pairs`): a
  processor with AVX2 alone adds two products of an unsigned and a signed byte in 16 bits, and 255 x 128 still fits. The usual
  cure, 7-bit weights, costs every weight a bit for the sake of a few.

Knows nothing of networks or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_STEP = 127
LARGEST_PAIR = 128
"""255 times this is 32,640, within the 32,767 of 16 bits."""

_SHARE_OF_INPUT = 0.65
"""How much of a channel's spread moves from the input to the weights: 0 none, 1 all. 0.5 to 0.65 agree best with 32 bits."""


def steps_in_pairs(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """`weight` (out, in; `in` even) as steps of the same shape and scales (out,): weight = steps * scale, nearly.

    No step is beyond 127, and no two steps of a pair (0 and 1, 2 and 3, ...) sum to more than 128, either way.
    """
    pairs = weight.reshape(len(weight), -1, 2)
    same_sign = np.maximum(np.maximum(pairs, 0).sum(axis=2), np.maximum(-pairs, 0).sum(axis=2))
    largest = np.maximum(np.abs(weight).max(axis=1) / LARGEST_STEP, same_sign.max(axis=1) / (LARGEST_PAIR - 1))  # 1 is left for rounding
    scales = np.maximum(largest, np.finfo(np.float32).tiny).astype(np.float32)
    return np.rint(weight / scales[:, None]).astype(np.int8), scales


def balance(spread: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """What to divide each channel of the input by, shape (in,), and to multiply its weights by: powers of two, so exact.

    `spread` (in,) is the largest magnitude seen in each channel, `weight` (out, in) the matrix it meets.
    """
    tiny = np.float32(1e-4)
    reach = np.abs(weight).max(axis=0)
    wanted = _SHARE_OF_INPUT * np.log2(np.maximum(spread, tiny)) - (1 - _SHARE_OF_INPUT) * np.log2(np.maximum(reach, tiny))
    return cast("NDArray[np.float32]", np.exp2(np.rint(wanted - wanted.mean())).astype(np.float32))


def steps_in_blocks(weight: NDArray[np.float32], block: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """`weight` (out, in) as steps (out, in / block, block) around 128 and scales (out * in / block,), a scale a block."""
    blocks = weight.reshape(len(weight), -1, block)
    scales = np.maximum(np.abs(blocks).max(axis=2) / LARGEST_STEP, np.finfo(np.float32).tiny).astype(np.float32)
    return (np.rint(blocks / scales[:, :, None]) + 128).astype(np.uint8), scales.reshape(-1)


def steps_of_rows(table: NDArray[np.float32], largest: int = LARGEST_STEP) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """`table` (rows, columns) as steps of the same shape, at most `largest`, and scales (rows,), a scale a row."""
    scales = np.maximum(np.abs(table).max(axis=1) / largest, np.finfo(np.float32).tiny).astype(np.float32)
    return np.rint(table / scales[:, None]).clip(-largest, largest).astype(np.int8), scales
