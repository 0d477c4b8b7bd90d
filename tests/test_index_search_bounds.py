"""A long course is searched among candidates, and finds what a search of everything finds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np

from index import search
from index.search import Query, Searcher

if TYPE_CHECKING:
    from assistant import Assistant

QUESTIONS = (
    "What is the risk to a child of two carriers of cystic fibrosis?",
    "How is Lynch syndrome diagnosed?",
    "false positive rate of NIPT",
    "who should be offered carrier screening",
)


def test_candidates_are_scored_as_they_are_among_all(assistant: Assistant) -> None:
    """The bounds are lowered so far that only some of the passages are candidates; each has every signal that it would have."""
    searcher = assistant.searcher
    index = replace(searcher.index, cosines={"question": searcher.index.cosines["question"]})  # as of too many sentences to compare all
    long = Searcher(index, assistant.course, assistant.encoder)
    count = len(searcher.index.passages)
    for question in QUESTIONS:
        every = {hit.row: hit for hit in searcher.search(Query(question), count).hits}
        with patch.object(search, "_ALL_UP_TO", 0), patch.object(search, "_CANDIDATES", 20):
            some = long.search(Query(question), count).hits
        assert len(some) < len(every) == count
        assert some[0].row == next(iter(every))
        for hit in some:
            np.testing.assert_allclose(list(hit.signals.values()), list(every[hit.row].signals.values()), atol=4e-3)


def test_an_index_of_cells_is_searched_as_one_that_compares_all(assistant: Assistant) -> None:
    """What 8 bits a number lose does not change what is found first."""
    index = assistant.searcher.index
    rows = index.dense.search(np.eye(index.dense.dimension, dtype=np.float32)[0], 5)[1]
    vectors = np.stack([index.dense.cosines(axis) for axis in np.eye(index.dense.dimension, dtype=np.float32)], axis=1)
    cells = type(index.dense).build(vectors, "cells")
    assert set(cells.search(np.eye(index.dense.dimension, dtype=np.float32)[0], 5)[1]) & set(rows)
    long = Searcher(replace(index, dense=cells), assistant.course, assistant.encoder)
    for question in QUESTIONS:
        with patch.object(search, "_ALL_UP_TO", 0), patch.object(search, "_CANDIDATES", 20):
            found = long.search(Query(question), 5).hits
        scores = {hit.row: hit.score for hit in assistant.searcher.search(Query(question), 5).hits}
        assert scores[found[0].row] >= max(scores.values()) - 0.05
