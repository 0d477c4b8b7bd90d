"""Our own search in the same harness: `with_ours.py COURSE [--read]`.

Without `--read` a question goes to the `Searcher` as it is; with it, it is read first (spelling repaired, abbreviations known, Chinese
understood), as `genomics-tutor search` does. No answer is composed. Knows nothing of the other libraries.
"""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from line_protocol import serve
from threadpoolctl import threadpool_limits

from assistant.opening import open_assistant
from corpus import UnitArchive, load_course, passages_of
from index import build_index, chosen_encoder, load_index
from index.fields import ways_into
from index.search import Query, Searcher

COURSE = Path(sys.argv[1])
THREADS = 2
"""As many as `search --batch` uses."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The settings of an index over the course."""

    index: Path
    course: Path = COURSE
    model: Path | None = None


class Ours:
    """The search over the course's folder. Its index holds the same passages, with sentences, headings and words beside them."""

    packages = ("genomics-tutor", "onnxruntime", "faiss-cpu", "numpy")

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Read the course's own files and index them; the passages given are what comes out of that, so they are only counted."""
        del vectors  # what would be left to encode is most of the work
        course = load_course(COURSE, UnitArchive(folder / "units.jsonl"))
        index = build_index(passages_of(course), course.digest, folder, chosen_encoder(), ways_in=ways_into(course))
        assert len(index.passages) == len(ids) == len(texts)

    def open(self, folder: Path) -> None:
        """Read the course and the index, every digest checked."""
        if "--read" in sys.argv:
            self._assistant = open_assistant(Opened(folder))
            self._searcher = self._assistant.searcher
            return
        gc.disable()  # as `open_assistant` does
        threadpool_limits(limits=1)
        encoder = chosen_encoder()
        course = load_course(COURSE, UnitArchive(folder / "units.jsonl"))
        self._searcher = Searcher(load_index(folder, encoder.digest, course.digest), course, encoder)
        gc.freeze()
        gc.enable()

    def search(self, question: str, k: int) -> list[str]:
        """The passages' ids."""
        found = self._assistant.search(question, k) if "--read" in sys.argv else self._searcher.search(Query(question), k)
        return [hit.passage.id for hit in found.hits]

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """In threads, as `search --batch` does."""
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda question: self.search(question, k), questions))


serve(Ours())
