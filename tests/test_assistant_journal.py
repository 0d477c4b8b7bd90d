"""What is kept of questions, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from assistant import NotCovered, Question
from assistant.journal import Journal, JournalError
from assistant.masking import masked

if TYPE_CHECKING:
    from pathlib import Path

REPLY = NotCovered(Question("q", "q"), 0.1, ())


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("身份证 110101199003071234 的患者", "110101199003071234"),
        ("call 13800138000 about PKU", "13800138000"),
        ("住院号：20231187 的结果", "20231187"),
        ("patient born 12/03/1990", "12/03/1990"),
        ("mail li.wei@example.cn", "li.wei@example.cn"),
        ("MRN 00123456", "00123456"),
    ],
)
def test_marks_of_identity_are_masked(text: str, hidden: str) -> None:
    assert hidden not in masked(text)


@pytest.mark.parametrize("text", ["c.1521_1523del", "1 in 10,000", "NM_000492.4:c.1521del", "incidence 1/100000 in 2023", "LOD score 3.3"])
def test_figures_of_the_field_are_not(text: str) -> None:
    assert masked(text) == text


def test_old_events_are_removed_and_new_ones_stay(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite")
    now = datetime.now(UTC)
    journal.record(REPLY, "old", now=now - timedelta(days=40))
    journal.record(REPLY, "new", now=now)
    assert journal.purge(now - timedelta(days=30)) == 1
    assert [event.body["question"] for event in journal.events()] == ["new"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="--data"):
        Journal(tmp_path / "file" / "j.sqlite").record(REPLY, "q")


def test_events_of_the_same_millisecond_stay_in_their_order(tmp_path: Path) -> None:
    journal, now = Journal(tmp_path / "j.sqlite"), datetime.now(UTC)
    ids = [journal.add("note", {}, now=now) for _ in range(12)]
    other = Journal(tmp_path / "other.sqlite")
    other.take(journal.events())
    assert [event.id for event in journal.events()] == [event.id for event in other.events()] == ids
