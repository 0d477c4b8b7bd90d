"""The index on disk: what is written is what is read, and an edit costs its own texts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import EDITED, PASSAGES, FakeEncoder, a_passage
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Passage, Sentence
from index import generations
from index.fields import WaysIn, fields_of, rows_of
from index.generations import IndexUnusableError
from index.passage_lines import PassageLinesError, from_lines, to_lines
from index.store import build_index, ensure_index, index_facts, index_fits, load_index

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = sum(len(rows) for rows in fields_of(PASSAGES).vectors.values())
"""How many vectors there are, of no text twice."""


def _files(folder: Path) -> dict[str, bytes]:
    """The files of the generation in use, but for its manifest."""
    generation = generations.current(folder).folder
    return {path.name: path.read_bytes() for path in sorted(generation.iterdir()) if path.name != "manifest.json"}


def test_an_index_is_read_back_as_it_was_built(tmp_path: Path) -> None:
    """Passages, vectors of each field, words of each field."""
    encoder = FakeEncoder()
    built = build_index(PASSAGES, "course", tmp_path, encoder)
    index = load_index(tmp_path, encoder.digest, "course")
    assert index.passages == built.passages == PASSAGES
    assert index.rows.sections == ("1.1#dominant", "1.1#recessive", "2.3#thalassaemia")
    assert index.rows.section_of_passage.tolist() == [0, 0, 1, 2]
    assert index.rows.passage_of_sentence.tolist() == [0, 0, 1, 2, 2, 2, 3]
    assert index.rows.first_sentence.tolist() == [0, 2, 3, 6, 7]
    texts = fields_of(PASSAGES)
    for name, rows in texts.vectors.items():
        np.testing.assert_allclose(index.vectors[name], encoder.encode(rows), atol=1e-3)
    assert index.dense.search(encoder.encode([PASSAGES[2].sentences[0].text])[0], 1)[1].tolist() == [2]
    assert index.lexical["body"].scores(["recess"]).argmax() == 2
    assert index.lexical["heading"].size == 3


def test_other_names_of_a_unit_are_words_of_its_headings(tmp_path: Path) -> None:
    """Aliases are found although no text holds them."""
    index = build_index(PASSAGES, "course", tmp_path, FakeEncoder(), ways_in=WaysIn({"2.3": ("Cooley anaemia",)}))
    assert index.lexical["heading"].texts_with("cooley").tolist() == [2]


def test_an_index_says_of_which_course_and_encoder_it_is(tmp_path: Path) -> None:
    assert not index_fits(tmp_path, "fake", "course")
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    assert index_fits(tmp_path, "fake", "course")
    assert not index_fits(tmp_path, "other", "course")
    assert not index_fits(tmp_path, "fake", "edited")
    (tmp_path / "current").write_text("nothing", "ascii")
    assert not index_fits(tmp_path, "fake", "course")


def test_an_empty_course_has_an_index(tmp_path: Path) -> None:
    """Of nothing."""
    index = build_index((), "course", tmp_path, FakeEncoder())
    assert load_index(tmp_path, "fake", "course").passages == index.passages == ()
    assert index.dense.search(FakeEncoder().encode(["x"])[0], 5)[1].tolist() == []


def test_an_edit_encodes_its_own_texts_alone_and_gives_what_a_full_build_gives(tmp_path: Path) -> None:
    """File by file, byte by byte."""
    encoder = FakeEncoder()
    build_index(PASSAGES, "course", tmp_path / "kept", encoder)
    encoder.encoded.clear()
    build_index(EDITED, "edited", tmp_path / "kept", encoder)
    assert [text for text in encoder.encoded if "southern China" not in text] == []
    assert len(encoder.encoded) == 1
    build_index(EDITED, "edited", tmp_path / "full", FakeEncoder())
    assert _files(tmp_path / "kept") == _files(tmp_path / "full")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.text(max_size=12), max_size=3)), max_size=5), st.data())
@settings(max_examples=25, deadline=None)
def test_any_course_reads_back_and_any_edit_equals_a_full_build(
    tmp_path_factory: pytest.TempPathFactory,
    units: list[tuple[str, list[str]]],
    data: st.DataObject,
) -> None:
    """Whatever characters the course holds."""
    passages = tuple(a_passage(unit, "x", number, *sentences) for number, (unit, sentences) in enumerate(units, 1))
    edited = tuple(data.draw(st.permutations(passages)))[: data.draw(st.integers(0, len(passages)))]
    folder = tmp_path_factory.mktemp("index")
    build_index(passages, "course", folder / "kept", FakeEncoder())
    assert load_index(folder / "kept", "fake").passages == passages
    build_index(edited, "edited", folder / "kept", FakeEncoder())
    build_index(edited, "edited", folder / "full", FakeEncoder())
    assert _files(folder / "kept") == _files(folder / "full")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=3), st.text(), st.lists(st.text(), max_size=3))
def test_passages_read_back_from_lines(cells: list[tuple[str, str]], text: str, headings: list[str]) -> None:
    """Table rows, line separators, lone surrogates and all."""
    sentence = Sentence("1#a/1.1", text, tuple(cells))
    passage = Passage("1#a/1", "1", "1.md", "a", "1", tuple(headings), (sentence,), outcomes=("1.1.a",), box=text)
    assert from_lines(to_lines([passage, passage])) == (passage, passage)


@pytest.mark.parametrize("data", [b"{", b"[]\n", b"{}\n", b"\xff\n", b'{"id": 1}\n'])
def test_lines_that_are_no_passages_are_refused(data: bytes) -> None:
    """With the one error."""
    with pytest.raises(PassageLinesError):
        from_lines(data)


def test_rows_of_no_passages() -> None:
    """Have the right shapes still."""
    rows = rows_of(())
    assert (rows.sections, rows.first_sentence.tolist(), rows.passage_of_sentence.tolist()) == ((), [0], [])


def test_vectors_that_were_altered_are_not_taken_over(tmp_path: Path) -> None:
    """An edit after that encodes everything."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    path = generations.current(tmp_path).folder / "texts.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    encoder = FakeEncoder()
    build_index(EDITED, "edited", tmp_path, encoder)
    assert len(encoder.encoded) == TEXTS


def test_an_index_of_another_course_encoder_or_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the message says which it is."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    for arguments, what in ((("fake", "another"), "course"), (("other", "course"), "encoder")):
        with pytest.raises(IndexUnusableError, match=f"another {what};"):
            load_index(tmp_path, *arguments)
    monkeypatch.setattr("index.store.TOKENS_VERSION", -1)
    with pytest.raises(IndexUnusableError, match="another tokens"):
        load_index(tmp_path, "fake", "course")


def test_there_is_no_index_in_an_empty_folder(tmp_path: Path) -> None:
    """Nor where there is no folder."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(IndexUnusableError, match="there is no index"):
            load_index(folder, "fake")
        with pytest.raises(IndexUnusableError, match="there is no index"):
            index_facts(folder)


def test_an_index_that_fits_is_not_built_again(tmp_path: Path) -> None:
    """The course is not even read."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    encoder = FakeEncoder()
    assert ensure_index(tmp_path, "course", pytest.fail, encoder).passages == PASSAGES
    assert encoder.encoded == []


def test_the_reason_for_a_build_is_told(tmp_path: Path) -> None:
    """So that a command can say it."""
    told: list[str] = []
    ensure_index(tmp_path, "course", lambda: PASSAGES, FakeEncoder(), building=told.append)
    ensure_index(tmp_path, "edited", lambda: EDITED, FakeEncoder(), building=told.append)
    assert ["no index" in told[0], "another course" in told[1], len(told)] == [True, True, 2]


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    """And is told even where there is nothing to encode."""
    told: list[tuple[int, int]] = []
    build_index(PASSAGES, "course", tmp_path, FakeEncoder(), lambda done, total: told.append((done, total)))
    build_index(PASSAGES, "course", tmp_path, FakeEncoder(), lambda done, total: told.append((done, total)))
    assert told == [(0, TEXTS), *((done, TEXTS) for done in range(512, TEXTS, 512)), (TEXTS, TEXTS), (0, 0)]
