"""What is kept of questions, and what is not."""

from __future__ import annotations

import io
import json
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


def test_events_go_from_machine_to_machine_twice_over_without_doubling(tmp_path: Path) -> None:
    first, second = Journal(tmp_path / "a" / "j.sqlite"), Journal(tmp_path / "b" / "j.sqlite")
    for number in range(3):
        first.record(REPLY, f"question {number}")
    out = io.StringIO()
    assert first.export(out) == 3
    assert second.take(io.StringIO(out.getvalue())).taken == 3
    again = second.take(io.StringIO(out.getvalue()))
    assert (again.taken, again.known) == (0, 3)
    assert second.events() == first.events()


def test_a_truncated_file_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    first, second = Journal(tmp_path / "a.sqlite"), Journal(tmp_path / "b.sqlite")
    first.record(REPLY, "one")
    first.record(REPLY, "two")
    out = io.StringIO()
    first.export(out)
    result = second.take(io.StringIO(out.getvalue()[:-30]))
    assert result.taken == 1
    assert result.complaints == ("Line 3 is no event of a journal; it was left out.",)


@pytest.mark.parametrize("head", ["", "no json\n", '{"journal": "other", "format": 1}\n', '{"journal": "genomics-tutor", "format": 99}\n'])
def test_what_is_no_journal_is_refused_in_one_sentence(tmp_path: Path, head: str) -> None:
    result = Journal(tmp_path / "j.sqlite").take(io.StringIO(head + json.dumps({"id": "x"})))
    assert result.taken == 0
    assert len(result.complaints) == 1


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
