"""How near vectors lie to each other and to questions: what decides how hard it is to find the nearest without looking at all.

Knows nothing of where the vectors come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from growth_cost import recall
from growth_kinds import built

if TYPE_CHECKING:
    from growth_cost import Figures
    from numpy.typing import NDArray

_NEIGHBOURS = 20
_SHARES = (5, 50, 95)


def likeness_of(rows: NDArray[np.float32], questions: NDArray[np.float32]) -> Figures:
    """Cosines (5th, 50th and 95th percentile) of each row with its nearest and tenth nearest other, and of questions with theirs.

    Beside them the local dimension of each (`local_dimension`), and the recall@10 of a graph over the rows.
    """
    flat = built("flat", rows)
    among = flat.search(rows[:: max(len(rows) // 2000, 1)], _NEIGHBOURS + 1)[0][:, 1:]  # the nearest is the row itself
    scores, nearest = flat.search(questions, _NEIGHBOURS)
    found = built("HNSW", rows).search(questions, 10)[1]
    return {
        "rows": len(rows),
        "nearest": np.percentile(among[:, 0], _SHARES).tolist(),
        "tenth": np.percentile(among[:, 9], _SHARES).tolist(),
        "question": np.percentile(scores[:, 0], _SHARES).tolist(),
        "question tenth": np.percentile(scores[:, 9], _SHARES).tolist(),
        "dimension": local_dimension(among),
        "question dimension": local_dimension(scores),
        "recall": recall(found.tolist(), nearest[:, :10].tolist()),
    }


def local_dimension(cosines: NDArray[np.float32]) -> float:
    """In how many directions the neighbours spread, the median over rows of cosines with the nearest, best first, (rows, neighbours).

    Levina and Bickel's estimate from the distances of unit vectors: the more dimensions, the less do near and far neighbours differ, and the
    harder they are to tell apart without looking at all.
    """
    distances = np.sqrt(np.maximum(2 - 2 * cosines, 1e-9))
    return float(np.median(-1 / np.mean(np.log(distances[:, :-1] / distances[:, -1:]), axis=1)))
