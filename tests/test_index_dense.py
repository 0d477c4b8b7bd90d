"""Vectors: the nearest are found, and an index reads back as it was written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseIndex, DenseUnreadableError


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


def test_a_large_index_is_a_graph_that_finds_nearly_all() -> None:
    """HNSW above the bound; the bound is lowered here so that the test is quick."""
    vectors = _unit_rows(2000)
    graph, flat = DenseIndex.build(vectors, flat_up_to=100), DenseIndex.build(vectors)
    assert flat.exact
    assert not graph.exact
    found = [len(set(graph.search(row, 10)[1]) & set(flat.search(row, 10)[1])) for row in vectors[:100]]
    assert sum(found) / 1000 > 0.95
    np.testing.assert_array_equal(DenseIndex.from_bytes(graph.to_bytes()).search(vectors[5], 9)[1], graph.search(vectors[5], 9)[1])


@given(st.integers(0, 40), st.integers(0, 5))
@settings(max_examples=20)
def test_an_index_reads_back_as_it_was_written(count: int, seed: int) -> None:
    """Vectors bit for bit, and the same bytes again."""
    vectors = _unit_rows(count, seed=seed)
    index = DenseIndex.build(vectors)
    again = DenseIndex.from_bytes(index.to_bytes())
    np.testing.assert_array_equal(again.vectors, vectors)
    assert again.to_bytes() == index.to_bytes()
    assert (len(again), again.dimension) == (count, 16)


@pytest.mark.parametrize("data", [b"", b"nonsense", DenseIndex.build(_unit_rows(9)).to_bytes()[:200]])
def test_other_bytes_are_refused(data: bytes) -> None:
    """With an error that says what to run."""
    with pytest.raises(DenseUnreadableError, match="index build"):
        DenseIndex.from_bytes(data)
