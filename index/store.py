"""The index on disk: built beside, put in place whole, read only where it is what was written.

A build writes a generation of its own (`index.generations`), reads it back, and only then swaps it in: whatever happens
before that leaves the old index. Vectors of texts that have not changed are taken over from the index in use.

Knows nothing of questions, and nothing of which texts make a field.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index import generations
from index.aspects import example_questions
from index.cosines import Cosines, cosines_file
from index.dense import DenseIndex, DenseUnreadableError
from index.fields import VECTOR_FIELDS, WORD_FIELDS, Rows, fields_of, fields_version, passage_vectors, rows_of
from index.generations import IndexUnusableError, IndexUnwritableError
from index.lexical import LexicalIndex, LexicalUnreadableError
from index.passage_lines import PassageLinesError, from_lines, to_lines
from index.tokens import VERSION as TOKENS_VERSION
from index.tokens import tokens
from index.vectors import FieldVectors, digests_from_bytes, encoded
from index.worked_out import WorkedOut, WorkedOutUnreadableError, worked_out_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus import Passage
    from index.encoder import Encoder
    from index.fields import WaysIn
    from index.generations import Generation

__all__ = ["Index", "IndexUnusableError", "IndexUnwritableError", "build_index", "ensure_index", "index_facts", "load_index"]

FORMAT = 2
"""Version of the files of a generation. 2: with the files of `index.cosines`."""

_VECTORS_SINCE = 1
"""The first format whose vectors are still taken over."""

_COMPARED = {"sentence": 100_000, "question": sys.maxsize}
"""Fields all of whose vectors a question is compared with, up to so many: of more sentences, those of the candidates are. At 100,000 comparing all
changed 1 in 140 of the ten best hits, at 864,000 1 in 25 ("How cost grows" in tests/bench/README.md)."""

_STORED = {"heading": np.float32, "sentence": np.float16, "aspect": np.float32, "question": np.float16}
"""How exactly vectors are kept. A sentence in 16 bits is off by less than 0.001 in cosine and takes half the disk."""


@dataclass(frozen=True, slots=True)
class Index:
    """The passages of a course with everything that finds them. `rows` says what each row of each field stands for.

    `vectors` maps "heading", "sentence", "aspect" and "question" to unit vectors (rows, dimension), those of sentences and questions in
    16 bits and read from disk as needed; `dense` is the index over the passages' own. `cosines` compares with all sentences and all questions,
    where there are any and not too many. `lexical` maps "body" and "heading" to BM25.
    `worked_out` is what follows from the names that the course was said to have.
    """

    passages: tuple[Passage, ...]
    rows: Rows
    vectors: Mapping[str, NDArray[np.floating]]
    dense: DenseIndex
    cosines: Mapping[str, Cosines]
    lexical: Mapping[str, LexicalIndex]
    worked_out: WorkedOut
    course_digest: str
    encoder_digest: str


def build_index(  # noqa: PLR0913, PLR0917  # what is indexed, where, with what, and who is told
    passages: Sequence[Passage],
    course_digest: str,
    folder: Path,
    encoder: Encoder,
    progress: Callable[[int, int], None] | None = None,
    ways_in: WaysIn | None = None,
) -> Index:
    """Index `passages`, put the index in place in `folder`, and return it as read back from there.

    `progress` is told (texts encoded, texts to encode), at least at the beginning and the end. `ways_in` are
    the course's other names and known questions. Texts that the index in `folder` holds already are not encoded again. Raises IndexUnwritableError; the old index stays.
    """
    with generations.fresh(folder) as generation:
        texts, rows = fields_of(passages, ways_in), rows_of(passages)
        vectors = encoded(texts.vectors, _STORED, encoder, _kept(folder, encoder.digest), progress)
        generation.write("passages.jsonl", to_lines(passages))
        meanings = passage_vectors(rows, vectors.arrays["heading"], vectors.arrays["sentence"])
        generation.write("vectors.faiss", DenseIndex.build(meanings).to_bytes())
        for name in VECTOR_FIELDS:
            generation.write_array(f"{name}.npy", vectors.arrays[name])
        for name, most in _COMPARED.items():
            if 0 < len(vectors.arrays[name]) <= most:
                generation.write(_compared(name), cosines_file(vectors.arrays[name]))
        generation.write("texts.npz", vectors.digests_to_bytes())
        for name in WORD_FIELDS:
            words = LexicalIndex.build(tokens(text) for text in texts.words[name])
            generation.write(f"words-{name}.npz", words.to_bytes())
        generation.write("worked-out.npz", WorkedOut.of(passages, rows, ways_in.called if ways_in else ()).to_bytes())
        counts = {"passages": len(passages)} | {f"{name} vectors": len(rows) for name, rows in texts.vectors.items()}
        index = _read(generation.finish(_about(course_digest, encoder.digest) | {"counts": counts}))
        generation.put_in_place()
    return index


def load_index(
    folder: Path, encoder_digest: str, course_digest: str = "", passages: Callable[[], Sequence[Passage]] | None = None
) -> Index:
    """The index in `folder`. Every file is checked against its digest before it is used.

    `passages`, if given, are those of the course of `course_digest`: its text is then in memory once, and not as the index has it, too. Raises IndexUnusableError if there is none, it is damaged, or it was made with another encoder or version, or from
    another course than that of `course_digest` (if given).
    """
    while True:
        generation = generations.current(folder)
        wanted = _about(course_digest or generation.about.get("course", ""), encoder_digest)
        other = [name for name, value in wanted.items() if generation.about.get(name) != value]
        if other:
            raise generations.unusable(folder, f"the index was made with another {' and '.join(other)}")
        try:
            return _read(generation, passages)
        except IndexUnusableError:
            # A build that ended this moment has replaced the generation and removed it: read the new one.
            if generations.current(folder).folder == generation.folder:
                raise


def index_fits(folder: Path, encoder_digest: str, course_digest: str) -> bool:
    """Whether the index in `folder` says that it is of this encoder and course, and of this version; its files are not looked at."""
    try:
        about = generations.current(folder).about
    except IndexUnusableError:
        return False
    return all(about.get(name) == value for name, value in _about(course_digest, encoder_digest).items())


def ensure_index(  # noqa: PLR0913  # the same, by name
    folder: Path,
    course_digest: str,
    passages: Callable[[], Sequence[Passage]],
    encoder: Encoder,
    *,
    progress: Callable[[int, int], None] | None = None,
    ways_in: Callable[[], WaysIn] | None = None,
    building: Callable[[str], None] | None = None,
) -> Index:
    """The index of the course with `course_digest`, built or refreshed first if the one in `folder` is not it.

    `ways_in` is called only then; `building` is told the reason, one sentence. Raises IndexUnwritableError.
    """
    try:
        return load_index(folder, encoder.digest, course_digest, passages)
    except IndexUnusableError as reason:
        if building:
            building(str(reason))
    return build_index(passages(), course_digest, folder, encoder, progress, ways_in() if ways_in else None)


def index_facts(folder: Path) -> dict[str, Any]:
    """What the manifest of the index in `folder` says of it: digests, versions and counts. Raises IndexUnusableError."""
    return dict(generations.current(folder).about)


def index_in_use(folder: Path) -> str:
    """The name of the index in use in `folder`, another one after each build; empty if there is none that can be used."""
    try:
        return generations.current(folder).folder.name
    except IndexUnusableError:
        return ""


def _about(course_digest: str, encoder_digest: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "course": course_digest,
        "encoder": encoder_digest,
        "fields": fields_version(),
        "tokens": TOKENS_VERSION,
        "worked_out": worked_out_version(),
    }


def _read(generation: Generation, of_course: Callable[[], Sequence[Passage]] | None = None) -> Index:
    try:
        lines = generation.read("passages.jsonl")
        passages = tuple(of_course()) if of_course else from_lines(lines)
        dense = DenseIndex.from_bytes(generation.read("vectors.faiss"))
        lexical = {name: LexicalIndex.from_bytes(generation.read(f"words-{name}.npz")) for name in WORD_FIELDS}
        worked_out = WorkedOut.from_bytes(generation.read("worked-out.npz"))
    except (PassageLinesError, DenseUnreadableError, LexicalUnreadableError, WorkedOutUnreadableError) as error:
        raise generations.unusable(generation.folder.parent, "the index is of another version") from error
    rows = rows_of(passages)
    vectors = {name: generation.read_array(f"{name}.npy") for name in VECTOR_FIELDS}
    for name in _COMPARED:
        generations.let_go(vectors[name])  # checked, and hardly ever used again
    cosines = {name: _cosines(generation, _compared(name)) for name in _COMPARED if _compared(name) in generation.files}
    expected = {"heading": len(rows.sections), "sentence": len(rows.passage_of_sentence), "aspect": len(example_questions())}
    fitting = all(len(one) == len(vectors[name]) for name, one in cosines.items())
    if (
        len(dense) != len(passages)
        or {name: len(vectors[name]) for name in expected} != expected
        or len(worked_out.heading_aspects) != len(rows.sections)
        or not fitting
    ):
        raise generations.unusable(generation.folder.parent, "the parts of the index do not fit together")
    return Index(passages, rows, vectors, dense, cosines, lexical, worked_out, generation.about["course"], generation.about["encoder"])


def _compared(name: str) -> str:
    return f"{name}.onnx"


def _cosines(generation: Generation, name: str) -> Cosines:
    generation.read(name)  # checks it
    try:
        return Cosines(generation.folder / name)
    except Exception as error:  # onnxruntime raises classes of its own, for a file removed by a build meanwhile, too
        raise generations.unusable(generation.folder.parent, f"{name} of the index cannot be used") from error


def _kept(folder: Path, encoder_digest: str) -> FieldVectors | None:
    """The vectors of the index in use, if they are of this encoder and undamaged."""
    try:
        generation = generations.current(folder)
        if generation.about.get("encoder") != encoder_digest or not _VECTORS_SINCE <= generation.about.get("format", 0) <= FORMAT:
            return None
        arrays = {name: generation.read_array(f"{name}.npy") for name in VECTOR_FIELDS}
        return FieldVectors(arrays, digests_from_bytes(generation.read("texts.npz")))
    except (IndexUnusableError, ValueError, OSError, KeyError):
        return None
