"""The page of the journal: files in, out, and old questions gone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tutor_fakes import signed_in, token
from web_fakes import fake_app

from assistant import NotCovered, Question
from assistant.journal import Journal
from assistant.journal_file import write_journal

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FORMAT_1 = Path(__file__).parent / "journal_format_1.jsonl"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The pages over the small course, with a journal."""
    return fake_app(tmp_path, journal=True)


def upload(client: FlaskClient, *texts: str) -> TestResponse:
    """Send files with the page's form."""
    files = [(io.BytesIO(text.encode()), f"file-{number}.jsonl") for number, text in enumerate(texts, 1)]
    return client.post("/tutor/journal/take", data={"token": token(client), "files": files}, content_type="multipart/form-data")


def test_files_are_taken_and_their_faults_told(app: Flask, tmp_path: Path) -> None:
    """Several at once: a good one, one cut short, one that is none, the good one again."""
    client, text = signed_in(app), FORMAT_1.read_text(encoding="utf-8")
    page = upload(client, text, text[:-30], "<script>alert(1)</script>", text)
    assert page.status_code == 200
    assert "3 new events, 0 known already." in page.text
    assert "Line 4 is no event of a journal" in page.text
    assert "The file is no exported journal" in page.text
    assert "0 new events, 3 known already." in page.text
    assert len(Journal(tmp_path / "data" / "journal.sqlite").events()) == 3
    assert "1e2feb89" in client.get("/tutor/journal/").text
    assert client.get("/tutor/accounts/trail").text.count("took in a journal file") == 4


def test_a_large_file_is_taken_from_a_tutor_and_from_nobody_else(app: Flask, tmp_path: Path) -> None:
    """The limit is raised on this one route, once the session is known."""
    other = Journal(tmp_path / "other.sqlite")
    reply = NotCovered(Question("q", "q"), 0.1, ())
    other.record(reply, "why " * 400)
    event = other.events()[0]
    many = [type(event)(event.id[:-6] + f"{n:06x}", event.machine, event.time, event.kind, event.body) for n in range(100)]
    out = io.StringIO()
    write_journal(out, many, other.machine())
    assert len(out.getvalue()) > 128 * 1024
    assert "100 new events" in upload(signed_in(app), out.getvalue()).text
    assert upload(app.test_client(), out.getvalue()).status_code == 413
    client = signed_in(app)
    assert client.post("/tutor/accounts/add", data={"token": token(client), "name": "x" * 200_000}).status_code == 413


def test_files_that_end_anywhere_are_taken_together(app: Flask) -> None:
    """Each is read in pieces, and the piece in which it ends may hold the beginning of the next."""
    client, text = signed_in(app), FORMAT_1.read_text(encoding="utf-8")
    for length in (60_000, 61_267, 65_536, 70_001):
        page = upload(client, text + " " * length, text + "\n" * (length * 5), text)
        assert (page.status_code, page.text.count("known already.")) == (200, 3), length


def test_a_file_beyond_the_limit_is_refused_in_a_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that takes it."""
    monkeypatch.setattr("web.tutors.journal_page.LARGEST_FILES", 100_000)
    sent = upload(signed_in(app), "x" * 200_000)
    assert sent.status_code == 413
    assert "journal import" in sent.text


def test_what_is_downloaded_can_be_taken_in_elsewhere(app: Flask, tmp_path: Path) -> None:
    """Page to page, with the same key."""
    client = signed_in(app)
    upload(client, FORMAT_1.read_text(encoding="utf-8"))
    sent = client.get("/tutor/journal/download")
    assert "attachment" in sent.headers["Content-Disposition"]
    there = signed_in(fake_app(tmp_path / "there", journal=True))
    assert "3 new events, 0 known already." in upload(there, sent.text).text
    keyed = signed_in(fake_app(tmp_path / "keyed", journal=True, journal_key="course key"))
    assert "not sealed with the course" in upload(keyed, sent.text).text
    assert '"sealed": true' in keyed.get("/tutor/journal/download").text


def test_only_an_admin_removes_questions_and_says_so_twice(app: Flask, tmp_path: Path) -> None:
    """A tutor may not; an admin gives days and ticks the box."""
    tutor, admin = signed_in(app), signed_in(app, "admin")
    upload(tutor, FORMAT_1.read_text(encoding="utf-8"))
    assert "/tutor/journal/purge" not in tutor.get("/tutor/journal/").text
    assert tutor.post("/tutor/journal/purge", data={"token": token(tutor), "days": "0", "sure": "1"}).status_code == 403
    for form in ({"days": "0"}, {"days": "-1", "sure": "1"}, {"days": "x", "sure": "1"}, {"days": "99999999", "sure": "1"}):
        assert admin.post("/tutor/journal/purge", data={"token": token(admin), **form}).status_code == 400
    journal = Journal(tmp_path / "data" / "journal.sqlite")
    assert len(journal.events()) == 3
    sent = admin.post("/tutor/journal/purge", data={"token": token(admin), "days": "0", "sure": "1"})
    assert "3 events were removed." in admin.get(sent.headers["Location"]).text
    assert journal.events() == []


def test_nothing_chosen_is_told(app: Flask) -> None:
    """No file, no harm."""
    assert "No file was chosen" in upload(signed_in(app)).text


def test_without_a_journal_the_page_says_so(tmp_path: Path) -> None:
    """Rather than fail."""
    assert signed_in(fake_app(tmp_path, journal=False)).get("/tutor/journal/").status_code == 503
