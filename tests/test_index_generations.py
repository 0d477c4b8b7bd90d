"""A crash, a full disk, an altered file, two builds at once: there is always a whole index, or a sentence that says what to run."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fakes import EDITED, PASSAGES, FakeEncoder

from index import generations
from index.generations import IndexUnusableError, IndexUnwritableError
from index.store import build_index, ensure_index, load_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus import Passage


def _all_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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

    for name in ("_write", "_replace", "sync_folder"):
        monkeypatch.setattr(generations, name, counted(getattr(generations, name)))
    return lambda: done


STEPS = 16
"""Eleven files and the manifest, the folder, the pointer beside, the rename, the folder again."""


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
        with pytest.raises(IndexUnwritableError, match=r"cannot be written there \(.+\); free space, or .* --index\."):
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


_NAMES = [
    "passages.jsonl",
    "vectors.faiss",
    "heading.npy",
    "sentence.npy",
    "aspect.npy",
    "sentence.onnx",
    "words-body.npz",
    "words-heading.npz",
    "manifest.json",
]


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
        path.write_bytes({"flip": bytes(data), "cut": bytes(data[:-1]), "empty": b""}[harm])
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


@pytest.mark.parametrize("file", ["passages.jsonl", "heading.npy"])
def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path, file: str) -> None:
    """Even where each file is what its manifest says."""
    build_index(PASSAGES, "course", tmp_path / "one", FakeEncoder())
    build_index(PASSAGES[:2], "course", tmp_path / "other", FakeEncoder())
    folder, other = (generations.current(tmp_path / name).folder for name in ("one", "other"))
    (folder / file).write_bytes((other / file).read_bytes())
    manifest, foreign = (json.loads((place / "manifest.json").read_text()) for place in (folder, other))
    manifest["files"][file] = foreign["files"][file]
    told = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(told)
    (tmp_path / "one" / "current").write_text(f"{folder.name} {hashlib.sha256(told).hexdigest()}\n")
    with pytest.raises(IndexUnusableError, match="do not fit together"):
        load_index(tmp_path / "one", "fake")


def test_a_manifest_of_another_version_is_refused(tmp_path: Path) -> None:
    """However whole it is."""
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    folder = generations.current(tmp_path).folder
    for told in (b"{}", b"[]", b"no JSON"):
        (folder / "manifest.json").write_bytes(told)
        (tmp_path / "current").write_text(f"{folder.name} {hashlib.sha256(told).hexdigest()}\n")
        with pytest.raises(IndexUnusableError, match="another version"):
            load_index(tmp_path, "fake")


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
    kept = {"current", generations.current(tmp_path).folder.name, young.name, "notes.txt"}
    assert {path.name for path in tmp_path.iterdir()} == kept


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


def test_vectors_that_were_let_go_are_read_again_as_they_were(tmp_path: Path) -> None:
    build_index(PASSAGES, "course", tmp_path, FakeEncoder())
    vectors = load_index(tmp_path, "fake").vectors["sentence"]
    before = np.array(vectors)
    generations.let_go(vectors)
    assert np.array_equal(vectors, before)
    generations.let_go(before)  # was never on disk
