"""The index on disk: what is written is what is read, a crash leaves the old index, and an edit costs its own texts."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fakes import FakeEncoder, a_passage
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Passage, Sentence
from index import generations, store
from index.fields import fields_of, rows_of
from index.generations import IndexUnusableError, IndexUnwritableError
from index.passage_lines import PassageLinesError, from_lines, to_lines
from index.store import build_index, ensure_index, index_facts, load_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSAGES = (
    a_passage("1.1", "dominant", 1, "Huntington disease is dominant.", "Each child has a risk of 50%."),
    a_passage("1.1", "dominant", 2, "Penetrance is complete by the age of 80."),
    a_passage("1.1", "recessive", 1, "Cystic fibrosis is recessive.", "Carriers are well.", "c.1521_1523del is common."),
    a_passage("2.3", "thalassaemia", 1, "β-thalassaemia is common in Guangdong."),
)
EDITED = (*PASSAGES[:3], a_passage("2.3", "thalassaemia", 1, "β-thalassaemia is common in southern China."))


TEXTS = sum(len(rows) for rows in fields_of(PASSAGES).vectors.values())
"""How many vectors there are, of no text twice."""


def _files(folder: Path) -> dict[str, bytes]:
    """The files of the generation in use, but for its manifest."""
    generation = generations.current(folder).folder
    return {path.name: path.read_bytes() for path in sorted(generation.iterdir()) if path.name != "manifest.json"}


def _all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
    assert index.dense.search(encoder.encode([texts.vectors["passage"][2]])[0], 1)[1].tolist() == [2]
    assert index.lexical["body"].scores(["recess"]).argmax() == 2
    assert index.lexical["heading"].size == 3


def test_other_names_of_a_unit_are_words_of_its_headings(tmp_path: Path) -> None:
    """Aliases are found although no text holds them."""
    index = build_index(PASSAGES, "course", tmp_path, FakeEncoder(), other_names={"2.3": ("Cooley anaemia",)})
    assert index.lexical["heading"].texts_with("cooley").tolist() == [2]


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
    assert len(encoder.encoded) == 2
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


class _CrashError(Exception):
    """The power goes."""


def _crash_at(monkeypatch: pytest.MonkeyPatch, step: int, error: BaseException) -> Callable[[], int]:
    """Make the nth thing that is done to the disk fail; how many things were done."""
    done = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **settings: Any) -> Any:
            nonlocal done
            done += 1
            if done == step:
                raise error
            return function(*arguments, **settings)

        return call

    for name in ("_write", "_replace", "_sync_folder"):
        monkeypatch.setattr(generations, name, counted(getattr(generations, name)))
    return lambda: done


STEPS = 13
"""Eight files and the manifest, the folder, the pointer beside, the rename, the folder again."""


def test_the_steps_that_are_made_to_fail_are_all_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the tests below would miss one."""
    done = _crash_at(monkeypatch, 0, _CrashError())
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    assert done() == STEPS


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_crash_at_any_step_leaves_a_whole_index(tmp_path: Path, step: int) -> None:
    """The old one before the rename and the new one after; and the next build works."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    with pytest.MonkeyPatch.context() as broken:
        _crash_at(broken, step, _CrashError())
        broken.setattr(shutil, "rmtree", lambda *_, **__: None)  # nor is anything tidied after a crash
        with pytest.raises(_CrashError):
            build_index(EDITED, "edited", tmp_path, FakeEncoder())
    expected = EDITED if step == STEPS else PASSAGES
    assert load_index(tmp_path, "fake").passages == expected
    assert build_index(EDITED, "edited", tmp_path, FakeEncoder()).passages == EDITED


@pytest.mark.parametrize("step", range(1, STEPS))
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_full_or_closed_disk_is_told_in_a_sentence_and_leaves_the_old_index(tmp_path: Path, step: int, code: int) -> None:
    """With no file left behind."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    before = _all_files(tmp_path)
    with pytest.MonkeyPatch.context() as broken:
        _crash_at(broken, step, OSError(code, os.strerror(code)))
        with pytest.raises(IndexUnwritableError, match=r"cannot be written there \(.+\); free space, or choose another folder with --index\."):
            build_index(EDITED, "edited", tmp_path, FakeEncoder())
    assert _all_files(tmp_path) == before


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_what_fails_after_the_swap_does_not_take_the_new_index_away(tmp_path: Path, error: BaseException) -> None:
    """It is in use by then."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    with pytest.MonkeyPatch.context() as broken, suppress(KeyboardInterrupt):
        _crash_at(broken, STEPS, error)
        build_index(EDITED, "edited", tmp_path, FakeEncoder())
    assert load_index(tmp_path, "fake").passages == EDITED


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_encoded(tmp_path: Path) -> None:
    """A minute's work is not thrown away."""
    (tmp_path / "file").write_text("in the way")
    encoder = FakeEncoder()
    with pytest.raises(IndexUnwritableError):
        build_index(PASSAGES, "course", tmp_path / "file" / "index", encoder)
    assert encoder.encoded == []


def test_an_encoder_that_fails_leaves_the_old_index_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error is its own."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    before = _all_files(tmp_path)
    monkeypatch.setattr(FakeEncoder, "encode", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        build_index(EDITED, "edited", tmp_path, FakeEncoder())
    assert _all_files(tmp_path) == before


_NAMES = ["passages.jsonl", "vectors.faiss", "heading.npy", "sentence.npy", "aspect.npy", "words-body.npz", "words-heading.npz", "manifest.json"]


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "remove"])
def test_a_file_that_is_not_what_was_written_is_never_read(tmp_path: Path, name: str, harm: str) -> None:
    """The message names the file and what to run; a build heals it."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    path = generations.current(tmp_path).folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes({"flip": bytes(data), "cut": data[:-1], "empty": b""}[harm])
    with pytest.raises(IndexUnusableError, match=rf"{name}.*genomics-tutor index build"):
        load_index(tmp_path, "fake")
    assert ensure_index(tmp_path, "course", lambda: PASSAGES, FakeEncoder()).passages == PASSAGES
    assert load_index(tmp_path, "fake").passages == PASSAGES


@pytest.mark.parametrize("pointer", ["", "one", "../elsewhere 0", "generation-0123456789abcdef 00", "a b c", "\udcff"])
def test_a_pointer_that_points_nowhere_is_refused(tmp_path: Path, pointer: str) -> None:
    """Nor does it lead out of the folder."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    (tmp_path / "current").write_bytes(pointer.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexUnusableError, match="genomics-tutor index build"):
        load_index(tmp_path, "fake")
    assert ensure_index(tmp_path, "course", lambda: PASSAGES, FakeEncoder()).passages == PASSAGES


def test_vectors_that_were_altered_are_not_taken_over(tmp_path: Path) -> None:
    """An edit after that encodes everything."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    path = generations.current(tmp_path).folder / "texts.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    encoder = FakeEncoder()
    build_index(EDITED, "edited", tmp_path, encoder)
    assert len(encoder.encoded) == TEXTS


@pytest.mark.parametrize("file", ["passages.jsonl", "heading.npy"])
def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path, file: str) -> None:
    """Even where each file is what its manifest says."""
    build_index(PASSAGES, "course", tmp_path / "one", FakeEncoder())
    build_index(PASSAGES[:2], "course", tmp_path / "other", FakeEncoder())
    (generations.current(tmp_path / "one").folder / file).write_bytes((generations.current(tmp_path / "other").folder / file).read_bytes())
    folder = generations.current(tmp_path / "one").folder
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][file] = json.loads((generations.current(tmp_path / "other").folder / "manifest.json").read_text())["files"][file]
    told = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(told)
    (tmp_path / "one" / "current").write_text(f"{folder.name} {generations.hashlib.sha256(told).hexdigest()}\n")
    with pytest.raises(IndexUnusableError, match="do not fit together"):
        load_index(tmp_path / "one", "fake")


def test_an_index_of_another_course_encoder_or_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the message says which it is."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    for arguments, what in ((("fake", "another"), "course"), (("other", "course"), "encoder")):
        with pytest.raises(IndexUnusableError, match=f"another {what};"):
            load_index(tmp_path, *arguments)
    monkeypatch.setattr(store.tokens, "VERSION", -1)
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
    assert told == [(0, TEXTS), *((done, TEXTS) for done in range(256, TEXTS, 256)), (TEXTS, TEXTS), (0, 0)]


def test_the_generation_that_was_replaced_is_removed_and_what_crashes_left_only_when_old(tmp_path: Path) -> None:
    """Another build may still be writing what is young."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    young, old = (tmp_path / f"generation-{'0' * 15}{digit}" for digit in "12")
    other = tmp_path / "notes.txt"
    other.write_text("not ours")
    for folder in (young, old):
        folder.mkdir()
        (folder / "passages.jsonl").write_bytes(b"half")
    hours_ago = time.time() - 7200
    os.utime(old, (hours_ago, hours_ago))
    build_index(EDITED, "edited", tmp_path, FakeEncoder())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["current", generations.current(tmp_path).folder.name, young.name, "notes.txt"])


def test_builds_side_by_side_leave_one_whole_index_that_readers_can_always_read(tmp_path: Path) -> None:
    """Whichever ends last is in use; no reader ever sees half of one."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    wrong: list[object] = []
    ended = threading.Event()

    def build(passages: tuple[Passage, ...]) -> None:
        for _ in range(8):
            wrong.extend([] if build_index(passages, "course", tmp_path, FakeEncoder()).passages == passages else ["built"])

    def read() -> None:
        while not ended.is_set():
            try:
                wrong.extend([] if load_index(tmp_path, "fake").passages in (PASSAGES, EDITED) else ["read"])
            except Exception as error:  # noqa: BLE001  # any is wrong
                wrong.append(error)

    builders = [threading.Thread(target=build, args=(passages,)) for passages in (PASSAGES, EDITED)]
    reader = threading.Thread(target=read)
    for thread in (*builders, reader):
        thread.start()
    for thread in builders:
        thread.join()
    ended.set()
    reader.join()
    assert wrong == []
    assert load_index(tmp_path, "fake").passages in (PASSAGES, EDITED)
