"""A unit changed: the draft read and checked, the file replaced whole, the course copied where it cannot be changed in place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tiny_course import PLAIN, TRAPS, course, faultless

from corpus import CourseError, load_course
from corpus.checks import check_course
from corpus.draft import LARGEST_UNIT, file_for, read_draft
from corpus.own_copy import CopyError, copy_course, editable, own_copy
from corpus.saving import MOST_BACKUPS, UnitChangedError, UnitFiles, UnitUnwritableError, digest_of

FILE = "1-first/02-plain.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course of two units."""
    return course(tmp_path / "course")


@pytest.fixture
def files(folder: Path, tmp_path: Path) -> UnitFiles:
    """Its units' files, outside any git checkout."""
    return UnitFiles(folder / "modules", tmp_path / "data" / "backups")


def test_a_draft_that_changes_nothing_has_no_change_and_no_fault(tmp_path: Path) -> None:
    folder = faultless(tmp_path)
    file = TRAPS.removeprefix("modules/")
    draft = read_draft(load_course(folder), folder, file, (folder / TRAPS).read_bytes())
    assert draft.changes == ()
    assert draft.faults == ()
    assert draft.replaces is not None


def test_a_draft_tells_what_would_change_by_passage_and_reads_no_other_file_anew(folder: Path, files: UnitFiles) -> None:
    before = load_course(folder)
    text = files.read(FILE).decode()
    draft = read_draft(before, folder, FILE, f"{text}\n\n## A new section {{#new-one}}\n\nOne more sentence stands here.\n".encode())
    assert {change.passage: (change.old, change.new) for change in draft.changes}["1.2#new-one/1"] == ("", "One more sentence stands here.")
    assert files.read(FILE).decode() == text


def test_a_draft_has_the_faults_that_the_check_of_the_course_would_find(folder: Path, files: UnitFiles) -> None:
    worse = files.read(FILE).decode() + "\nThe colour is qwertzuiop and [nowhere](9.9#none).\n"
    draft = read_draft(load_course(folder), folder, FILE, worse.encode())
    told = " ".join(fault.message for fault in draft.faults)
    assert "qwertzuiop" in told
    assert "leads to no unit" in told
    (folder / PLAIN).write_text(worse, encoding="utf-8")
    assert list(draft.faults) == [fault for fault in check_course(folder) if fault.file == PLAIN]


def test_a_draft_warns_of_links_and_terms_that_would_hang(folder: Path) -> None:
    before = load_course(folder)
    traps = next(unit for unit in before.units.values() if unit.id == "1.1")
    text = (folder / "modules" / traps.file).read_text(encoding="utf-8")
    draft = read_draft(before, folder, traps.file, text.replace("{#table", "{#other-table").encode())
    assert any("glossary.yaml" in fault.file and "1.1#table" in fault.message for fault in draft.faults)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe broken", "not UTF-8"),
        (b"---\nunit: [\n---\n## A\n\nText.\n", "not YAML"),
        (b'---\nunit: "1.1"\n---\n## A\n\nText.\n', "already used"),
        (b"", "no text"),
        (b"---\nunit: '1.2'\n---\n", "no text"),
        (b"## A {#x}\n\nOne.\n\n## B {#x}\n\nTwo.\n", "x"),
        (b"a" * (LARGEST_UNIT + 1), "larger than 256 KB"),
    ],
)
def test_what_the_parser_refuses_is_no_draft(folder: Path, data: bytes, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        read_draft(load_course(folder), folder, FILE, data)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x.md", "/abs/path.md", "a/../../b.md", ".hidden.md", "", "<script>.md", "x" * 400, "\x00.md"]
)
def test_a_file_handed_in_lands_among_the_units_whatever_it_is_called(folder: Path, name: str) -> None:
    found = file_for(load_course(folder), name, b'---\nunit: "1.9"\n---\n## A\n\nText.\n')
    assert found.startswith("1-first/")
    assert found.count("/") == 1
    assert not Path(found).name.startswith(".")
    assert "<" not in found
    assert len(found) < 100


def test_a_file_handed_in_with_the_id_of_a_unit_replaces_that_unit(folder: Path) -> None:
    assert file_for(load_course(folder), "anything.md", b'---\nunit: "1.2"\n---\n## A\n\nText.\n') == FILE


@pytest.mark.parametrize("file", ["../x.md", "/etc/passwd", "1-first/../../x.md", "1-first/figures/a.svg", "", "."])
def test_no_file_outside_the_units_can_be_named(files: UnitFiles, file: str) -> None:
    with pytest.raises(UnitUnwritableError, match="no file of a unit"):
        files.save(file, b"x", "")
    with pytest.raises(UnitUnwritableError, match="no file of a unit"):
        files.read(file)


def test_what_a_save_replaced_is_kept_and_can_be_had_again(files: UnitFiles) -> None:
    old = files.read(FILE)
    files.save(FILE, b"new", digest_of(old))
    (kept,) = files.replaced(FILE)
    assert files.backup(FILE, kept.name) == old
    assert files.backup(FILE, "../../../etc/passwd") is None
    files.save(FILE, old, digest_of(b"new"))
    assert files.read(FILE) == old
    assert len(files.replaced(FILE)) == 2


def test_a_git_checkout_keeps_only_the_last_text_for_undoing(files: UnitFiles, folder: Path) -> None:
    (folder / ".git").mkdir()
    data = files.read(FILE)
    for text in (b"one", b"two", b"three"):
        files.save(FILE, text, digest_of(data))
        data = text
    assert [files.backup(FILE, one.name) for one in files.replaced(FILE)] == [b"two"]
    assert MOST_BACKUPS > 1


def test_of_two_who_save_at_once_one_is_told_and_nothing_is_lost(files: UnitFiles) -> None:
    old = files.read(FILE)
    start, told, saved = threading.Barrier(2), [], []

    def save(text: bytes) -> None:
        start.wait()
        try:
            files.save(FILE, text, digest_of(old))
            saved.append(text)
        except UnitChangedError as error:
            told.append(error.now)

    savers = [threading.Thread(target=save, args=(text,)) for text in (b"mine", b"yours")]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert len(saved) == len(told) == 1
    assert told == saved == [files.read(FILE)]
    assert files.backup(FILE, files.replaced(FILE)[0].name) == old


KILLED = """
import os, sys
from pathlib import Path
from corpus.saving import UnitFiles, digest_of
place, number, root, backups, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5]
calls = 0
def dying(original, before):
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == number and before:
            os.kill(os.getpid(), 9)
        result = original(*arguments, **named)
        if calls == number:
            os.kill(os.getpid(), 9)
        return result
    return call
name, when = place.split("-")
if name == "fsync":
    os.fsync = dying(os.fsync, when == "before")
elif name == "replace":
    Path.replace = dying(Path.replace, when == "before")
else:
    Path.unlink = dying(Path.unlink, when == "before")
files = UnitFiles(root, backups)
files.save(file, b"## New {#new}\\n\\nNew text.\\n", digest_of(files.read(file)))
"""


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("place", ["fsync-before", "fsync-after", "replace-before", "replace-after"])
def test_a_save_that_is_killed_leaves_the_old_unit_or_the_new_one(
    folder: Path, files: UnitFiles, tmp_path: Path, place: str, number: int
) -> None:
    old, new = files.read(FILE), b"## New {#new}\n\nNew text.\n"
    arguments = [sys.executable, "-c", KILLED, place, str(number), str(files.root), str(files.backups), FILE]
    done = subprocess.run(arguments, check=False, env={"PYTHONPATH": str(Path(__file__).parent.parent)}, capture_output=True)
    assert done.returncode == -9, done.stderr
    now = files.read(FILE)
    assert now == (new if (place, number) == ("replace-after", 2) else old)
    assert all(files.backup(FILE, one.name) == old for one in files.replaced(FILE))
    assert load_course(folder).units
    for path in tmp_path.rglob(".*.saving"):
        os.utime(path, (0, 0))
    files.save(FILE, b"## Next {#next}\n\nNext text.\n", digest_of(now))
    assert files.read(FILE).startswith(b"## Next")
    assert list(tmp_path.rglob(".*.saving")) == []


def test_a_disk_that_refuses_is_told_and_leaves_the_old_unit(files: UnitFiles, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "backups").write_text("a file in the way", encoding="utf-8")
    old = files.read(FILE)
    with pytest.raises(UnitUnwritableError, match="cannot be saved"):
        files.save(FILE, b"new", digest_of(old))
    assert files.read(FILE) == old


def test_a_copy_holds_the_same_course_and_is_found_again(folder: Path, tmp_path: Path) -> None:
    assert own_copy(folder, tmp_path / "data") is None
    made = copy_course(folder, tmp_path / "data")
    assert load_course(made.folder).digest == load_course(folder).digest
    assert own_copy(folder, tmp_path / "data") == made == copy_course(folder, tmp_path / "data")
    assert list(made.folder.glob("modules/*/figures/*.svg"))
    assert own_copy(tmp_path / "other", tmp_path / "data") is None


def test_a_copy_that_was_broken_off_is_removed_by_the_next(folder: Path, tmp_path: Path) -> None:
    half = tmp_path / "data" / ".course-half"
    course(half)
    os.utime(half, (0, 0))
    assert own_copy(folder, tmp_path / "data") is None
    copy_course(folder, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["course"]


def test_what_lies_in_the_place_of_the_copy_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "course").mkdir(parents=True)
    (tmp_path / "data" / "course" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CopyError, match="move what lies there away"):
        copy_course(folder, tmp_path / "data")
    assert (tmp_path / "data" / "course" / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["course"]


def test_a_mark_that_is_damaged_is_no_mark(folder: Path, tmp_path: Path) -> None:
    made = copy_course(folder, tmp_path / "data")
    (made.folder / "edited-copy.json").write_text(json.dumps(["?"]), encoding="utf-8")
    assert own_copy(folder, tmp_path / "data") is None


def test_an_installed_course_is_not_changed_where_it_lies(tmp_path: Path) -> None:
    course(tmp_path / "lib" / "site-packages" / "corpus")
    course(tmp_path / "mine")
    assert not editable(tmp_path / "lib" / "site-packages" / "corpus")
    assert editable(tmp_path / "mine")
