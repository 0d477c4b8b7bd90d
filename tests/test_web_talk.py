"""Conversations over time, without a browser: listed, renamed, deleted, exported, edited, tried again, and brought over from an earlier version."""

from __future__ import annotations

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING

import pytest
from closing_fakes import closing_app
from tutor_fakes import signed_in, token
from web_fakes import FakeAssistant, fake_app

from assistant.reply import NotCovered, Question
from web.conversations import Conversations, new_key
from web.wire import encode_reply

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form with the token of this browser."""
    return client.post(path, data={"token": token(client), **fields})


def ask(client: FlaskClient, question: str, **fields: str) -> str:
    """Ask, and give the key of the conversation."""
    sent = post(client, "/ask", question=question, **fields)
    assert sent.status_code == 303
    return sent.headers["Location"].split("/")[2].partition("#")[0]


def shown(page: str) -> list[str]:
    """The titles in the list of conversations."""
    return [unescape(title) for title in re.findall(r'class="chat-title"[^>]*>([^<]*)<', page)]


def reply(question: str) -> NotCovered:
    """A reply that is quickly made."""
    return NotCovered(Question(question, question), 0.1, ())


def test_conversations_are_listed_latest_first(app: Flask, client: FlaskClient) -> None:
    """The one asked in last stands first, with its day and the number of its questions; nobody else sees them."""
    first = ask(client, "What is penetrance?")
    ask(client, "What is a pedigree?")
    ask(client, "And for women?", conversation=first)
    page = client.get("/chats").text
    assert shown(page) == ["What is penetrance?", "What is a pedigree?"]
    assert "2 questions" in page
    assert shown(app.test_client().get("/chats").text) == []


def test_the_day_is_written_as_the_language_writes_it(client: FlaskClient) -> None:
    """20 November in English, 11月20日 in Chinese."""
    ask(client, "What is penetrance?")
    assert re.search(r"<time[^>]*>[A-Z][a-z]+ \d+, \d{4}</time>", client.get("/chats").text)
    assert re.search(r"<time[^>]*>\d{4}年\d+月\d+日</time>", client.get("/chats", headers={"Accept-Language": "zh-CN"}).text)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("PENETRANCE", ["What is penetrance?"]),
        ("women risk", ["Counselling"]),
        ("亨廷顿", ["Counselling"]),
        ("original", []),
        ("100%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_words_are_found_in_titles_and_questions(client: FlaskClient, words: str, found: list[str]) -> None:
    """All words count, in any order and case, in either language; signs of a query language are only signs."""
    ask(client, "What is penetrance?")
    key = ask(client, "Tell me the risk of 亨廷顿病")
    ask(client, "And for women?", conversation=key)
    post(client, f"/chats/{key}/rename", title="Counselling")
    assert shown(client.get("/chats", query_string={"q": words}).text) == found


def test_the_list_has_pages(tmp_path: Path) -> None:
    """No page holds more than 25; each conversation stands on one of them."""
    app = fake_app(tmp_path)
    client = app.test_client()
    client.get("/")
    with client.session_transaction() as session:
        visitor = session["visitor"]
    store = app.extensions["genomics-tutor"].conversations
    for number in range(28):
        store.keep(visitor, new_key(), reply(f"question {number}"))
    pages = [client.get("/chats", query_string={"page": page}) for page in ("1", "2", "3", "-5", "x", "9" * 30)]
    assert [page.status_code for page in pages] == [200] * 6
    titles = [shown(page.text) for page in pages]
    assert [len(one) for one in titles] == [25, 3, 0, 25, 25, 0]
    assert len({*titles[0], *titles[1]}) == 28
    assert "The list ends before this page." in pages[2].text
    assert len(re.findall("<li>", client.get("/chats?view=panel").text)) == 20


def test_a_title_is_bounded_and_only_text(client: FlaskClient) -> None:
    """A title is one line of 80 characters; an empty one changes nothing."""
    key = ask(client, "What is penetrance?")
    assert post(client, f"/chats/{key}/rename", title="<b>mine</b>\n" + "x" * 200).headers["Location"] == "/chats?told=renamed"
    page = client.get("/chats").text
    assert "<b>mine" not in page
    assert shown(page) == [("<b>mine</b> " + "x" * 200)[:79] + "…"]
    assert post(client, f"/chats/{key}/rename", title=" \n\x00").status_code == 400
    assert shown(client.get("/chats").text) == [("<b>mine</b> " + "x" * 200)[:79] + "…"]
    ask(client, "word " * 30)
    assert shown(client.get("/chats").text)[0] == "word " * 14 + "word…"


def test_deleting_asks_first(client: FlaskClient) -> None:
    """The question names the conversation and says that it is for good; only its form deletes."""
    key = ask(client, "What is penetrance?")
    kept = ask(client, "What is a pedigree?")
    page = client.get(f"/chats/{key}/delete").text
    assert "What is penetrance?" in page
    assert "this cannot be undone" in page
    assert client.get(f"/chat/{key}").status_code == 200
    assert post(client, f"/chats/{key}/delete").headers["Location"] == "/chats?told=deleted"
    assert client.get(f"/chat/{key}").status_code == 404
    assert client.get(f"/chat/{kept}").status_code == 200
    post(client, "/chats/delete")
    assert client.get(f"/chat/{kept}").status_code == 404
    assert "There is no conversation yet" in client.get("/chats").text


def test_deleted_words_are_gone_from_the_file(tmp_path: Path) -> None:
    """Nothing of a deleted conversation is left in the database."""
    store = Conversations(tmp_path / "c.sqlite")
    store.keep("me", "one", reply("Chlorophyll question"))
    assert store.delete("me", "one") == 1
    with closing(sqlite3.connect(store.path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Chlorophyll" not in store.path.read_bytes()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/chat/{key}.md"),
        ("GET", "/chat/{key}/print"),
        ("GET", "/chats/{key}/delete"),
        ("POST", "/chats/{key}/delete"),
        ("POST", "/chats/{key}/rename"),
    ],
)
def test_nobody_reaches_into_the_conversation_of_another(app: Flask, client: FlaskClient, method: str, path: str) -> None:
    """Every address of a conversation is 404 in another browser, and nothing happens to it."""
    key = ask(client, "mine")
    other = app.test_client()
    address = path.format(key=key)
    answered = other.get(address) if method == "GET" else post(other, address, title="theirs")
    assert answered.status_code == 404
    assert shown(client.get("/chats").text) == ["mine"]


def test_every_address_says_when_conversations_cannot_be_read(tmp_path: Path) -> None:
    """A broken store is a sentence and 503; the chat itself still opens."""
    app = fake_app(tmp_path)
    (tmp_path / "data" / "conversations.sqlite").mkdir()
    client = app.test_client()
    for path in ("/chats", "/chats/x/delete", "/chat/x.md", "/chat/x/print"):
        assert client.get(path).status_code == 503, path
    for path in ("/chats/x/delete", "/chats/delete", "/chats/x/rename"):
        assert post(client, path, title="t").status_code == 503, path
    assert client.get("/").status_code == 200


def test_an_edited_question_takes_the_place_of_the_last(app: Flask, client: FlaskClient) -> None:
    """The old turn is gone, the new one has its number, the earlier ones are its history, and the title follows the first question."""
    key = ask(client, "What is penetrence")
    page = client.get(f"/chat/{key}?edit=1").text
    assert re.search(r"<textarea[^>]*>What is penetrence</textarea>", page)
    assert 'name="replaces" value="1"' in page
    ask(client, "What is penetrance?", conversation=key, replaces="1")
    page = client.get(f"/chat/{key}").text
    assert page.count('class="turn"') == 1
    assert "penetrence" not in page
    assert shown(client.get("/chats").text) == ["What is penetrance?"]
    ask(client, "And in men", conversation=key)
    ask(client, "And in women", conversation=key, replaces="2")
    assistant = app.extensions["genomics-tutor"].assistant
    assert isinstance(assistant, FakeAssistant)
    assert assistant.asked[-1][:2] == ("And in women", ("What is penetrance?",))
    assert client.get(f"/chat/{key}").text.count('class="turn"') == 2


@pytest.mark.parametrize("replaces", ["1", "7", "x", "-2", "9" * 40])
def test_only_the_last_turn_is_ever_replaced(client: FlaskClient, replaces: str) -> None:
    """What names another turn, or none, is asked as one more question: nothing is lost."""
    key = ask(client, "first")
    ask(client, "second", conversation=key)
    ask(client, "third", conversation=key, replaces=replaces)
    page = client.get(f"/chat/{key}").text
    assert [word for word in ("first", "second", "third") if f'dir="auto">{word}</h2>' in page] == ["first", "second", "third"]
    assert client.get(f"/chat/{key}?edit={replaces}").status_code == 200


def test_a_failed_edit_keeps_the_old_answer(client: FlaskClient) -> None:
    """Where the new question gets no answer, the conversation is as it was."""
    key = ask(client, "first")
    assert post(client, "/ask", question="boom", conversation=key, replaces="1").status_code == 503
    assert 'dir="auto">first</h2>' in client.get(f"/chat/{key}").text


def test_a_sending_repeated_is_answered_once(app: Flask, client: FlaskClient) -> None:
    """The same attempt gives the turn that is there, in the form and in the stream; another question of the same page is asked."""
    sent = {"question": "What is penetrance?", "attempt": "a1"}
    key = ask(client, **sent)
    assert ask(client, **sent) == key
    assert f'"conversation": "{key}"' in post(client, "/ask/stream", **sent).text
    assert client.get(f"/chat/{key}").text.count('class="turn"') == 1
    assert ask(client, "Another", attempt="a1") != key
    assert ask(app.test_client(), **sent) != key


def test_a_sending_repeated_at_once_is_kept_once(tmp_path: Path) -> None:
    """Two requests that race with the same attempt get the same turn."""
    store = Conversations(tmp_path / "c.sqlite")
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: store.keep("me", new_key(), reply("q"), attempt="same"), range(8)))
    assert len({one.conversation for one in kept}) == 1
    assert [one.questions for one in store.listed("me")] == [1]


def test_a_database_of_the_first_version_is_completed(tmp_path: Path) -> None:
    """Without the columns of later versions, its turns are read and new ones are kept, whoever opens it first."""
    path = tmp_path / "c.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE conversation (id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL, started REAL NOT NULL);"
            "CREATE TABLE turn (conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, number INTEGER NOT NULL,"
            " asked REAL NOT NULL, reply TEXT NOT NULL, PRIMARY KEY (conversation, number));"
        )
        database.execute("INSERT INTO conversation VALUES ('k', 'me', 'old', 1.0)")
        database.execute("INSERT INTO turn VALUES ('k', 1, 1.0, ?)", (json.dumps(encode_reply(reply("old"))),))
        database.commit()
    store = Conversations(path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.keep("me", "k", reply(f"new {n}"), attempt=f"a{n}"), range(4)))
    found = store.read("me", "k")
    assert found is not None
    assert [turn.number for turn in found.turns] == [1, 2, 3, 4, 5]
    assert store.listed("me", "old")[0].questions == 5


def test_markdown_has_every_source_in_full(client: FlaskClient) -> None:
    """Each sentence has its footnote: module, unit, section, the words, the whole address; once, however often it is cited."""
    key = ask(client, "What is the risk?")
    ask(client, "partly *known*", conversation=key)
    response = client.get(f"/chat/{key}.md")
    assert response.mimetype == "text/markdown"
    assert re.fullmatch(r'attachment; filename="genomics-tutor-\d{4}-\d\d-\d\d\.md"', response.headers["Content-Disposition"])
    text = response.text
    assert text.startswith("# What is the risk?\n")
    assert "\n## partly \\*known\\*\n" in text
    assert "The course says nothing about: the price of the test in Chengdu" in text
    note = (
        "[^2]: Human genetics and genomics › Mendelian inheritance and pedigree analysis › Autosomal dominant inheritance. "
        "“Each child of an affected parent has a 50% risk of inheriting the variant.” <http://localhost/course/1.6#autosomal-dominant/1.2>"
    )
    assert text.count(note) == 1
    assert text.count("inheriting the variant.[^2]") == 2
    assert set(re.findall(r"\[\^(\d+)\](?!:)", text)) == set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))


def test_markdown_holds_tables_calculations_and_every_state(client: FlaskClient) -> None:
    """A comparison keeps its table; a question without an answer keeps its verdict and the nearest sections."""
    key = ask(client, "compare the two")
    for question in ("not covered", "my own risk", "???"):
        ask(client, question, conversation=key)
    text = client.get(f"/chat/{key}.md").text
    assert "| Pattern | Risk to each child | Example |\n|---|---|---|\n| Autosomal dominant[^3] | 50% | Huntington disease |" in text
    assert "- `q = sqrt(disease_frequency) = 0.01`[^6]" in text
    for verdict in ("**In the course**", "**Not in the course**", "**About a real person. This course", "**No question could be read**"):
        assert verdict in text
    assert "<http://localhost/course/1.6#autosomal-dominant>" in text


@pytest.mark.parametrize(
    "question", ["# not a heading", "- not a list", "1. not a list", "<script>x</script>", "[a](b)", "a | b", "~~a~~ $b$"]
)
def test_a_question_is_only_text_in_markdown(client: FlaskClient, question: str) -> None:
    """Nothing that was typed becomes markup of the file."""
    text = client.get(f"/chat/{ask(client, question)}.md").text
    heading = next(line for line in text.splitlines() if line.startswith("## "))
    assert heading.replace("\\", "") == f"## {question}"
    assert not re.search(r"(?<!\\)[<\[|~$]", heading)
    assert not re.match(r"## (?:#|-|\d+\.)\s", heading)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_to_print_has_endnotes_and_no_chrome(client: FlaskClient, language: str) -> None:
    """Text, numbered notes with their addresses written out, and nothing of the site around it."""
    key = ask(client, "compare the two")
    ask(client, "not covered", conversation=key)
    page = client.get(f"/chat/{key}/print", headers={"Accept-Language": language}).text
    assert 'class="masthead"' not in page
    assert "<textarea" not in page
    assert "http://localhost/course/1.6#autosomal-recessive/3.3</a>" in page
    assert len(re.findall(r'<li id="note-\d+">', page)) == 7
    assert ("课程未涵盖" if language == "zh-CN" else "Not in the course") in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=", page)


def test_a_printed_source_that_has_changed_says_so(tmp_path: Path) -> None:
    """Both the words as quoted and the words as they are now stand in print and in the file."""
    client = fake_app(tmp_path).test_client()
    key = ask(client, "What is the risk?")
    with closing(sqlite3.connect(tmp_path / "data" / "conversations.sqlite")) as database:
        database.execute("UPDATE turn SET reply = replace(reply, 'has a 50% risk', 'had a 40% risk')")
        database.commit()
    for address in (f"/chat/{key}.md", f"/chat/{key}/print"):
        text = client.get(address).text
        assert "had a 40% risk" in text
        assert "The course has changed since this answer was given." in text
        assert "has a 50% risk" in text


def test_a_source_that_has_only_moved_is_followed(tmp_path: Path) -> None:
    """A sentence put before it gives a quote another number, not other words: the citation goes where the words stand now."""
    client = fake_app(tmp_path).test_client()
    key = ask(client, "What is the risk?")
    with closing(sqlite3.connect(tmp_path / "data" / "conversations.sqlite")) as database:
        database.execute(
            "UPDATE turn SET reply = replace(replace(reply, 'autosomal-dominant/1.2', 'gone/7.7'), 'autosomal-dominant/1.3', 'autosomal-dominant/1.1')"
        )
        database.commit()
    page = client.get(f"/chat/{key}").text
    assert 'href="/course/1.6#autosomal-dominant/1.2"' in page
    assert 'href="/course/1.6#autosomal-dominant/1.3"' in page
    assert "gone/7.7" not in page
    assert "The course has changed" not in page


def test_what_tutors_answered_is_saved_and_printed(tmp_path: Path) -> None:
    """Their words stand apart from the course's, with the day."""
    app = closing_app(tmp_path)
    tutor = signed_in(app)
    asked = "Is the spinal muscular atrophy drug not covered here?"
    tutor.post("/tutor/answers/new", data={"token": token(tutor), "action": "save", "question": asked, "body": "Ask the *ward*."})
    client = app.test_client()
    key = ask(client, asked)
    text = client.get(f"/chat/{key}.md").text
    assert re.search(r"### Answered by your tutors\n\nAsk the ward\. \(\d{4}-\d\d-\d\d\)", text)
    assert "Ask the <em>ward</em>." in client.get(f"/chat/{key}/print").text
