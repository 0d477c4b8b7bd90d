"""Who may see the tutors' pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from test_web_tutors_views import probed_app
from tutor_fakes import PASSWORD, signed_in, token, with_account

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def test_a_page_sends_whoever_has_not_signed_in_to_the_door(app: Flask) -> None:
    """And the door knows the way back."""
    client = app.test_client()
    sent = client.get("/tutor/?days=30")
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/tutor/sign-in?next=/tutor/?days%3D30"
    program = client.get("/tutor/", headers={"Accept": "application/json"})
    assert program.status_code == 401
    assert set(program.get_json()) == {"error", "request"}


def test_name_and_password_open_the_door(app: Flask) -> None:
    """And lead to the page that was asked for."""
    name = with_account(app)
    client = app.test_client()
    sent = client.post(
        "/tutor/sign-in", data={"token": token(client), "name": name.upper(), "password": PASSWORD, "next": "/tutor/?days=30"}
    )
    assert sent.headers["Location"] == "/tutor/?days=30"
    page = client.get("/tutor/")
    assert page.status_code == 200
    assert name in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_signing_out_ends_the_session_on_the_server_too(app: Flask) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    client = signed_in(app)
    kept = client.get_cookie("genomics_tutor")
    assert kept
    assert client.get("/tutor/").status_code == 200
    client.post("/tutor/sign-out", data={"token": token(client)})
    thief = app.test_client()
    thief.set_cookie("genomics_tutor", kept.value)
    assert thief.get("/tutor/").status_code == 303


@pytest.mark.parametrize(
    "path",
    ["/tutor/", "/tutor/coverage/", "/tutor/reports/", "/tutor/journal/", "/tutor/accounts/", "/tutor/accounts/trail", "/tutor/sign-in"],
)
def test_a_tutors_page_in_chinese_has_no_english_words_of_ours(tmp_path: Path, path: str) -> None:
    """What is left in English is marked as English or as a name."""
    app, assistant = probed_app(tmp_path)
    keeper = app.extensions["genomics-tutor coverage"]
    keeper.rows(assistant)
    keeper.wait(30)
    client = app.test_client() if path.endswith("sign-in") else signed_in(app, "admin", "王芳")
    page = client.get(path, headers={"Accept-Language": "zh-CN"}).text
    body = page.partition("<main")[2].partition(">")[2]
    body = re.sub(r'<(\w+)[^>]*(?:\blang="en"|\btranslate="no")[^>]*>.*?</\1>', "", body, flags=re.DOTALL)
    words = re.sub(r"<[^>]*>", " ", body)
    assert not re.search(r"[A-Za-z]{3}", words), words
