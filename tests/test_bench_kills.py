"""The script that kills the program at random moments runs, and finds what is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

BENCH = Path(__file__).parent / "bench"
sys.path.insert(0, str(BENCH))

from kills_home import Acknowledged, Home, edited  # noqa: E402
from kills_left import half_written, left_over  # noqa: E402

if TYPE_CHECKING:
    from assistant import Assistant

needs_groups = pytest.mark.skipif(sys.platform == "win32", reason="process groups and SIGKILL are of POSIX systems")


@needs_groups
def test_six_kills_lose_and_break_nothing(assistant: Assistant, four_units_index: Path) -> None:
    """Kinds of work that start the program once for each kill."""
    assert assistant.course.units
    words = ["--kills", "6", "--kinds", "journal writes,re-index", "--index", str(four_units_index)]
    done = subprocess.run([sys.executable, str(BENCH / "kills.py"), *words], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| all | 6 | 0 | 0 | |" in done.stdout
    assert "nothing left over" in done.stdout


def test_what_is_lost_or_strange_is_found(tmp_path: Path) -> None:
    """Or the table could only say nought."""
    home = Home.made(tmp_path, tmp_path / "course")
    home.acknowledged = Acknowledged(texts={b"one"}, saved=edited("Acknowledged."), events={"gone"}, answers={"Lost.": "Lost."}, saves=1)
    for name, table in (("journal", "event (id)"), ("answers", "revision (body)")):
        with closing(sqlite3.connect(home.data / f"{name}.sqlite")) as database:
            database.execute(f"CREATE TABLE {table}")
    assert [fault.words for fault in home.lost_rows()] == ["event gone", "the tutor's answer Lost.", "1 lines of the audit trail"]
    (home.data / "version.json").write_text('{"form', encoding="utf-8")
    (home.data / "practice.sqlite").write_bytes(b"half a page" * 100)
    (home.data / ".half.saving").write_bytes(b"half")
    assert [words.partition(":")[0] for words in half_written(home.data)] == ["practice.sqlite", "version.json"]
    assert left_over(home.data) == [".half.saving"]
