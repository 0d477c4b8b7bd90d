"""The pages on which tutors answer, and the chat that shows their answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from closing_fakes import closing_app
from tutor_fakes import signed_in, token

from assistant.tutor_answers import TutorAnswers

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ASKED = "Is the spinal muscular atrophy drug not covered here?"
BAD = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) \"quoted'>"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over the small course."""
    return closing_app(tmp_path)


@pytest.fixture
def tutor(app: Flask) -> FlaskClient:
    """A tutor's browser."""
    return signed_in(app)


def save(client: FlaskClient, path: str = "/tutor/answers/new", **form: str) -> TestResponse:
    return client.post(path, data={"token": token(client), "action": "save", "question": ASKED, "body": "Ask the ward."} | form)


def ask(app: Flask, question: str = ASKED) -> str:
    client = app.test_client()
    return client.post("/ask", data={"token": token(client), "question": question}, follow_redirects=True).text


def the_answer(client: FlaskClient) -> str:
    found = re.search(r'/tutor/answers/([0-9a-f]{12})"', client.get("/tutor/answers/").text)
    assert found
    return found[1]


def test_a_trainee_sees_no_page_of_answers(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/tutor/answers/").status_code == 303
    assert client.post("/tutor/answers/new", data={"token": token(client), "question": "Q", "body": "A"}).status_code == 303
    assert "There is no answer yet." in signed_in(app).get("/tutor/answers/").text


def test_an_answer_stands_in_the_chat_the_moment_it_is_saved(app: Flask, tutor: FlaskClient) -> None:
    before = ask(app)
    assert "answered by your tutors" not in before
    assert save(tutor).status_code == 303
    after = ask(app)
    assert "Not in the course; answered by your tutors on" in after
    assert "Ask the ward." in after


def test_an_answer_stands_before_the_course_sentences_and_takes_none_away(app: Flask, tutor: FlaskClient) -> None:
    question = "What is the risk to each child in Huntington disease?"
    plain = ask(app, question)
    save(tutor, question=question, body="Half, see `1.6#autosomal-dominant/1`.")
    page = ask(app, question)
    assert page.index("Answered by your tutors") < page.index('data-slot="sentences"')
    assert page.count('class="one"') == plain.count('class="one"') > 0
    assert 'href="/course/1.6#autosomal-dominant/1.1"' in page


def test_an_answer_is_in_the_stream_too(app: Flask, tutor: FlaskClient) -> None:
    save(tutor)
    client = app.test_client()
    stream = client.post("/ask/stream", data={"token": token(client), "question": ASKED}).text
    assert "Ask the ward." in stream.partition("event: state")[2].partition("event: ")[0]


def test_the_author_is_named_only_by_choice(app: Flask, tutor: FlaskClient) -> None:
    save(tutor)
    assert "Test tutor" not in ask(app)
    save(tutor, f"/tutor/answers/{the_answer(tutor)}", begun_from="1", author="1")
    assert "Test tutor" in ask(app)


def test_the_second_of_two_tutors_is_told_and_keeps_what_was_written(app: Flask, tutor: FlaskClient) -> None:
    save(tutor)
    path = f"/tutor/answers/{the_answer(tutor)}"
    other = signed_in(app, name="Other tutor")
    assert save(tutor, path, begun_from="1", body="The first to save.").status_code == 303
    told = save(other, path, begun_from="1", body="The second to save.")
    assert told.status_code == 409
    assert "The first to save." in told.text
    assert "The second to save.</textarea>" in told.text
    assert 'name="begun_from" value="2"' in told.text
    assert save(other, path, begun_from="2", body="Both together.").status_code == 303
    assert "Both together." in ask(app)


def test_an_answer_taken_away_is_gone_from_the_chat_and_can_be_brought_back(app: Flask, tutor: FlaskClient) -> None:
    save(tutor)
    path = f"/tutor/answers/{the_answer(tutor)}"
    assert save(tutor, path, begun_from="1", action="remove").status_code == 303
    assert "Ask the ward." not in ask(app)
    assert "Ask the ward." in tutor.get(f"{path}?revision=1").text
    save(tutor, path, begun_from="2")
    assert "Ask the ward." in ask(app)


def test_an_answer_says_when_the_course_has_outrun_it(app: Flask, tutor: FlaskClient, tmp_path: Path) -> None:
    save(tutor, body="See `1.6#autosomal-dominant/1`.")
    store = TutorAnswers(tmp_path / "data" / "answers.sqlite")
    (kept,) = store.latest()
    store.save(kept.written, {"1.6#autosomal-dominant/1": "As it once was."}, answer=kept.id, begun_from=1)
    assert "has changed since it was written" in ask(app)
    assert "A cited passage has changed since" in tutor.get("/tutor/answers/").text


@pytest.mark.parametrize("field", ["question", "body", "phrasings"])
def test_what_a_tutor_writes_runs_nowhere(app: Flask, tutor: FlaskClient, field: str) -> None:
    save(tutor, **{field: BAD, "phrasings" if field != "phrasings" else "author": ASKED})
    path = f"/tutor/answers/{the_answer(tutor)}"
    shown = [ask(app), tutor.get("/tutor/answers/").text, tutor.get(path).text, save(tutor, path, **{field: BAD, "action": "preview"}).text]
    preview = tutor.post("/tutor/answers/preview", data={"token": token(tutor), "body": BAD}).get_json()["html"]
    for page in (*shown, preview):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"question": " "}, "There is no question"),
        ({"body": ""}, "There is no answer"),
        ({"body": "x" * 10_001}, "longer than 10,000"),
        ({"phrasings": "\n".join(map(str, range(20)))}, "more than 12"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(tutor: FlaskClient, form: dict[str, str], told: str) -> None:
    refused = save(tutor, **form)
    assert refused.status_code == 400
    assert told in refused.text
    assert "There is no answer yet." in tutor.get("/tutor/answers/").text


def test_a_passage_that_is_none_is_told_of_in_the_preview(tutor: FlaskClient) -> None:
    shown = save(tutor, body="See `9.9#nowhere/1` and `1.6#recurrence/1`.", action="preview").text
    assert "The course has no such passage:</p>" not in shown
    assert "<code>9.9#nowhere/1</code>" in shown.partition("no such passage")[2]
    assert "1.6#recurrence/1" not in shown.partition("no such passage")[2].partition("</p>")[0]


def test_an_unknown_answer_is_not_found(tutor: FlaskClient) -> None:
    assert tutor.get("/tutor/answers/none").status_code == 404
    assert save(tutor, "/tutor/answers/none").status_code == 404


def test_a_saved_answer_stands_in_the_audit_trail(app: Flask, tutor: FlaskClient) -> None:
    save(tutor)
    with app.app_context():
        from web.tutors.guarding import trail  # noqa: PLC0415

        assert next((entry.who, entry.action) for entry in trail().newest()) == ("Test tutor", "answer saved")
