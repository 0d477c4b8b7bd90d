"""The course of any length that costs are measured on is like a real one, and the script that measures them runs."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

BENCH = Path(__file__).parent / "bench"
sys.path.insert(0, str(BENCH))

from growth_cost import asked, recall  # noqa: E402
from growth_course import parts_of, units, vectors  # noqa: E402
from growth_kinds import built, opened  # noqa: E402
from growth_likeness import likeness_of, local_dimension  # noqa: E402
from growth_table import KINDS, dense_table  # noqa: E402
from growth_text import Writer, new_word, with_new_words  # noqa: E402
from growth_whole import Whole  # noqa: E402

from index.search import Query, Searcher  # noqa: E402
from index.tokens import tokens  # noqa: E402

if TYPE_CHECKING:
    from growth_course import Part

    from assistant import Assistant


@pytest.fixture(scope="module")
def parts(assistant: Assistant) -> tuple[Part, ...]:
    return parts_of(assistant.course, assistant.searcher.index)


def test_the_course_begins_with_the_real_one(assistant: Assistant, parts: tuple[Part, ...]) -> None:
    """Bit for bit, and a longer one with a shorter one."""
    dense = assistant.searcher.index.dense
    count = len(dense)
    shorter, longer = (np.concatenate(list(vectors(parts, length, 1))) for length in (count + 50, count + 150))
    assert (len(shorter), len(longer)) == (count + 50, count + 150)
    np.testing.assert_array_equal(shorter, longer[: count + 50])
    np.testing.assert_allclose(dense.search(longer[:count], 1)[0], 1, atol=1e-5)
    assert not np.array_equal(longer, np.concatenate(list(vectors(parts, count + 150, 2))))


def test_copies_are_unit_vectors_that_are_nobodys_double(parts: tuple[Part, ...]) -> None:
    """Near a real passage, not on it."""
    real = np.concatenate([part.vectors for part in parts])
    copies = np.concatenate([copy.part.vectors for copy in itertools.islice(units(parts, 1), len(parts), len(parts) + 6)])
    np.testing.assert_allclose(np.linalg.norm(copies, axis=1), 1, atol=1e-5)
    nearest = (copies @ real.T).max(axis=1)
    assert 0.5 < np.median(nearest) < 0.98
    assert nearest.max() < 0.9999


def test_sentences_change_places_within_their_section_alone(parts: tuple[Part, ...]) -> None:
    """So a passage stays about one thing."""
    moved = 0
    for copy in itertools.islice(units(parts, 1), len(parts), len(parts) + 6):
        rows = parts[copy.source].rows
        section = rows.section_of_passage[rows.passage_of_sentence]
        np.testing.assert_array_equal(section[copy.said], section)
        moved += int((copy.said != np.arange(len(section))).sum())
    assert moved


def test_the_vocabulary_grows_by_heaps_law(parts: tuple[Part, ...]) -> None:
    """A course of many times as many words has so many more different ones as the exponent says."""
    writer = Writer(parts)
    seen: set[str] = set()
    said, real = 0, (0, 0)
    for number, copy in enumerate(itertools.islice(units(parts, 1), 60), 1):
        found = [token for body in writer.written(copy).bodies for token in tokens(body)]
        said, seen = said + len(found), seen.union(found)
        if number == len(parts):
            real = (said, len(seen))
    assert 0.4 < writer.exponent < 0.9
    assert len(seen) == pytest.approx(real[1] * (said / real[0]) ** writer.exponent, rel=0.1)


def test_new_words_are_one_token_each_and_all_different() -> None:
    words = [new_word(number) for number in range(1, 10_000)]
    assert len(set(words)) == len(words)
    assert all(tokens(word) == [word] for word in words)
    assert with_new_words("Carriers of HBB; carrier-to-be", {"carriers": "xubex"}) == "xubex of HBB; carrier-to-be"


def test_a_whole_course_of_copies_is_indexed_and_searched(assistant: Assistant, parts: tuple[Part, ...], tmp_path: Path) -> None:
    """With names and known questions of its own; a question about the real course is still answered from there."""
    real = assistant.searcher.index
    whole = Whole(assistant.course, parts, 2 * len(real.passages), 1)
    index = whole.index(tmp_path, assistant.encoder, np.asarray(real.vectors["aspect"]))
    assert len(index.passages) >= 2 * len(real.passages)
    assert len({passage.id for passage in index.passages}) == len(index.passages)
    own = [entry for entry in assistant.course.glossary if entry.section.partition("#")[0] in assistant.course.units]
    assert len(whole.course.glossary) > len(own)
    searcher = Searcher(index, whole.course, assistant.encoder)
    hit = searcher.search(Query(real.passages[0].sentences[0].text)).hits[0]
    assert hit.passage.unit in assistant.course.units


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_again_in_its_bytes(parts: tuple[Part, ...], kind: str) -> None:
    rows = np.concatenate(list(vectors(parts, 300, 1)))
    found = opened(kind, memoryview(built(kind, rows).to_bytes())).search(rows[200], 3)[1]
    assert found[0] == 200


def test_recall_counts_what_was_found_of_what_there_is() -> None:
    assert recall([[1, 2, 3], [4, 9, 8]], [[1, 2, 3], [4, 5, 6]]) == pytest.approx(2 / 3)
    assert recall([[1, 2, 3]], [[3, 4]]) == 0, "of two, only two that were found count"


def test_asking_answers_every_question_once_and_says_what_it_cost() -> None:
    cost, answers = asked(str, range(7))
    assert answers == list("0123456")
    assert cost["p95"] >= cost["p50"] >= 0


def test_the_local_dimension_is_that_of_the_vectors() -> None:
    """Points of a sphere of few dimensions within one of many have few."""
    rng = np.random.default_rng(1)
    for wanted in (3, 8):
        rows = np.zeros((4000, 32), np.float32)
        rows[:, : wanted + 1] = rng.normal(size=(4000, wanted + 1))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        cosines = -np.sort(-(rows[:200] @ rows.T), axis=1)[:, 1:21]
        assert local_dimension(cosines) == pytest.approx(wanted, rel=0.25)
    assert likeness_of(rows, rows[:9])["question"] == pytest.approx([1, 1, 1], abs=1e-5)


def test_the_script_prints_its_tables(assistant: Assistant, four_units: Path, four_units_index: Path, tmp_path: Path) -> None:
    """Of a course hardly longer than four units; what was taken is not taken again."""
    assert assistant.course.units, "its index is there"
    words = ["--course", str(four_units), "--index", str(four_units_index), "--work", str(tmp_path), "--sizes", "400", "--whole", ""]
    command = [sys.executable, str(BENCH / "growth.py"), *words]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=False, timeout=300) for _ in range(2))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "| 400 | cells |" in first.stdout
    assert "words-build 400 ..." in first.stdout
    assert "..." not in second.stdout
    assert first.stdout.endswith(second.stdout)


def test_a_table_is_in_the_order_of_lengths_and_kinds_whenever_its_figures_were_taken() -> None:
    timed = dict.fromkeys(("p50", "p95", "wall50", "wall95", "recall"), 0.5)
    asked_for = {"load": 1.0, "memory": 2.0, "few": timed, "many": timed}
    built_so = dict.fromkeys(("build", "build_wall", "peak", "file"), 1.0)
    pieces = [f"{kind} {count}" for count in (2000, 10) for kind in ("HNSW", "cells", "flat")]
    figures = {f"dense-ask {piece}": asked_for for piece in pieces} | {f"dense-build {piece}": built_so for piece in pieces}
    rows = [row.split(" | ")[:2] for row in dense_table(figures).splitlines()[2:]]
    assert [" ".join(row) for row in rows] == [f"| {count} {kind}" for count in ("10", "2,000") for kind in ("flat", "cells", "HNSW")]
