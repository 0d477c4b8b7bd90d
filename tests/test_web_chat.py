"""The chat over a fake assistant: forms, streams, limits, and hostile text."""

from __future__ import annotations

import json
import re
import sqlite3
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import escape
from tutor_fakes import token
from web_fakes import FakeAssistant, fake_app

from web.asking import LONGEST_QUESTION, readable

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def send(client: FlaskClient, question: str, path: str = "/ask", **fields: str) -> TestResponse:
    """Send the form of the chat page."""
    return client.post(path, data={"token": token(client), "question": question, **fields})


def stream(client: FlaskClient, question: str, **fields: str) -> list[tuple[str, dict[str, Any]]]:
    """The events that a question gets."""
    return events(send(client, question, "/ask/stream", **fields))


def events(response: TestResponse) -> list[tuple[str, dict[str, Any]]]:
    """The events of a response."""
    assert response.status_code == 200
    assert response.mimetype == "text/event-stream"
    received, *rest = response.text.split("\n\n")
    assert received == ": received"
    blocks = [block.split("\n") for block in rest if block]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def asked(app: Flask) -> list[tuple[str, tuple[str, ...], str | None, str | None, bool]]:
    """What the fake assistant was asked."""
    assistant = app.extensions["genomics-tutor"].assistant
    assert isinstance(assistant, FakeAssistant)
    return assistant.asked


def test_the_first_page_offers_questions_from_each_module(client: FlaskClient) -> None:
    """Starter questions are the course's own practice questions, under their modules."""
    page = client.get("/").text
    assert "Human genetics and genomics" in page
    assert 'value="Which genes cause Lynch syndrome?"' in page


def test_a_form_leads_to_a_page_that_survives_a_reload(client: FlaskClient) -> None:
    """Without JavaScript: post, redirect, and the answer with its cited sentences stays at its own address."""
    sent = send(client, "What is the risk?")
    assert sent.status_code == 303
    address = sent.headers["Location"]
    assert re.fullmatch(r"/chat/[\w-]+#turn-1", address)
    for _ in range(2):
        page = client.get(address.partition("#")[0]).text
        assert "Each child of an affected parent has a 50% risk" in page
        assert 'href="/course/1.6#autosomal-dominant/1.2"' in page
        assert "In the course" in page


def test_the_next_question_carries_the_earlier_ones(app: Flask, client: FlaskClient) -> None:
    """A follow-up is asked with the conversation's earlier questions, oldest first."""
    key = send(client, "first").headers["Location"].split("/")[2].partition("#")[0]
    assert send(client, "second", conversation=key).headers["Location"].endswith(f"/chat/{key}#turn-2")
    send(client, "third", conversation=key)
    assert asked(app)[-1][:2] == ("third", ("first", "second"))


def test_a_conversation_belongs_to_its_browser(app: Flask, client: FlaskClient) -> None:
    """Another browser gets 404, and its post to the same conversation starts one of its own."""
    key = send(client, "mine").headers["Location"].split("/")[2].partition("#")[0]
    other = app.test_client()
    assert other.get(f"/chat/{key}").status_code == 404
    assert key not in send(other, "theirs", conversation=key).headers["Location"]
    assert asked(app)[-1][1] == ()


def test_a_conversation_outlives_the_server(tmp_path: Path) -> None:
    """A new server over the same data folder knows the cookie and the conversation."""
    client = fake_app(tmp_path).test_client()
    address = send(client, "What is the risk?").headers["Location"].partition("#")[0]
    cookie = client.get_cookie("genomics_tutor")
    assert cookie
    again = fake_app(tmp_path).test_client()
    again.set_cookie("genomics_tutor", cookie.value)
    assert "50% risk" in again.get(address).text


def test_an_answer_streams_in_reading_order(client: FlaskClient) -> None:
    """The events come as understood, state, the sentences, nearest, done; each with the markup of the page."""
    sent = stream(client, "What is the risk?")
    assert [name for name, _ in sent] == ["understood", "state", "sentence", "sentence", "sentence", "nearest", "done"]
    data = dict(sent)
    assert data["state"]["state"] == "covered"
    second = sent[3][1]
    assert second["text"] == "Each child of an affected parent has a 50% risk of inheriting the variant."
    assert second["citations"][0]["url"] == "/course/1.6#autosomal-dominant/1.2"
    assert 'data-source="source-1-2"' in second["html"]
    assert "<strong>Each child of an affected parent" in data["nearest"]["html"]
    assert data["done"]["url"] == f"/chat/{data['done']['conversation']}"
    assert data["done"]["announcement"] == "The answer is ready: 3 sentences."


def test_a_finished_answer_is_sent_in_one_piece(client: FlaskClient) -> None:
    """After the line that says that the question is there: for each piece sent alone the server would look at every connection."""
    form = {"question": "What is the risk?", "token": token(client)}
    first, rest = client.post("/ask/stream", data=form, buffered=False).iter_encoded()
    assert first == b": received\n\n"
    assert rest.startswith(b"event: understood")
    assert b"event: done" in rest


def test_the_stream_and_the_page_show_the_same_answer(client: FlaskClient) -> None:
    """Whoever reloads a streamed answer sees no difference."""
    sent = stream(client, "compare the two")
    page = client.get(dict(sent)["done"]["url"]).text
    for name, data in sent:
        if name == "sentence":
            assert squeezed(data["html"]) in squeezed(page)


def test_rows_of_a_table_are_set_as_a_table(client: FlaskClient) -> None:
    """A comparison has its labels once each, its rows under their headers and its calculation as lines of code."""
    sentences = [data for name, data in stream(client, "compare the two") if name == "sentence"]
    assert [data["group"] for data in sentences] == [0, 1, 2, 2, 3, 3, 3]
    assert "Side by side" in sentences[2]["opens"]
    assert '<th scope="col">Risk to each child</th>' in sentences[2]["opens"]
    assert sentences[3]["opens"] == ""
    assert sentences[3]["html"].startswith("<tr><th scope=row>Autosomal recessive")
    assert "</th><td>25%</td>" in sentences[3]["html"]
    assert "<code>q = sqrt(disease_frequency) = 0.01</code>" in sentences[5]["html"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("partly", ["Partly in the course", "the price of the test in Chengdu"]),
        ("not covered", ["Not in the course", "nothing is made up", "The nearest sections of the course"]),
        ("my own risk", ["About a real person", "the genetics team decides", "What the course teaches"]),
        ("???", ["No question could be read", "Type a question in words."]),
    ],
)
def test_each_state_is_said_in_plain_words(client: FlaskClient, question: str, words: list[str]) -> None:
    """Colour and shape only repeat what the words say."""
    page = client.get(send(client, question).headers["Location"].partition("#")[0]).text
    for word in words:
        assert word in page


def test_what_was_read_into_a_question_can_be_undone(app: Flask, client: FlaskClient) -> None:
    """The correction is shown with a button that asks again, word for word, and does not lean on the misreading."""
    address = send(client, "risk in huntingtin disease").headers["Location"].partition("#")[0]
    page = client.get(address).text
    assert "Understood as:" in page
    assert 'name="literal" value="1"' in page
    send(client, "risk in huntingtin disease", literal="1", conversation=address.rpartition("/")[2])
    assert asked(app)[-1] == ("risk in huntingtin disease", (), None, None, True)
    assert client.get(address).text.count("Understood as:") == 1


def test_a_chinese_question_shows_its_terms_and_says_that_the_text_is_english(client: FlaskClient) -> None:
    """The key terms stand in pairs beside the sentence."""
    shell = stream(client, "亨廷顿病的再发风险是多少?")[0][1]
    assert shell["terms"][0] == ["Huntington disease", "亨廷顿病"]
    assert "the answer is in English" in shell["html"]
    assert '<dd lang="zh-Hans">再发风险</dd>' in shell["html"]


def test_a_question_can_be_confined(app: Flask, client: FlaskClient) -> None:
    """A module goes to the assistant by its title, a section by its id; what does not exist confines nothing."""
    send(client, "a", module="2", section="1.6#autosomal-dominant")
    send(client, "b", module="9", section="nowhere")
    assert asked(app)[-2][2:4] == ("Genomics of common and rare disorders", "1.6#autosomal-dominant")
    assert asked(app)[-1][2:4] == (None, None)
    page = client.get("/?section=1.6%23autosomal-dominant&module=2.4").text
    assert "Only this section is searched:" in page
    assert "data-choose hidden" in page
    assert "data-where hidden" in page
    assert "data-starters" not in page


def test_a_question_stays_with_its_section_until_that_is_lifted(client: FlaskClient) -> None:
    """Without a script too: the conversation comes back with the section on, and a link that lifts it."""
    response = send(client, "a", section="1.6#autosomal-dominant")
    assert "?section=1.6%23autosomal-dominant#turn-1" in response.headers["Location"]
    page = client.get(response.headers["Location"]).text
    assert '<input type="hidden" name="section" value="1.6#autosomal-dominant">' in page
    lifted = re.search(r'<a href="([^"]+)" data-scope-clear', page)
    assert lifted
    assert '<input type="hidden" name="section" value="">' in client.get(lifted[1]).text
    assert "section" not in send(client, "b", section="nowhere").headers["Location"]


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("", 400, "There is no question"),
        (" \n\x00\x1f ", 400, "There is no question"),
        ("q" * (LONGEST_QUESTION + 1), 400, "longer than 2,000 characters"),
        ("boom", 503, "The assistant cannot answer now"),
    ],
)
def test_a_question_that_gets_no_answer_gets_one_sentence(client: FlaskClient, question: str, status: int, words: str) -> None:
    """The page keeps the question in the box; the stream answers with JSON; neither shows a traceback."""
    page = send(client, question)
    assert page.status_code == status
    assert words in page.text
    assert "Traceback" not in page.text
    assert readable(question).strip()[:100] in unescape(page.text)
    streamed = client.post("/ask/stream", data={"token": token(client), "question": question}, headers={"Accept": "text/event-stream"})
    if status == 503:  # known only when the answer is made, and the stream has begun
        ((name, body),) = events(streamed)
        assert name == "problem"
        assert body["request"] == streamed.headers["X-Request-Id"]
    else:
        assert streamed.status_code == status
        body = streamed.get_json()
    assert words in body["error"]


def test_the_longest_question_is_answered(client: FlaskClient) -> None:
    """2,000 characters are counted as characters, not bytes; line ends of a form count once."""
    assert send(client, "病" * LONGEST_QUESTION).status_code == 303
    assert send(client, "q\r\n" * (LONGEST_QUESTION // 2)).status_code == 303


def test_a_huge_body_is_not_read(client: FlaskClient) -> None:
    """More than 64 KB is 413 with a sentence."""
    response = send(client, "q" * 70_000)
    assert response.status_code == 413
    assert "larger than 64 KB" in response.text


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "\u202ereversed \u2066isolate",
        "half a character \ud800 here",
        "{{ 7 * 7 }} {% raw %}",
        "null \x00 byte",
    ],
)
def test_hostile_text_is_only_text(client: FlaskClient, question: str) -> None:
    """Markup, direction marks, lone surrogates and template code come back as they were typed, and as nothing more."""
    data = {"token": token(client), "question": question.encode("utf-8", "surrogatepass")}
    response = client.post("/ask", data=data)
    assert response.status_code == 303
    page = client.get(response.headers["Location"].partition("#")[0]).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    asked_as = question.replace("\x00", "").replace("\ud800", "%ED%A0%80")
    assert f'dir="auto">{escape(asked_as)}</h2>' in page
    for _, event in events(client.post("/ask/stream", data={**data, "token": token(client)})):
        assert "<script>alert" not in event.get("html", "")
        assert "<img src=x" not in event.get("html", "")


def test_a_full_disk_costs_no_answer(tmp_path: Path) -> None:
    """Where the conversation cannot be kept, the answer is shown all the same, and the page says that it is not kept."""
    app = fake_app(tmp_path)
    (tmp_path / "data" / "conversations.sqlite").mkdir()
    client = app.test_client()
    page = send(client, "What is the risk?")
    assert page.status_code == 200
    assert "50% risk" in page.text
    assert "could not be kept" in page.text
    assert dict(stream(client, "What is the risk?"))["done"]["url"] == ""
    assert client.get("/chat/anything").status_code == 503


def test_without_an_assistant_the_course_can_be_read(tmp_path: Path) -> None:
    """Asking is 503 with a sentence; reading works; the health check says so."""
    client = fake_app(tmp_path, assistant=False).test_client()
    assert send(client, "What is the risk?").status_code == 503
    assert client.get("/course/1.6").status_code == 200
    assert client.get("/healthz").status_code == 503


def test_the_health_check_counts_the_units(client: FlaskClient) -> None:
    """For whatever watches the server."""
    assert client.get("/healthz").json == {"status": "ok", "units": 2}


def test_a_quote_that_the_course_no_longer_holds_says_so(tmp_path: Path) -> None:
    """An answer given before an edit shows what was quoted and what stands there now."""
    app = fake_app(tmp_path)
    client = app.test_client()
    address = send(client, "What is the risk?").headers["Location"].partition("#")[0]
    store = tmp_path / "data" / "conversations.sqlite"
    with sqlite3.connect(store) as database:
        database.execute("UPDATE turn SET reply = replace(reply, 'has a 50% risk', 'had a 40% risk')")
    database.close()
    page = squeezed(client.get(address).text)
    assert "had a 40% risk" in page
    assert "The course has changed since this answer was given. It now says:" in page
    assert "has a 50% risk of inheriting the variant.</q>" in page


def squeezed(html: str) -> str:
    """The markup with white space folded."""
    return re.sub(r"\s+", " ", html)
