"""A file is replaced whole, and what a killed program left of one is removed by the next to write there."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from corpus.whole_files import LEFT_BEHIND_SECONDS, remove_left_behind, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def _aged(path: Path) -> Path:
    """The path, as it is when an hour has gone by."""
    then = time.time() - LEFT_BEHIND_SECONDS - 60
    os.utime(path, (then, then))
    return path


def _written(path: Path) -> Path:
    path.write_bytes(b"half")
    return path


def test_a_file_and_its_folder_are_made_and_replaced(tmp_path: Path) -> None:
    """And nothing lies beside it afterwards."""
    path = tmp_path / "a" / "b.md"
    write_whole(path, b"one")
    path.chmod(0o600)
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["b.md"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_failed_replacement_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing beside it."""
    path = tmp_path / "b.md"
    write_whole(path, b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["b.md"]


def test_what_a_killed_program_left_is_removed_by_the_next_write_after_an_hour(tmp_path: Path) -> None:
    """What may still be being written stays, and so does what is nobody's to remove."""
    _aged(_written(tmp_path / ".old.saving"))
    fresh, own = _written(tmp_path / ".fresh.saving"), _aged(_written(tmp_path / "own.md"))
    write_whole(tmp_path / "b.md", b"one")
    assert sorted(tmp_path.iterdir()) == sorted([fresh, own, tmp_path / "b.md"])


def test_folders_are_removed_whole(tmp_path: Path) -> None:
    """Those of the pattern alone."""
    for name in (".course-a", "course"):
        (tmp_path / name).mkdir()
        _written(tmp_path / name / "unit.md")
        _aged(tmp_path / name)
    remove_left_behind(tmp_path, ".course-*")
    assert [one.name for one in tmp_path.iterdir()] == ["course"]
    remove_left_behind(tmp_path / "nowhere", "*")
