"""The pieces that are measured, each in a process of its own: `python growth_pieces.py WORK COURSE INDEX SEED PIECE [ARGUMENT…]` prints its figures as JSON.

    prepare COUNT       the vectors of the longest course and of the questions; what encoding costs, on a sample
    likeness            how near copies lie to each other and to questions, beside real texts
    dense-build KIND COUNT      dense-ask KIND COUNT      "flat" must be asked first: what it finds is what the others should
    words-build COUNT           words-ask COUNT
    whole-build COUNT           whole-ask COUNT

What is asked reads what was built from its file. Knows nothing of the table.
"""

from __future__ import annotations

import itertools
import json
import mmap
import pickle
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from growth_cost import asked, memory, peak, recall, spent
from growth_course import parts_of, units, vectors
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from growth_cost import Figures
    from growth_course import Part

    from corpus import Course
    from index import Index
    from index.encoder import Encoder

WORK, COURSE, INDEX = map(Path, sys.argv[1:4])
SEED = int(sys.argv[4])
QUESTIONS = Path(__file__).parent / "questions" / "tune.jsonl"
ENCODED_SAMPLE = 300
WHOLE_QUESTIONS = 60
K = 10


def questions() -> list[str]:
    """The questions of `tune.jsonl` that stand for themselves, in English: an encoder of English is measured."""
    asked_for = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [one["question"] for one in asked_for if not one["history"] and not re.search("[一-鿿]", one["question"])]


def real() -> tuple[Course, Index, Encoder, tuple[Part, ...]]:
    """The real course, its index, the encoder, and its units."""
    from corpus import load_course  # noqa: PLC0415  # pieces that need none of it are measured without it
    from index import chosen_encoder, load_index  # noqa: PLC0415

    course, encoder = load_course(COURSE), chosen_encoder()
    index = load_index(INDEX, encoder.digest, course.digest)
    return course, index, encoder, parts_of(course, index)


def prepare(count: str) -> Figures:
    """Make the vectors; time the encoder."""
    course, index, encoder, parts = real()
    from index.fields import fields_of, ways_into  # noqa: PLC0415

    texts = fields_of(index.passages, ways_into(course)).vectors
    rng = np.random.default_rng(SEED)
    per_passage = 0.0
    for name in ("heading", "sentence", "question"):
        sample = [texts[name][at] for at in rng.permutation(len(texts[name]))[:ENCODED_SAMPLE]]
        with spent() as encoding:
            encoder.encode(sample)
        per_passage += encoding.processor / len(sample) * len(texts[name]) / len(index.passages)
    np.save(WORK / "questions.npy", encoder.encode(questions()))
    rows = np.lib.format.open_memmap(WORK / "vectors.npy", "w+", np.float32, (int(count), encoder.dimension))
    at = 0
    with spent() as cost:
        for part in vectors(parts, int(count), SEED):
            rows[at : at + len(part)] = part
            at += len(part)
    return {"real": len(index.passages), "questions": len(questions()), "encoding": per_passage, "made": cost.processor}


def likeness() -> Figures:
    """Real passages and as many of copies; real sentences and questions, which are more, and as many of copies."""
    from growth_likeness import likeness_of  # noqa: PLC0415

    *_, parts = real()
    rows = np.concatenate([part.vectors for part in parts])
    texts = np.concatenate([np.concatenate([part.sentences, part.questions]) for part in parts])
    copies = [unit.part for unit in itertools.islice(units(parts, SEED), len(parts), 3 * len(parts))]
    copied = np.concatenate([part.vectors for part in copies])[: len(rows)]
    copied_texts = np.concatenate([np.concatenate([part.sentences, part.questions]) for part in copies])[: len(texts)]
    sets = {"real passages": rows, "copies": copied, "real sentences and questions": texts, "copies of them": copied_texts}
    asked_for = np.load(WORK / "questions.npy")
    return {name: likeness_of(found, asked_for) for name, found in sets.items()}


def dense_build(kind: str, count: str) -> Figures:
    """Build the vectors' index as the product does, and write it."""
    from growth_kinds import built  # noqa: PLC0415

    rows = np.load(WORK / "vectors.npy", mmap_mode="r")[: int(count)]
    with spent() as cost:
        index = built(kind, rows)
    with spent() as writing:
        data = index.to_bytes()
        (WORK / f"{kind}-{count}.faiss").write_bytes(data)
    return {"build": cost.processor, "build_wall": cost.wall, "write": writing.processor, "file": len(data) / 2**20, "peak": peak()}


def dense_ask(kind: str, count: str) -> Figures:
    """Ask for the 10 nearest, for as many as `index.search` does, and for 10 with other efforts."""
    from growth_kinds import EFFORTS, built, opened, with_effort  # noqa: PLC0415

    from index.search import _CANDIDATES  # noqa: PLC0415

    vectors_of = np.load(WORK / "questions.npy")[::2]
    built("flat", vectors_of).search(vectors_of, K)  # the library is loaded
    bare = memory()
    with spent() as reading:
        index = opened(kind, _mapped(WORK / f"{kind}-{count}.faiss"))
    few, rows = asked(lambda vector: index.search(vector, K)[1], vectors_of)
    held = memory() - bare
    many, more = asked(lambda vector: index.search(vector, _CANDIDATES)[1], vectors_of)
    true = WORK / f"nearest-{count}.npy"
    if kind == "flat":
        np.save(true, more)
    nearest = np.load(true)
    few["recall"], many["recall"] = recall(rows, nearest[:, :K]), recall(more, nearest)
    found = {"few": few, "many": many, "load": reading.processor, "memory": held}
    for effort in EFFORTS[kind]:
        cost, rows = asked(partial(with_effort, index, effort, K), vectors_of)
        found[f"effort {effort}"] = cost | {"recall": recall(rows, nearest[:, :K])}
    return found


def words_build(count: str) -> Figures:
    """Build the index over words of the passages' bodies, and write it."""
    from growth_text import Writer  # noqa: PLC0415

    from index.lexical import LexicalIndex  # noqa: PLC0415
    from index.tokens import tokens  # noqa: PLC0415

    *_, parts = real()
    writer = Writer(parts)
    texts: list[str] = []
    for unit in units(parts, SEED):
        texts += writer.written(unit).bodies
        if len(texts) >= int(count):
            break
    with spent() as reading:
        listed = [tokens(text) for text in texts[: int(count)]]
    with spent() as cost:
        index = LexicalIndex.build(listed)
    with spent() as writing:
        data = index.to_bytes()
        (WORK / f"words-{count}.npz").write_bytes(data)
    return {
        "tokens": reading.processor,
        "build": cost.processor,
        "build_wall": cost.wall,
        "write": writing.processor,
        "file": len(data) / 2**20,
        "peak": peak(),
        "vocabulary": len(index.vocabulary),
        "words": sum(map(len, listed)),
        "exponent": writer.exponent,
    }


def words_ask(count: str) -> Figures:
    """Score every passage by its words."""
    from index.lexical import LexicalIndex  # noqa: PLC0415
    from index.tokens import tokens  # noqa: PLC0415

    bare = memory()
    with spent() as reading:
        index = LexicalIndex.from_bytes(_mapped(WORK / f"words-{count}.npz"))

    def score(text: str) -> None:
        index.scores(dict.fromkeys(tokens(text)))  # as many as there are passages: none are kept

    found, _ = asked(score, questions())
    return {"few": found, "load": reading.processor, "memory": memory() - bare}


def whole_build(count: str) -> Figures:
    """Build the index of a whole course, its vectors given; encoding them comes on top."""
    from growth_whole import Whole  # noqa: PLC0415

    course, index, encoder, parts = real()
    whole = Whole(course, parts, int(count), SEED)
    (WORK / f"course-{count}.pickle").write_bytes(pickle.dumps(whole.course))
    with spent() as cost:
        built = whole.index(WORK / f"whole-{count}", encoder, np.asarray(index.vectors["aspect"]))
    files = (WORK / f"whole-{count}").glob("*/*")
    numbers = {name: len(rows) for name, rows in built.vectors.items()} | {"passages": len(built.passages)}
    return {
        "build": cost.processor,
        "build_wall": cost.wall,
        "file": sum(one.stat().st_size for one in files) / 2**20,
        "peak": peak(),
        "numbers": numbers,
    }


def whole_ask(count: str) -> Figures:
    """Open a whole index as a start does, and search it."""
    from growth_search import searched  # noqa: PLC0415

    return searched(WORK / f"whole-{count}", WORK / f"course-{count}.pickle", questions()[:: max(len(questions()) // WHOLE_QUESTIONS, 1)])


def _mapped(file: Path) -> memoryview:
    with file.open("rb") as opened:
        return memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))


PIECES: dict[str, Callable[..., Figures]] = {
    "prepare": prepare,
    "likeness": likeness,
    "dense-build": dense_build,
    "dense-ask": dense_ask,
    "words-build": words_build,
    "words-ask": words_ask,
    "whole-build": whole_build,
    "whole-ask": whole_ask,
}

if __name__ == "__main__":
    with threadpool_limits(limits=1):
        print(json.dumps(PIECES[sys.argv[5]](*sys.argv[6:])))
