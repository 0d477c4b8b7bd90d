"""Connections that stay open: what is kept, what is given up, and what is nowhere left on the disk."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from assistant.open_database import OpenDatabase

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


def tables(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA secure_delete = ON").fetchall()
    database.execute("CREATE TABLE IF NOT EXISTS word (text TEXT)")


@pytest.fixture
def file(tmp_path: Path) -> OpenDatabase:
    return OpenDatabase(tmp_path / "folder" / "words.sqlite", tables)


def write(file: OpenDatabase, text: str) -> None:
    with file.transaction(write=True) as database:
        database.execute("INSERT INTO word VALUES (?)", (text,))


def write_half(file: OpenDatabase) -> None:
    with file.transaction(write=True) as database:
        database.execute("INSERT INTO word VALUES (?)", (f"{1 / 1}",))
        database.execute("INSERT INTO word VALUES (?)", (f"{1 / 0}",))


def words(file: OpenDatabase) -> list[str]:
    with file.transaction(write=False) as database:
        return [text for (text,) in database.execute("SELECT text FROM word ORDER BY rowid")]


def test_what_is_written_waits_for_the_disk(file: OpenDatabase) -> None:
    """Each transaction waits for the disk (FULL), so that a power cut takes nothing that a page has shown."""
    with file.transaction(write=True) as database:
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_connection_is_used_again(file: OpenDatabase) -> None:
    with file.transaction(write=True) as first:
        pass
    with file.transaction(write=True) as second:
        assert second is first


def test_two_transactions_never_share_a_connection(file: OpenDatabase) -> None:
    write(file, "a")
    with file.transaction(write=False) as one, file.transaction(write=False) as other:
        assert one is not other


def test_what_ends_with_an_error_is_not_kept(file: OpenDatabase) -> None:
    write(file, "a")
    with pytest.raises(ZeroDivisionError):
        write_half(file)
    assert words(file) == ["a"]


def test_a_file_that_was_removed_is_begun_anew(file: OpenDatabase) -> None:
    write(file, "a")
    shutil.rmtree(file.path.parent)
    write(file, "b")
    assert words(file) == ["b"]
    assert OpenDatabase(file.path, tables).path.exists()
    assert words(OpenDatabase(file.path, tables)) == ["b"]


def test_a_file_that_was_put_back_from_a_backup_is_the_one_read(file: OpenDatabase, tmp_path: Path) -> None:
    other = OpenDatabase(tmp_path / "backup.sqlite", tables)
    write(other, "kept")
    other.write_back()
    write(file, "lost")
    file.write_back()
    for log in file.path.parent.glob("*-*"):
        log.unlink()
    other.path.replace(file.path)
    assert words(file) == ["kept"]


def test_words_that_were_deleted_are_nowhere_on_the_disk(file: OpenDatabase) -> None:
    write(file, "Hexakosioi")
    with file.transaction(write=True) as database:
        database.execute("DELETE FROM word")
    file.write_back()
    assert all(b"Hexakosioi" not in one.read_bytes() for one in file.path.parent.iterdir())


def test_many_threads_write_at_once(file: OpenDatabase) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(file, str(number)), range(80)))
    assert sorted(words(file), key=int) == [str(number) for number in range(80)]


def test_a_folder_that_cannot_be_made_is_told_as_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError), OpenDatabase(tmp_path / "file" / "words.sqlite", tables).transaction(write=True):  # noqa: PT011
        pass


def test_writers_of_one_process_take_turns(file: OpenDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them is told that the file is locked, though none would wait for it: SQLite is never asked by two at once."""
    monkeypatch.setattr("assistant.open_database._SECONDS", 0)
    both = Barrier(8)

    def at_once(number: int) -> None:
        both.wait()
        for count in range(20):
            write(file, f"{number}.{count}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(at_once, range(8)))
    assert len(words(file)) == 160
