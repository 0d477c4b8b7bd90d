"""Feedback and notes as events: what they hold, and which of them count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.feedback import FEEDBACK, LONGEST_COMMENT, NOTE, feedback_body, latest_feedback, note_body, notes
from assistant.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path


def test_comments_and_notes_are_masked_and_bounded() -> None:
    assert feedback_body("q", "not_helpful", "wrong", "MRN 123456\n was mine")["comment"] == "[record number] was mine"
    assert note_body("q", "张伟 住院号 20231187", "13800138000") == {
        "about": "q",
        "question": "[name] [record number]",
        "note": "[telephone]",
    }
    assert len(feedback_body("q", "helpful", "", "x" * 5000)["comment"]) == LONGEST_COMMENT


def test_what_helped_has_no_reason() -> None:
    assert feedback_body("q", "helpful", "wrong")["reason"] == ""


@pytest.mark.parametrize(("verdict", "reason"), [("", ""), ("fine", ""), ("not_helpful", "bored")])
def test_what_is_no_feedback_is_refused(verdict: str, reason: str) -> None:
    with pytest.raises(ValueError, match="helpful"):
        feedback_body("q", verdict, reason)


def test_the_latest_feedback_and_the_first_note_count(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite")
    for verdict, reason in (("helpful", ""), ("not_helpful", "incomplete")):
        journal.add(FEEDBACK, dict(feedback_body("one", verdict, reason)))
        journal.add(NOTE, dict(note_body("one", "q", verdict)))
    journal.add(FEEDBACK, dict(feedback_body("two", "helpful")))
    assert {about: body["verdict"] for about, body in latest_feedback(journal.events()).items()} == {"one": "not_helpful", "two": "helpful"}
    assert notes(journal.events())["one"]["note"] == "helpful"
