"""Practising over forms alone: choose, take hints, answer, compare, rate, see progress."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tutor_fakes import token
from web_fakes import fake_app, small_course

from assistant.practice import practice_key, practice_questions
from web import practice
from web.practice_store import PracticeStore

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

RISK = "What is the risk to each child of a parent with Huntington disease?"
RISK_PAGE = f"/practise/question/{practice_key('1.6', RISK)}"
MODEL = "Each child has a 50% risk of inheriting the variant."


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form of ours."""
    return client.post(path, data={"token": token(client, "/glossary"), **fields})


def practised(client: FlaskClient, rating: str = "good", page: str = RISK_PAGE) -> TestResponse:
    """Answer and rate a question."""
    post(client, f"{page}/answer", answer=MODEL)
    return post(client, f"{page}/rating", rating=rating)


def main_text(page: str) -> str:
    """What stands in the main part, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_the_whole_way_without_javascript(client: FlaskClient) -> None:
    """From the header to the next question, each step a page that can be reloaded."""
    assert 'href="/practise"' in client.get("/").text
    assert client.get("/practise/next").headers["Location"] == RISK_PAGE
    sent = post(client, f"{RISK_PAGE}/answer", answer="A 50% risk of inheriting the variant.")
    assert (sent.status_code, sent.headers["Location"]) == (303, RISK_PAGE)
    page = client.get(RISK_PAGE).text
    assert "A 50% risk of inheriting the variant." in page
    assert f"{MODEL} One altered copy" in page
    assert page.count('<li class="found">') == page.count('<li class="missed">') == 1
    assert "not a mark" in page
    assert 'href="/course/1.6#autosomal-dominant/1.2"' in page
    assert "Each child of an affected parent has a 50% risk" in page
    sent = post(client, f"{RISK_PAGE}/rating", rating="good")
    assert sent.headers["Location"] == "/practise/next"
    assert client.get("/practise/next").headers["Location"] != RISK_PAGE


def test_the_model_answer_is_not_given_away(client: FlaskClient) -> None:
    """Neither in the page of the question nor by any hint; an empty answer gets it only after the last hint."""
    assert "One altered copy" not in client.get(RISK_PAGE).text
    sent = post(client, f"{RISK_PAGE}/answer", answer="  ")
    assert sent.status_code == 400
    assert "take a hint" in sent.text
    hints = 0
    while "/hint" in client.get(RISK_PAGE).text:
        sent = post(client, f"{RISK_PAGE}/hint", answer="a draft")
        hints += 1
        assert sent.headers["Location"] == f"{RISK_PAGE}#ui_hint_{hints}"
        page = client.get(RISK_PAGE).text
        assert page.count('id="ui_hint_') == hints
        assert "a draft</textarea>" in page
        assert "One altered copy" not in page
    assert hints == 3
    assert "Human genetics and genomics › Mendelian inheritance" in main_text(page)
    assert "50%" not in main_text(page)
    assert post(client, f"{RISK_PAGE}/answer", answer="").status_code == 303
    page = client.get(RISK_PAGE).text
    assert "You wrote nothing" in page
    assert 'class="points"' not in page


def test_a_wrong_number_is_told_beside_the_right_one(client: FlaskClient) -> None:
    """In words, with a shape of its own."""
    post(client, f"{RISK_PAGE}/answer", answer=MODEL.replace("50%", "25%"))
    assert "The course's number, 50%, is not in your answer." in client.get(RISK_PAGE).text


def test_a_chinese_answer_is_told_how_it_was_compared(client: FlaskClient) -> None:
    """By terms and numbers."""
    post(client, f"{RISK_PAGE}/answer", answer="每个孩子有50%的风险。")
    page = client.get(RISK_PAGE).text
    assert "only terms and numbers were looked for" in page
    assert page.count('<li class="found">') == 1


def test_an_answer_is_settled_and_rated_once(client: FlaskClient, tmp_path: Path) -> None:
    """A way back, a second click or a rating before the answer changes nothing."""
    assert post(client, f"{RISK_PAGE}/rating", rating="easy").status_code == 303
    post(client, f"{RISK_PAGE}/answer", answer="First answer.")
    post(client, f"{RISK_PAGE}/answer", answer=MODEL)
    assert "First answer." in client.get(RISK_PAGE).text
    for _ in range(2):
        post(client, f"{RISK_PAGE}/rating", rating="good")
    store = PracticeStore(tmp_path / "data" / "practice.sqlite")
    with client.session_transaction() as session:
        visitor = session["visitor"]
    assert len(store.review_times(visitor, datetime(2000, 1, 1, tzinfo=UTC))) == 1


def test_bad_forms_get_a_sentence(client: FlaskClient) -> None:
    """And what was written stays in the box."""
    long = "word " * 401
    for step in ("hint", "answer"):
        sent = post(client, f"{RISK_PAGE}/{step}", answer=long)
        assert sent.status_code == 400
        assert "longer than 2,000 characters" in sent.text
        assert long.strip() in sent.text
    post(client, f"{RISK_PAGE}/answer", answer="Something.")
    sent = post(client, f"{RISK_PAGE}/rating", rating="perfect")
    assert sent.status_code == 400
    assert "Choose one of the four" in sent.text
    assert post(client, "/practise/question/0000/answer", answer="x").status_code == 404
    assert client.get("/practise/question/0000").status_code == 404
    assert client.post(f"{RISK_PAGE}/answer", data={"answer": "x"}).status_code == 400


def test_what_is_typed_is_shown_as_text(client: FlaskClient) -> None:
    """Markup of a trainee is words."""
    post(client, f"{RISK_PAGE}/answer", answer="<script>alert(1)</script>\x00 ok")
    page = client.get(RISK_PAGE).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ok" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("choice", "unit"), [("module:2", "2.4"), ("unit:2.4", "2.4"), ("unit:1.6", "1.6"), ("nonsense", "1.6"), ("unit:9.9", "1.6")]
)
def test_a_module_or_a_unit_can_be_chosen(client: FlaskClient, choice: str, unit: str) -> None:
    """And the choice goes along from step to step."""
    address = client.get("/practise/next", query_string={"from": choice}).headers["Location"]
    page = client.get(address).text
    assert ("Lynch" in main_text(page)) == (unit == "2.4")
    assert ("from=" in address) == (choice not in ("nonsense", "unit:9.9"))
    if "from=" in address:
        assert f'name="from" value="{choice}"' in page
        sent = post(client, f"{address.partition('?')[0]}/answer", answer="x", **{"from": choice})
        assert sent.headers["Location"] == address


def test_what_was_asked_about_can_be_practised(client: FlaskClient) -> None:
    """The questions on sections that answered this browser, and none before it asked."""
    assert "There are no practice questions here yet" in client.get("/practise/next?from=asked").text
    post(client, "/ask", question="What is the risk?")
    assert "2 questions on the sections that answered you" in client.get("/practise").text
    assert "from=asked" in client.get("/practise/next?from=asked").headers["Location"]
    assert "2 questions on" not in client.application.test_client().get("/practise").text


def test_the_day_has_as_many_new_questions_as_were_wished_for(client: FlaskClient) -> None:
    """Then the page says when there is more."""
    post(client, "/practise/setting", new_a_day="1")
    assert "1 new question left for today" in client.get("/practise").text
    practised(client)
    done = client.get("/practise/next")
    assert done.status_code == 200
    assert "back in 2 days" in done.text
    assert "had today's new questions" in done.text
    for wrong in ("", "-1", "many", "１０００", "9" * 50):
        assert post(client, "/practise/setting", new_a_day=wrong).status_code == 303
    assert 'value="1"' in client.get("/practise").text


def test_what_was_not_known_comes_back_in_the_same_sitting(client: FlaskClient) -> None:
    """After the new ones."""
    post(client, "/practise/setting", new_a_day="1")
    practised(client, "again")
    assert client.get("/practise/next").headers["Location"] == RISK_PAGE


def test_what_is_due_comes_first_on_another_day(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """And counts as due until it is answered."""
    practised(client)
    now = datetime.now(UTC).astimezone() + timedelta(days=3)
    monkeypatch.setattr(practice, "_now", lambda: now)
    assert client.get("/practise/next").headers["Location"] == RISK_PAGE
    assert "1 question is due · 10 new questions left" in main_text(client.get("/practise").text)


def test_progress_is_told_in_numbers_and_drawn(client: FlaskClient) -> None:
    """By unit, by day, and as a table beside the picture."""
    empty = client.get("/practise/progress").text
    assert "No reviews yet." in empty
    assert "<rect" not in empty
    practised(client)
    page = client.get("/practise/progress").text
    assert page.count("<rect") == 1
    assert re.search(r"Mendelian inheritance and pedigree analysis 2 1 0 1 0 ", main_text(page))
    assert re.search(r"Practised 1 / 3 Due now 0 Learning 1 Known 0 Next due in 2 days", main_text(page))


def test_progress_is_reset_only_when_one_is_sure(client: FlaskClient) -> None:
    """One box to tick; another browser keeps its own."""
    other = client.application.test_client()
    practised(client)
    practised(other)
    assert "Tick the box" in client.get(post(client, "/practise/reset").headers["Location"]).text
    assert "<rect" in client.get("/practise/progress").text
    assert "was reset" in client.get(post(client, "/practise/reset", sure="1").headers["Location"]).text
    assert "<rect" not in client.get("/practise/progress").text
    assert "<rect" in other.get("/practise/progress").text


def test_a_question_that_left_the_course_is_not_asked_and_not_forgotten(tmp_path: Path) -> None:
    """It is there again when the course has it again."""
    app = fake_app(tmp_path)
    client = app.test_client()
    practised(client)
    before = app.extensions["genomics-tutor"]
    course = small_course(tmp_path / "course")
    unit = course.units["1.6"]
    fewer = replace(course, units={**course.units, "1.6": replace(unit, check_questions=unit.check_questions[1:])})
    coach = before.practice.coach
    kept = coach.questions
    coach.questions = practice_questions(fewer)
    assert "Practised 0 / 2" in main_text(client.get("/practise/progress").text)
    coach.questions = kept
    assert "Practised 1 / 3" in main_text(client.get("/practise/progress").text)


def test_without_an_assistant_or_a_place_to_write_one_sentence_says_so(tmp_path: Path) -> None:
    """And no page fails."""
    bare = fake_app(tmp_path / "a", assistant=False).test_client()
    assert bare.get("/practise").status_code == 503
    assert "Practising is not possible now" in bare.get("/practise/progress").text
    app = fake_app(tmp_path / "b")
    (tmp_path / "b" / "data" / "practice.sqlite").mkdir()
    sent = post(app.test_client(), f"{RISK_PAGE}/answer", answer="x")
    assert sent.status_code == 503
    assert "cannot be kept or read now" in sent.text


def test_a_course_without_practice_questions_says_so(tmp_path: Path) -> None:
    """A plain folder has none."""
    client = fake_app(tmp_path, bare=True).test_client()
    assert "no practice questions yet" in client.get("/practise").text
    assert client.get("/practise/next").status_code == 200
    assert client.get("/practise/progress").status_code == 200
    assert "Practise the questions" not in client.get("/course/sub/dir/file%20one").text


def test_a_unit_leads_to_its_questions(client: FlaskClient) -> None:
    """From the reader."""
    assert 'href="/practise/next?from=unit:1.6"' in client.get("/course/1.6").text
