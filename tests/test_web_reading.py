"""Reading the course as a book: search, bookmarks, the place where one stopped, and the head of a unit."""

from __future__ import annotations

import logging
import re
import sqlite3
import time
from html import unescape
from typing import TYPE_CHECKING

import pytest
from web_fakes import fake_app

from assistant import Answer, Partly
from web.reading_store import MOST_BOOKMARKS, Bookmark, ReadingError, ReadingStore, TooManyBookmarksError

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from assistant import Assistant

PENETRANCE = "1.6#autosomal-dominant"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A browser over the small course, that has been here before."""
    browser = fake_app(tmp_path).test_client()
    browser.get("/course/")
    return browser


def token(client: FlaskClient, path: str = "/course/1.6") -> str:
    """The token of the page's form."""
    found = re.search(r'name="token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def search(client: FlaskClient, query: str, **headers: str) -> str:
    """The page of results, its words as they are read."""
    response = client.get("/course/search", query_string={"q": query}, headers=headers)
    assert response.status_code == 200
    return response.text


def test_a_search_leads_to_the_sentence_with_its_words_marked(client: FlaskClient) -> None:
    page = search(client, "mismatch repair")
    assert '<a href="/course/2.4#lynch/1.1">' in page
    assert "caused by variants in <mark>mismatch repair</mark> genes." in page
    assert 'class="trail">Lynch syndrome<' in page


def test_a_search_is_kept_out_of_log_and_search_engines(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        response = client.get("/course/search?q=Li+Wei+huntingtin")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "GET /course/search 200" in caplog.text
    assert "Wei" not in caplog.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Type one word or several"),
        ("  \x00 ", "Type one word or several"),
        ("a" * 301, "longer than 300 characters"),
        ("???", "No word could be read"),
        ("zebra", "Nothing in the course comes near this"),
    ],
)
def test_a_search_without_results_says_why_and_what_to_do(client: FlaskClient, query: str, said: str) -> None:
    page = search(client, query)
    assert said in page
    assert "found-unit" not in page
    assert 'id="ui_search"' in page


def test_what_was_typed_is_shown_as_text(client: FlaskClient) -> None:
    page = search(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in page


@pytest.mark.parametrize("assistant", [True, False])
def test_without_an_assistant_a_search_says_that_it_is_literal(tmp_path: Path, assistant: bool) -> None:  # noqa: FBT001
    client = fake_app(tmp_path, assistant=assistant).test_client()
    page = search(client, "mismatch boom" if assistant else "mismatch")
    assert "exactly these words" in page
    assert ("#lynch/1.1" in page) is not assistant


def test_a_term_of_the_glossary_is_shown_with_its_definition(client: FlaskClient) -> None:
    for query in ("lynch SYNDROME", "林奇综合征", "HNPCC"):
        assert "Lynch syndrome is an inherited cancer syndrome." in search(client, query)


def test_a_unit_that_is_called_search_keeps_its_address(tmp_path: Path) -> None:
    app = fake_app(tmp_path)
    course = app.extensions["genomics-tutor"].course
    for name in ("search", "bookmarks"):
        course.units[name] = course.units["2.4"]
        assert "Lynch syndrome is caused" in app.test_client().get(f"/course/{name}").text
    assert "Type one word" in app.test_client().get("/course/search?q=").text


@pytest.mark.parametrize(
    ("query", "unit"),
    [("placental mosaicism", "3.9"), ("嵌合体", "3.9"), ("近亲婚配", "1.6"), ("consanguinity", "1.6"), ("遗传咨询 知情同意", "3")],
)
def test_the_real_search_finds_the_unit_that_teaches_it(assistant: Assistant, query: str, unit: str) -> None:
    found = assistant.find(query)
    assert found.units[0].unit.startswith(unit)
    best = found.units[0].findings[0]
    assert all(best.text[start:end].strip() for start, end in best.matches)
    scores = [one.findings[0].score for one in found.units]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["stock market prices in Shanghai", "qwxzv"])
def test_the_real_search_gives_little_or_nothing_for_what_the_course_does_not_hold(assistant: Assistant, query: str) -> None:
    found = assistant.find(query)
    words = {word.casefold() for word in query.split()}
    for unit in found.units:
        for one in unit.findings:
            assert words & {word.casefold().strip(".,;:()") for word in re.split(r"[\s-]+", one.text)}, one.text


def test_the_head_of_a_unit_says_how_long_it_is_and_what_it_teaches(client: FlaskClient) -> None:
    page = client.get("/course/1.6").text
    assert re.search(r"<li>\d{3} words</li>\s*<li>about \d minutes</li>", page)
    goals = page.partition('class="goals"')[2].partition("</details>")[0]
    assert "Recognise a mode of inheritance" in goals
    assert '<a href="#autosomal-dominant">' in goals
    assert "#autosomal-recessive" not in goals
    assert 'href="/glossary?unit=1.6">1 term explained</a>' in page
    assert 'action="/course/search"' in page


def test_a_bookmark_is_set_listed_and_removed_without_a_script(client: FlaskClient) -> None:
    sent = client.post("/course/bookmarks", data={"token": token(client), "add": PENETRANCE})
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/course/1.6#autosomal-dominant"
    assert f'name="remove" value="{PENETRANCE}"' in client.get("/course/1.6").text
    assert 'href="/course/1.6#autosomal-dominant"' in client.get("/course/").text.partition('class="shelf bookmarks"')[2]
    listed = client.get("/course/bookmarks").text
    assert f'name="remove" value="{PENETRANCE}"' in listed
    gone = client.post("/course/bookmarks", data={"token": token(client), "remove": PENETRANCE, "list": "1"})
    assert gone.headers["Location"] == "/course/bookmarks"
    assert "No section is marked yet" in client.get("/course/bookmarks").text
    assert f'name="add" value="{PENETRANCE}"' in client.get("/course/1.6").text


def test_bookmarks_are_for_one_browser_alone(tmp_path: Path) -> None:
    app = fake_app(tmp_path)
    first, second = app.test_client(), app.test_client()
    first.post("/course/bookmarks", data={"token": token(first), "add": PENETRANCE})
    second.get("/")
    assert "No section is marked yet" in second.get("/course/bookmarks").text


def test_what_cannot_be_marked_is_refused_in_words(client: FlaskClient) -> None:
    assert client.post("/course/bookmarks", data={"add": PENETRANCE}).status_code == 400
    assert client.post("/course/place", data={"section": PENETRANCE}).status_code == 400
    unknown = client.post("/course/bookmarks", data={"token": token(client), "add": "1.6#nowhere"})
    assert unknown.status_code == 404
    assert "no such section" in unknown.text
    assert client.post("/course/place", data={"token": token(client), "section": ""}).status_code == 404
    assert client.post("/course/bookmarks", data={"token": token(client)}).status_code == 303


def test_a_section_that_the_course_lost_is_still_listed_and_can_be_removed(client: FlaskClient, tmp_path: Path) -> None:
    with client.session_transaction() as session:
        ReadingStore(tmp_path / "data" / "reading.sqlite").add(session["visitor"], Bookmark("9.9#gone", "A <lost> section"))
    page = client.get("/course/bookmarks").text
    assert "A &lt;lost&gt; section" in page
    assert "no longer has this section" in page
    client.post("/course/bookmarks", data={"token": token(client), "remove": "9.9#gone", "list": "1"})
    assert "No section is marked yet" in client.get("/course/bookmarks").text


def test_the_contents_lead_back_to_the_unit_that_was_opened_last(client: FlaskClient) -> None:
    assert "Continue reading" not in client.get("/course/").text
    client.get("/course/1.6")
    assert 'class="read-on"><a href="/course/1.6">' in client.get("/course/").text
    client.get("/course/2.4", headers={"Sec-Purpose": "prefetch"})
    client.get("/course/2.4?view=pane")
    assert 'class="read-on"><a href="/course/1.6">' in client.get("/course/").text


def test_the_contents_lead_back_to_the_section_that_the_script_told(client: FlaskClient) -> None:
    sent = client.post("/course/place", data={"token": token(client), "section": "1.6#autosomal-recessive"})
    assert (sent.status_code, sent.text) == (204, "")
    client.get("/course/1.6")
    contents = unescape(client.get("/course/").text)
    assert 'class="read-on"><a href="/course/1.6#autosomal-recessive">' in contents
    assert "Mendelian inheritance and pedigree analysis › Autosomal recessive inheritance" in contents
    client.get("/course/2.4")
    assert 'class="read-on"><a href="/course/2.4">' in client.get("/course/").text


def test_a_first_visit_writes_nothing(tmp_path: Path) -> None:
    fake_app(tmp_path).test_client().get("/course/1.6")
    assert not (tmp_path / "data" / "reading.sqlite").exists()


def test_reading_goes_on_when_nothing_can_be_kept(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "data" / "reading.sqlite").mkdir()
    for path in ("/course/", "/course/1.6"):
        assert client.get(path).status_code == 200
    assert client.get("/course/bookmarks").status_code == 503
    refused = client.post("/course/bookmarks", data={"token": token(client), "add": PENETRANCE})
    assert refused.status_code == 503
    assert "cannot be kept now" in refused.text


def test_bookmarks_are_bounded(tmp_path: Path, client: FlaskClient) -> None:
    store = ReadingStore(tmp_path / "data" / "reading.sqlite")
    with client.session_transaction() as session:
        visitor = session["visitor"]
    for number in range(MOST_BOOKMARKS):
        store.add(visitor, Bookmark(f"1.6#s{number}", "s"))
    store.add(visitor, Bookmark("1.6#s0", "s"))
    with pytest.raises(TooManyBookmarksError, match="remove one"):
        store.add(visitor, Bookmark("1.6#one-more", "s"))
    assert len(store.bookmarks(visitor)) == MOST_BOOKMARKS
    assert client.post("/course/bookmarks", data={"token": token(client), "add": PENETRANCE}).status_code == 400


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = ReadingStore(tmp_path / "reading.sqlite")
    store.reached("v", "1.6")
    with sqlite3.connect(store.path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(ReadingError, match="newer version"):
        store.last_read("v")
    with pytest.raises(ReadingError, match="newer version"):
        store.reached("v", "1.7")


def test_what_nobody_comes_back_for_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ReadingStore(tmp_path / "reading.sqlite")
    store.reached("gone", "1.6")
    store.add("gone", Bookmark("1.6#a", "a"))
    store.reached("here", "1.6")
    store.add("here", Bookmark("1.6#a", "a"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 300 * 86400)
    store.reached("here", "1.6")
    monkeypatch.setattr(time, "time", lambda: now + 401 * 86400)
    store.reached("here", "1.6")
    assert store.last_read("gone") is None
    assert store.bookmarks("gone") == ()
    assert len(store.bookmarks("here")) == 1


def test_a_term_can_be_asked_about_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert 'href="/?question=What+is+Lynch+syndrome?"' in client.get("/glossary?q=lynch").text.replace("%20", "+")
    chinese = client.get("/glossary?q=lynch", headers={"Accept-Language": "zh-CN"})
    page = client.get(unescape(re.findall(r'class="ask-term" href="([^"]+)"', chinese.text)[0])).text
    assert "什么是林奇综合征？</textarea>" in page


def test_a_question_about_a_section_is_answered_from_it_and_the_sections_below_it(assistant: Assistant) -> None:
    reply = assistant.ask("What is the recurrence risk for a sibling?", section="1.6#autosomal-recessive")
    assert isinstance(reply, Answer | Partly)
    sections = {citation.passage.partition("/")[0] for sentence in reply.sentences for citation in sentence.citations}
    assert sections <= {"1.6#autosomal-recessive", "1.6#autosomal-recessive-recurrence"}
    assert "1.6#autosomal-recessive-recurrence" in sections
