"""A question asked within a part of the course that another part answers: told so, and asked of the whole course with one click; starters of a part stay within it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING

import pytest
from tutor_fakes import token
from web_fakes import FakeAssistant

from assistant.gap_questions import missed_questions
from assistant.journal import Journal
from assistant.reply import NearestSection, NotCovered, Question
from web.conversations import Conversations
from web.wire import decode_reply, encode_reply

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ASKED = 'Is "this" in another part?'
NOT_HERE = "Not in this part of the course"
FORM = re.compile(r'<form class="(?P<name>ask-whole|starters)"[^>]*action="(?P<action>[^"]+)".*?</form>', re.DOTALL)


def ask(client: FlaskClient, question: str, path: str = "/ask", **fields: str) -> TestResponse:
    """Send the chat form."""
    return client.post(path, data={"token": token(client), "question": question, **fields})


def asked_within(client: FlaskClient, question: str = ASKED, **headers: str) -> tuple[str, str]:
    """The address of a conversation with a question asked within module 2, and its page."""
    address = ask(client, question, module="2").headers["Location"].partition("?")[0]
    return address, client.get(address, headers=headers).text


def press(client: FlaskClient, page: str, name: str, button: int = 0) -> TestResponse:
    """Send a form of a page by one of its buttons, with the hidden fields that it holds."""
    form = next(found for found in FORM.finditer(page) if found["name"] == name)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
    question = unescape(re.findall(r'<button[^>]*name="question" value="([^"]*)"', form[0])[button])
    return client.post(form["action"], data={**fields, "question": question})


def last(app: Flask) -> tuple[str, str | None, str | None]:
    """What the assistant was asked last: question, module, section."""
    assistant = app.extensions["genomics-tutor"].assistant
    assert isinstance(assistant, FakeAssistant)
    question, _history, module, section, _literal = assistant.asked[-1]
    return question, module, section


def test_the_page_says_where_and_asks_the_whole_course_with_one_click(app: Flask, client: FlaskClient) -> None:
    """The new answer stands below in the same conversation, whose earlier question is not taken for one that it leans on."""
    address, page = asked_within(client)
    assert NOT_HERE in page
    assert "other parts do." in page
    assert "Where the course answers it" in page
    assert "Not in the course" not in page
    assert "Tell my tutors" not in page
    assert "Did this help?" not in page
    answered = press(client, page, "ask-whole")
    assert answered.headers["Location"] == f"{address}#turn-2"
    assert last(app) == (ASKED, None, None)
    assert app.extensions["genomics-tutor"].assistant.asked[-1][1] == ()
    assert "50% risk" in client.get(address).text


def test_one_that_was_asked_as_it_is_is_not_held_back_again(client: FlaskClient) -> None:
    """What looks like patient data was let through by its asker."""
    noticed = "Zhang San, born 12.03.1980, phone 13812345678: is it in another part?"
    assert ask(client, noticed, module="2").status_code == 422
    address = ask(client, noticed, module="2", as_is="1").headers["Location"].partition("?")[0]
    assert press(client, client.get(address).text, "ask-whole").status_code == 303


@pytest.mark.parametrize(
    ("question", "said"),
    [("partly in another part", "other parts answer some of it."), ("my own child, in another part", "other parts do.")],
)
def test_it_is_said_of_what_is_held_in_part_and_of_a_real_person_too(client: FlaskClient, question: str, said: str) -> None:
    """The boundary is said first; nothing claims that the course lacks it."""
    page = asked_within(client, question)[1]
    assert said in page
    assert ("About a real person" in page) == ("my own" in question)
    assert "nothing is made up" not in page
    assert 'class="ask-whole"' in page
    assert "Tell my tutors" not in page


def test_an_answer_to_part_of_it_says_that_other_parts_answer_more(client: FlaskClient) -> None:
    """What is lacking is lacking in that part; the answer can be judged, and there is nothing to tell the tutors."""
    address, page = asked_within(client, "one side of it, in another part")
    text = client.get(f"{address}.md").text
    for said in ("Partly in this part of the course", "This part of the course says nothing about:", "the other side"):
        assert said in page
        assert said in text
    assert "Other parts of the course answer more of this question." in page
    assert "likely to be covered" not in page
    assert 'class="ask-whole"' in page
    assert "Did this help?" in page
    assert "Tell my tutors" not in page


def test_what_the_whole_course_lacks_is_said_as_ever(client: FlaskClient) -> None:
    """Asked within a module or not."""
    page = asked_within(client, "not covered anywhere")[1]
    assert "Not in the course" in page
    assert NOT_HERE not in page
    assert 'class="ask-whole"' not in page
    assert "Tell my tutors" in page


def test_the_stream_sends_what_the_page_holds(client: FlaskClient) -> None:
    """The state with its field for programs, then the way on."""
    streamed = ask(client, ASKED, "/ask/stream", module="2").text
    parts = {name: json.loads(data) for name, data in re.findall(r"^event: (\w+)\ndata: (.*)$", streamed, re.MULTILINE)}
    assert (parts["state"]["state"], parts["state"]["elsewhere"]) == ("not_covered", "covered")
    page = client.get(parts["done"]["url"]).text
    assert parts["state"]["html"] in page
    assert 'class="ask-whole"' in parts["nearest"]["html"]
    assert re.sub(r'"token" value="[^"]+"', "", parts["nearest"]["html"]) in re.sub(r'"token" value="[^"]+"', "", page)


@pytest.mark.parametrize(("language", "words"), [("en", NOT_HERE), ("zh-CN", "课程的这一部分未涵盖")])
def test_it_is_saved_and_printed_with_the_right_state(client: FlaskClient, language: str, words: str) -> None:
    """In either language."""
    address = asked_within(client)[0]
    for path in (f"{address}.md", f"{address}/print"):
        text = client.get(path, headers={"Accept-Language": language}).text
        assert words in text
        assert "Not in the course" not in text
        assert "http://localhost/course/1.6#autosomal-dominant" in text


def test_it_opens_no_gap(tmp_path: Path, client: FlaskClient) -> None:
    """While the same from the whole course would."""
    asked_within(client)
    asked_within(client, "not covered anywhere")
    events = Journal(tmp_path / "data" / "journal.sqlite").events()
    assert [one.question for one in missed_questions(events)] == ["not covered anywhere"]


def test_it_is_kept_and_a_turn_of_before_is_read(tmp_path: Path) -> None:
    """Without the field it says what it said then."""
    near = NearestSection("1.6#a/1", ("A",), "/course/1.6#a")
    kept = NotCovered(Question("q", "q"), 0.9, (near,), "covered")
    assert decode_reply(json.loads(json.dumps(encode_reply(kept)))) == kept
    store = Conversations(tmp_path / "c.sqlite")
    store.keep("me", "one", kept)
    with closing(sqlite3.connect(store.path)) as database:
        database.execute("UPDATE turn SET reply = json_remove(reply, '$.elsewhere')")
        database.commit()
    found = store.read("me", "one")
    assert found is not None
    assert found.turns[0].reply == NotCovered(Question("q", "q"), 0.9, (near,))


@pytest.mark.parametrize(
    ("where", "within", "question"),
    [
        ("/?module=2", ("Genomics of common and rare disorders", None), "Which genes cause Lynch syndrome?"),
        ("/?module=2.4", (None, "2.4"), "Which genes cause Lynch syndrome?"),
        ("/", (None, None), None),
        ("/?module=nowhere", (None, None), None),
    ],
)
def test_questions_to_start_with_are_asked_within_the_place_that_was_chosen(
    app: Flask, client: FlaskClient, where: str, within: tuple[str | None, str | None], question: str | None
) -> None:
    """They are that place's alone, and the next question stays there."""
    page = client.get(where).text
    shown = re.findall(r'<button name="question" value="([^"]+)" lang="en">', page)
    assert len(shown) == (1 if question else 3)
    answered = press(client, page, "starters")
    assert last(app) == (shown[0], *within)
    assert question in {None, shown[0]}
    assert ("module=2" in answered.headers["Location"]) == bool(question)


def test_the_questions_alone_are_what_the_page_holds(client: FlaskClient) -> None:
    """For the script, when another place is chosen; a place without questions has none, and its form waits for the next choice."""
    alone = client.get("/?view=starters&module=2.4").text
    assert re.sub(r'"(token|attempt)" value="[^"]+"', "", alone).strip() in re.sub(
        r'"(token|attempt)" value="[^"]+"', "", client.get("/?module=2.4").text
    )
    assert "<h1" not in alone
    assert "Why do cousins" in client.get("/?view=starters&module=").text
