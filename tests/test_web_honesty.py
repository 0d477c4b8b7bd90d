"""What keeps the chat honest: patient data held back, feedback, notes to tutors, questions to go on with, terms explained."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from tutor_fakes import token
from web_fakes import FakeAssistant

from web.conversations import Conversations
from web.services import init_app, services_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PERSON = "张伟 住院号 20231187 的孩子会得 Huntington disease 吗?"


def send(client: FlaskClient, path: str = "/ask", headers: dict[str, str] | None = None, **fields: str) -> TestResponse:
    """Send a form of the chat page."""
    return client.post(path, data={"token": token(client), **fields}, headers=headers)


def questions_asked(app: Flask) -> list[str]:
    """What reached the assistant."""
    assistant = app.extensions["genomics-tutor"].assistant
    assert isinstance(assistant, FakeAssistant)
    return [one[0] for one in assistant.asked]


def forms(page: str) -> list[dict[str, str]]:
    """The fields of each form of a page."""
    found = re.findall(r"<form\b.*?</form>", page, flags=re.DOTALL)
    return [{name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)} for form in found]


def test_patient_data_is_shown_before_anything_is_asked(app: Flask, client: FlaskClient) -> None:
    """The page marks what was noticed and says what it was taken for; nothing has reached the assistant."""
    held = send(client, question=PERSON)
    assert held.status_code == 422
    assert "<mark>张伟<small> (a name)</small></mark>" in held.text
    assert "<mark>住院号 20231187<small> (a hospital or record number)</small></mark>" in held.text
    assert "Nothing has been asked or kept yet." in held.text
    assert questions_asked(app) == []
    assert not (app.extensions["genomics-tutor"].conversations.path).exists()


def test_patient_data_can_be_taken_out(app: Flask, client: FlaskClient) -> None:
    """The first choice asks without it, in the same conversation; what is kept is the question as finally sent."""
    key = send(client, question="first").headers["Location"].split("/")[2].partition("#")[0]
    held = send(client, question=PERSON, conversation=key, module="2", literal="1")
    taken_out, as_it_is = [form for form in forms(held.text) if "as_is" in form]
    assert taken_out["question"] == "患者的孩子会得 Huntington disease 吗?"
    assert as_it_is["question"] == PERSON
    assert taken_out["conversation"] == as_it_is["conversation"] == key
    assert (taken_out["module"], taken_out["literal"]) == ("2", "1")
    address = client.post("/ask", data=taken_out).headers["Location"]
    assert address.endswith(f"/chat/{key}?module=2#turn-2")
    assert questions_asked(app) == ["first", taken_out["question"]]
    page = client.get(f"/chat/{key}").text
    assert "20231187" not in page
    assert "张伟" not in page


def test_what_is_about_nobody_is_asked_as_it_is(app: Flask, client: FlaskClient) -> None:
    """The second choice sends the question word for word; the journal masks it all the same."""
    held = send(client, question=PERSON)
    as_it_is = next(form for form in forms(held.text) if form.get("as_is") == "1")
    assert client.post("/ask", data=as_it_is).status_code == 303
    assert questions_asked(app) == [PERSON]
    kept = app.extensions["genomics-tutor"].journal.events()[-1].body["question"]
    assert kept == "[name] [record number] 的孩子会得 Huntington disease 吗?"


def test_a_question_that_is_patient_data_alone_cannot_be_asked_without_it(client: FlaskClient) -> None:
    """There is nothing left to ask, so the choice is not offered."""
    held = send(client, question="MRN 00123456")
    assert "Take it out and ask" not in held.text
    assert "ask as it is" in held.text


def test_the_script_is_given_the_same_panel(app: Flask, client: FlaskClient) -> None:
    """As JSON with the sentence, the request's number and the panel's markup; hostile text in it is only text."""
    held = send(client, "/ask/stream", {"Accept": "text/event-stream, application/json"}, question=f"<script>x</script> {PERSON}")
    assert held.status_code == 422
    body: dict[str, Any] = held.json or {}
    assert body["error"].startswith("Something in the question may identify a patient")
    assert body["request"] == held.headers["X-Request-Id"]
    assert "&lt;script&gt;x&lt;/script&gt;" in body["html"]
    assert "<mark>张伟" in body["html"]
    assert questions_asked(app) == []


@pytest.mark.parametrize(
    "question",
    [
        "What does c.1521_1523del in NM_000492.4 mean for a 32-year-old?",
        "46,XX,t(11;22) at chr7:117559590, OMIM 143100",
        "孕18周，染色体核型",
    ],
)
def test_notation_is_not_held_back(client: FlaskClient, question: str) -> None:
    """Variants, coordinates, karyotypes, ages and weeks are asked at once."""
    assert send(client, question=question).status_code == 303


def one_turn(client: FlaskClient, question: str = "What is the risk?") -> str:
    """Ask in a conversation of its own; its key."""
    return send(client, question=question).headers["Location"].split("/")[2].partition("#")[0]


def told(app: Flask, kind: str) -> list[dict[str, Any]]:
    """The events of one kind in the tutors' journal."""
    return [event.body for event in app.extensions["genomics-tutor"].journal.events() if event.kind == kind]


def question_event(app: Flask) -> str:
    """The id of the first question in the journal."""
    return str(next(event.id for event in app.extensions["genomics-tutor"].journal.events() if event.kind == "question"))


def test_feedback_goes_to_the_journal_and_stays_on_the_page(app: Flask, client: FlaskClient) -> None:
    """Without JavaScript: press, say why, change; each change is an event, the same said twice is not, and a reload shows the last."""
    key = one_turn(client)
    page = client.get(f"/chat/{key}").text
    assert page.count('aria-pressed="false">Helpful') == page.count('aria-pressed="false">Not helpful') == 1
    said = {"conversation": key, "turn": "1"}
    sent = send(client, "/feedback", **said, verdict="not_helpful")
    assert sent.status_code == 303
    assert sent.headers["Location"] == f"/chat/{key}#ui_remark-1"
    page = client.get(f"/chat/{key}").text
    assert 'aria-pressed="true">Not helpful' in page
    assert '<details class="why" open>' in page
    for _ in range(2):
        send(client, "/feedback", **said, verdict="not_helpful", reason="citation_wrong", comment="ask 13800138000")
    send(client, "/feedback", **said, verdict="not_helpful")
    about = question_event(app)
    assert told(app, "feedback") == [
        {"about": about, "verdict": "not_helpful", "reason": "", "comment": ""},
        {"about": about, "verdict": "not_helpful", "reason": "citation_wrong", "comment": "ask [telephone]"},
    ]
    page = client.get(f"/chat/{key}").text
    assert 'value="citation_wrong" checked' in page
    assert "ask [telephone]</textarea>" in page
    send(client, "/feedback", **said, verdict="helpful")
    assert told(app, "feedback")[-1] == {"about": about, "verdict": "helpful", "reason": "", "comment": ""}
    assert 'aria-pressed="true">Helpful' in client.get(f"/chat/{key}").text


def test_the_script_is_given_the_changed_part(client: FlaskClient) -> None:
    """As JSON, with the same markup as the page."""
    key = one_turn(client)
    sent = send(client, "/feedback", {"Accept": "application/json"}, conversation=key, turn="1", verdict="helpful")
    html = (sent.json or {})["html"]
    assert 'aria-pressed="true">Helpful' in html
    assert 'id="ui_remark-1"' in html


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"turn": "2", "verdict": "helpful"}, 404),
        ({"turn": "x", "verdict": "helpful"}, 404),
        ({"turn": "1", "verdict": "so so"}, 400),
        ({"turn": "1", "verdict": "not_helpful", "reason": "bored"}, 400),
        ({"turn": "1"}, 400),
        ({"verdict": "helpful"}, 404),
    ],
)
def test_feedback_that_means_nothing_is_refused_in_a_sentence(app: Flask, client: FlaskClient, fields: dict[str, str], status: int) -> None:
    """Nothing is written."""
    key = one_turn(client)
    sent = send(client, "/feedback", conversation=key, **fields)
    assert sent.status_code == status
    assert '<p class="lead">' in sent.text
    assert told(app, "feedback") == []


def test_nobody_speaks_about_the_conversation_of_another(app: Flask, client: FlaskClient) -> None:
    """Another browser gets 404 for feedback and for a note."""
    key = one_turn(client, "not covered")
    other = app.test_client()
    for path in ("/feedback", "/note"):
        assert send(other, path, conversation=key, turn="1", verdict="helpful").status_code == 404
    assert told(app, "feedback") == told(app, "note") == []


def test_the_tutors_are_told_once(app: Flask, client: FlaskClient) -> None:
    """One click, with a note or without; pressing twice does not double, and the page says that it was done."""
    key = one_turn(client, "not covered")
    assert "Tell my tutors" in client.get(f"/chat/{key}").text
    for note in ("for MRN 123456", "again"):
        assert send(client, "/note", conversation=key, turn="1", note=note).status_code == 303
    assert told(app, "note") == [{"about": question_event(app), "question": "not covered", "note": "for [record number]"}]
    page = client.get(f"/chat/{key}").text
    assert "Your tutors have been told of this question." in page
    assert "Tell my tutors" not in page


def test_a_journal_that_cannot_be_written_loses_no_note(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    """The trainee is told, and can press again."""
    key = one_turn(client, "not covered")
    journal = tmp_path / "data" / "journal.sqlite"
    kept = journal.rename(tmp_path / "kept.sqlite")
    for rest in (tmp_path / "data").glob("journal.sqlite-*"):
        rest.unlink()
    journal.mkdir()
    assert send(client, "/note", conversation=key, turn="1").status_code == 503
    assert send(client, "/feedback", conversation=key, turn="1", verdict="helpful").status_code == 503
    journal.rmdir()
    kept.rename(journal)
    assert 'aria-pressed="true">Helpful' not in client.get(f"/chat/{key}").text
    assert send(client, "/note", conversation=key, turn="1").status_code == 303
    assert len(told(app, "note")) == 1


def test_conversations_of_the_first_version_take_feedback(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    """The columns are added to a database that lacks them."""
    key = one_turn(client)
    with closing(sqlite3.connect(tmp_path / "data" / "conversations.sqlite")) as database:
        database.execute("ALTER TABLE turn DROP COLUMN remark")
        database.execute("ALTER TABLE turn DROP COLUMN told")
    init_app(app, replace(services_of(app), conversations=Conversations(tmp_path / "data" / "conversations.sqlite")))  # a later start
    assert "50% risk" in client.get(f"/chat/{key}").text
    assert send(client, "/feedback", conversation=key, turn="1", verdict="helpful").status_code == 303
    assert told(app, "feedback")[0]["verdict"] == "helpful"


def test_nothing_is_asked_about_a_question_that_could_not_be_read(client: FlaskClient) -> None:
    """There is no answer to speak about."""
    assert "Did this help?" not in client.get(f"/chat/{one_turn(client, '???')}").text


def test_questions_to_go_on_with_stand_below_the_last_answer(client: FlaskClient) -> None:
    """Practice questions as buttons that ask in this conversation, none of them asked before; the stream has the same."""
    key = one_turn(client, "Why do cousins share variants?")
    page = client.get(f"/chat/{key}").text
    (onward,) = re.findall(r'<form class="onward".*?</form>', page, flags=re.DOTALL)
    offered = re.findall(r'<button name="question" value="([^"]+)"', onward)
    assert offered == ["What is the risk to each child of a parent with Huntington disease?", "Which genes cause Lynch syndrome?"]
    assert f'name="conversation" value="{key}"' in onward
    streamed = send(client, "/ask/stream", question=offered[0], conversation=key).text
    assert "Which genes cause Lynch syndrome?" in streamed
    assert "Why do cousins share variants?" not in streamed
    page = client.get(f"/chat/{key}").text
    assert page.count('<form class="onward"') == 1
    assert page.index('id="turn-2"') < page.index('<form class="onward"')


def test_an_answer_needs_no_questions_to_go_on_with(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they fail, the answer is shown without them."""

    def fails(*_: object) -> tuple[str, ...]:
        message = "the fake was told to fail"
        raise RuntimeError(message)

    monkeypatch.setattr(app.extensions["genomics-tutor"].assistant, "suggestions", fails)
    page = client.get(f"/chat/{one_turn(client)}").text
    assert "50% risk" in page
    assert 'class="onward"' not in page


def test_it_is_said_where_the_next_question_is_looked_for(app: Flask, client: FlaskClient) -> None:
    """Without JavaScript the choice of a module or unit stays after an answer, is said above the box, and can be lifted."""
    address = send(client, question="a", module="2.4").headers["Location"]
    assert app.extensions["genomics-tutor"].assistant.asked[-1][2:4] == (None, "2.4")
    page = client.get(address.partition("#")[0]).text
    assert '<option value="2.4" selected>2.4 · Lynch' not in page
    assert re.search(r'<option value="2\.4" selected>2\.4 · Inherited cancer</option>', page)
    assert re.search(r'data-where>\s*<span>Looking only in: <b lang="en">2\.4 · Inherited cancer</b>', page)
    assert f'href="{address.partition("?")[0]}"' in page
    assert "data-where hidden" in client.get(address.partition("?")[0]).text
    assert "data-where hidden" in client.get("/?module=nowhere").text


def test_terms_are_explained_without_a_script(client: FlaskClient) -> None:
    """The first mention leads to its entry in the list below the answer, with its Chinese name; the sentence reads as before."""
    page = client.get(f"/chat/{one_turn(client)}").text
    assert page.count('class="term" href="#ui_term-1-1"') == 1
    assert ">Huntington disease</a> and Marfan syndrome are autosomal dominant." in page
    assert re.search(
        r'<li id="ui_term-1-1">\s*<p class="glossed-term"><dfn lang="en">Huntington disease</dfn> <span lang="zh-Hans">亨廷顿病</span></p>',
        page,
    )
    assert "1 term explained" in page
    streamed = send(client, "/ask/stream", question="What is the risk?").text
    assert 'class=\\"term\\" href=\\"#ui_term-1-1\\"' in streamed
    assert "亨廷顿病" in streamed.encode().decode("unicode_escape")
