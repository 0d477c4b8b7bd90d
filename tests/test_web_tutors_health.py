"""The page on the health of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closing_fakes import closing_app
from tutor_fakes import signed_in, token

from assistant.journal import Journal
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

BAD = "<script>alert(1)</script> QWXYZ"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over the small course."""
    return closing_app(tmp_path)


def test_a_trainee_does_not_see_it(app: Flask) -> None:
    assert app.test_client().get("/tutor/health/").status_code == 303


def test_it_is_shown_with_and_without_questions(app: Flask, tmp_path: Path) -> None:
    tutor = signed_in(app)
    assert "Too few conversations" in tutor.get("/tutor/health/").text
    journal = Journal(tmp_path / "data" / "journal.sqlite")
    for talk in ("a", "b", "c"):
        body = {"question": BAD, "understood": BAD, "cited": ["1.6#autosomal-dominant/1"], "conversation": talk}
        journal.add("feedback", {"about": journal.add("question", body), "verdict": "not_helpful", "reason": "wrong"})
    page = tutor.get("/tutor/health/?months=24").text
    assert "QWXYZ" in page
    assert "<script>alert" not in page
    assert page.count('href="/course/1.6#autosomal-dominant/1.1"') == 2
    assert "3 conversations" in page
    assert tutor.get("/tutor/health/?months=%00<script>").status_code == 200


def test_passages_are_compared_in_the_background(app: Flask) -> None:
    tutor = signed_in(app)
    assert tutor.post("/tutor/health/duplicates", data={"token": token(tutor)}).status_code == 303
    with app.app_context():
        assert workshop().comparing.work.wait(30)
    assert "There are none." in tutor.get("/tutor/health/").text


def test_a_journal_that_cannot_be_read_is_told_in_a_sentence(app: Flask, tmp_path: Path) -> None:
    tutor = signed_in(app)
    (tmp_path / "data" / "journal.sqlite").write_bytes(b"not a database" * 100)
    assert tutor.get("/tutor/health/").status_code == 503
