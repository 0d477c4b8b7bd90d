"""The page of test questions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from closing_fakes import closing_app, text_app
from tutor_fakes import signed_in, token

from web.tutors.workshop import begin_testing, workshop

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over the small course."""
    return closing_app(tmp_path)


@pytest.fixture
def tutor(app: Flask) -> FlaskClient:
    """A tutor's browser."""
    return signed_in(app)


def add(client: FlaskClient, question: str, section: str = "", terms: str = "") -> TestResponse:
    return client.post("/tutor/golden/add", data={"token": token(client), "question": question, "section": section, "terms": terms})


def asked(app: Flask) -> None:
    with app.app_context():
        assert workshop().testing.wait(30)


def test_a_question_that_is_added_is_asked_and_its_result_is_shown(app: Flask, tutor: FlaskClient) -> None:
    assert add(tutor, "What is the risk to each child?", "1.6#autosomal-dominant", "50%, altered copy").status_code == 303
    assert add(tutor, "A thing that is not covered?").status_code == 303
    asked(app)
    page = tutor.get("/tutor/golden/").text
    assert "1 of 2 pass." in page
    assert "It is not answered." in page


def test_the_questions_are_asked_after_a_change_of_the_text(tmp_path: Path) -> None:
    app = text_app(tmp_path)
    tutor = signed_in(app)
    add(tutor, "What is said?")
    asked(app)
    with app.app_context():
        before = len(workshop().golden.runs())
        workshop().refreshing.start()
        assert workshop().refreshing.wait(30)
        assert workshop().testing.wait(30)
        assert len(workshop().golden.runs()) == before + 1


@pytest.mark.parametrize(
    ("renewed", "last_asked", "runs"),
    [(True, "", 1), (True, "this", 2), (False, "", 0), (False, "this", 1), (False, "another", 2)],
    ids=["new index", "new index of the same course", "never asked", "nothing new", "another course than the last"],
)
def test_the_questions_are_asked_at_a_start_with_a_new_index_or_course(app: Flask, renewed: bool, last_asked: str, runs: int) -> None:  # noqa: FBT001
    """And at no other start: it would keep a run that says nothing."""
    held = app.extensions["genomics-tutor"]
    with app.app_context():
        golden = workshop().golden
        golden.add("What is the risk to each child?")
        if last_asked:
            golden.run(held.assistant, held.course.digest if last_asked == "this" else last_asked)
    begin_testing(app, renewed=renewed)
    asked(app)
    assert len(golden.runs()) == runs


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (("", "", ""), "There is no question"),
        (("Q?", "9.9#none", ""), "no such section"),
        (("Q?", "", "a," * 30), None),
        (("Q?", "", ",".join("abcdefghijklmnop")), "too many"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(tutor: FlaskClient, form: tuple[str, str, str], told: str | None) -> None:
    answer = add(tutor, *form)
    assert answer.status_code == (303 if told is None else 400)
    assert told is None or told in answer.text


def test_a_question_runs_nowhere_and_can_be_removed(app: Flask, tutor: FlaskClient) -> None:
    add(tutor, "<script>alert(1)</script>", "", "<img src=x onerror=alert(1)>")
    asked(app)
    page = tutor.get("/tutor/golden/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    found = re.search(r'name="question" value="([0-9a-f]{12})"', page)
    assert found
    assert tutor.post("/tutor/golden/remove", data={"token": token(tutor), "question": found[1]}).status_code == 303
    assert tutor.post("/tutor/golden/remove", data={"token": token(tutor), "question": found[1]}).status_code == 404
    assert "There is no test question yet." in tutor.get("/tutor/golden/").text
