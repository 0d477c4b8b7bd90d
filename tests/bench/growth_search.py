"""What a search of a whole index costs, and what its bounds cost and bring.

Knows nothing of how the course was made.
"""

from __future__ import annotations

import gc
import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from growth_cost import asked, memory, recall, spent

from index import chosen_encoder, load_index, search
from index.cosines import Cosines, cosines_file
from index.search import Query, Searcher

if TYPE_CHECKING:
    from growth_cost import Figures


def searched(folder: Path, course_file: Path, questions: list[str]) -> Figures:
    """Open the index in the folder as a start does, and search it as shipped and with either bound of the search moved."""
    gc.disable()  # as the program does while it opens
    course, encoder = pickle.loads(course_file.read_bytes()), chosen_encoder()  # noqa: S301  # written by the piece before
    encoder.encode(questions[-1:])
    bare = memory()
    with spent() as reading:
        index = load_index(folder, encoder.digest, course.digest)
    with spent() as opening:
        searcher = Searcher(index, course, encoder)
    gc.freeze()
    gc.enable()
    found, _ = asked(lambda text: searcher.search(Query(text)), questions)
    figures = {"few": found, "load": reading.processor, "open": opening.processor, "memory": memory() - bare}
    figures["parts"] = {"encoding": asked(lambda text: encoder.encode([text]), questions)[0]}
    figures["bounds"] = bounds_moved(searcher, [Query(text) for text in questions])
    return figures


def bounds_moved(searcher: Searcher, queries: list[Query]) -> Figures:
    """What it costs to weigh all passages and to compare all sentences, and the share of the ten best hits of the dearest way that each finds.

    The vectors of the questions are remembered by then: the encoder is no part of this.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sentence.onnx"
        file.write_bytes(cosines_file(searcher.index.vectors["sentence"]))
        theirs = {"question": searcher.index.cosines["question"]}
        every = theirs | {"sentence": Cosines(file)}
    figures: Figures = {}
    best: list[list[int]] = []
    for weighed, compared in ((True, True), (False, True), (False, False)):
        with (
            patch.object(search, "_ALL_UP_TO", 10**9 if weighed else 0),
            patch.dict(searcher.index.cosines, every if compared else theirs, clear=True),
        ):
            cost, answers = asked(searcher.search, queries)
        rows = [[hit.row for hit in one.hits] for one in answers]
        best = best or rows
        first = sum(one[0] == other[0] for one, other in zip(rows, best, strict=True)) / len(rows)
        name = f"{'all weighed' if weighed else 'candidates weighed'}, {'all' if compared else 'their'} sentences compared"
        figures[name] = cost | {"same ten": recall(rows, best), "same first": first}
    return figures
