"""Vectors: the nearest are found, and an index reads back as it was written."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args
from unittest.mock import patch

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import dense
from index.dense import FLAT_UP_TO, DenseIndex, DenseUnreadableError, Kind, kind_for


def _unit_rows(count: int, dimension: int = 16, seed: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows: np.ndarray[tuple[int, int], np.dtype[np.float32]] = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def test_the_nearest_rows_come_best_first_with_their_cosines() -> None:
    """A vector is nearest to itself."""
    vectors = _unit_rows(50)
    scores, rows = DenseIndex.build(vectors).search(vectors[7], 5)
    assert rows[0] == 7
    assert scores[0] == pytest.approx(1)
    np.testing.assert_allclose(scores, np.sort(vectors @ vectors[7])[::-1][:5], atol=1e-6)


def test_many_vectors_are_searched_at_once() -> None:
    """A row of results for each."""
    vectors = _unit_rows(20)
    scores, rows = DenseIndex.build(vectors).search(vectors[:3], 4)
    assert scores.shape == rows.shape == (3, 4)
    assert rows[:, 0].tolist() == [0, 1, 2]


@pytest.mark.parametrize(("count", "asked", "given_back"), [(0, 5, 0), (3, 5, 3), (3, 0, 0)])
def test_no_more_rows_are_given_than_there_are(count: int, asked: int, given_back: int) -> None:
    """An empty course, a short one, and a question for nothing."""
    scores, rows = DenseIndex.build(_unit_rows(count)).search(_unit_rows(1)[0], asked)
    assert len(scores) == len(rows) == given_back


@pytest.mark.parametrize(("count", "kind"), [(2, "flat"), (FLAT_UP_TO, "flat"), (FLAT_UP_TO + 1, "cells")])
def test_the_number_of_vectors_decides_the_kind(count: int, kind: str) -> None:
    """All are compared up to the bound."""
    assert kind_for(count) == kind


def test_an_index_of_cells_finds_nearly_all() -> None:
    """In 8 bits a number, a quarter of the room; the kind is given here so that the test is quick. Fewer cells are looked into than there are."""
    vectors = _unit_rows(5000)
    cells, flat = DenseIndex.build(vectors, "cells"), DenseIndex.build(vectors)
    assert (cells.kind, flat.kind) == ("cells", "flat")
    with patch.object(dense, "_CELLS_LOOKED_INTO", 64):
        found = [len(set(cells.search(row, 10)[1]) & set(flat.search(row, 10)[1])) for row in vectors[:100]]
    assert 900 < sum(found) <= 1000
    assert len(cells.to_bytes()) < 0.6 * len(flat.to_bytes()), "with only 16 numbers a vector, where each is stands out"
    again = DenseIndex.from_bytes(cells.to_bytes())
    assert again.kind == "cells"
    assert again.to_bytes() == cells.to_bytes() == DenseIndex.build(vectors, "cells").to_bytes()
    np.testing.assert_array_equal(again.search(vectors[5], 9)[1], cells.search(vectors[5], 9)[1])


def test_rows_that_were_not_found_are_minus_one() -> None:
    """Where more are asked for than the cells hold that are looked into."""
    vectors = _unit_rows(5000)
    with patch.object(dense, "_CELLS_LOOKED_INTO", 1):
        _, rows = DenseIndex.build(vectors, "cells").search(vectors[0], 5000)
    assert rows[0] == 0
    assert rows[-1] == -1


@given(st.integers(0, 40), st.integers(0, 5))
@settings(max_examples=20)
def test_an_index_reads_back_as_it_was_written(count: int, seed: int) -> None:
    """Vectors bit for bit, and the same bytes again."""
    vectors = _unit_rows(count, seed=seed)
    index = DenseIndex.build(vectors)
    again = DenseIndex.from_bytes(index.to_bytes())
    for one, other in zip(again.search(_unit_rows(1, seed=99)[0], 40), index.search(_unit_rows(1, seed=99)[0], 40), strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.to_bytes() == index.to_bytes()
    assert (len(again), again.dimension) == (count, 16)


@pytest.mark.parametrize("data", [b"", b"nonsense", DenseIndex.build(_unit_rows(9)).to_bytes()[:200]])
def test_other_bytes_are_refused(data: bytes) -> None:
    """With an error that says what to run."""
    with pytest.raises(DenseUnreadableError, match="index build"):
        DenseIndex.from_bytes(data)


def test_an_index_of_another_kind_is_refused() -> None:
    """It would be searched with settings that are not its own."""
    graph = faiss.IndexHNSWFlat(16, 8, faiss.METRIC_INNER_PRODUCT)
    graph.add(_unit_rows(20))
    with pytest.raises(DenseUnreadableError, match="not one of ours"):
        DenseIndex.from_bytes(faiss.serialize_index(graph).tobytes())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_cosine_of_any_row_can_be_asked_for(kind: Kind) -> None:
    """Near or not; in cells, as nearly as 8 bits say."""
    vectors = _unit_rows(400)
    index = DenseIndex.from_bytes(DenseIndex.build(vectors, kind).to_bytes())
    np.testing.assert_allclose(index.cosines(vectors[3]), vectors @ vectors[3], atol=0.02)
    rows = np.array([7, 399, 3])
    np.testing.assert_allclose(index.cosines(vectors[3], rows), (vectors @ vectors[3])[rows], atol=0.02)
    assert DenseIndex.build(_unit_rows(0)).cosines(vectors[3]).shape == (0,)


def test_nothing_is_logged_of_how_it_is_loaded() -> None:
    """Where log lines are written already, as while a server opens its index."""
    program = (
        "import logging; logging.basicConfig(level=logging.INFO); import numpy as np; from index.dense import DenseIndex; "
        "print(len(DenseIndex.build(np.eye(2, dtype=np.float32))))"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("2\n", "")
