"""What keeps the pages safe: policy, tokens, cookies, keys, logs; and the settings they are started with."""

from __future__ import annotations

import logging
import os
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web_fakes import fake_app

from web.secret import SecretKeyError, secret_key
from web.server import AddressError, PortInUseError, serve
from web.settings import SettingError, Settings
from web.tracing import RequestId

if TYPE_CHECKING:
    from flask.testing import FlaskClient

WEB = Path(__file__).parent.parent / "web"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A browser over the small course."""
    return fake_app(tmp_path).test_client()


def token(client: FlaskClient) -> str:
    """The token in the form of the first page."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/course/",
        "/course/1.6",
        "/course/search?q=a",
        "/course/bookmarks",
        "/glossary",
        "/api/v1/openapi.json",
        "/healthz",
        "/nowhere",
        "/static/app.js",
        "/static/page.css",
    ],
)
def test_every_response_is_under_the_policy(client: FlaskClient, path: str) -> None:
    """Pages, files and errors alike."""
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{12}", headers["X-Request-Id"])


@pytest.mark.parametrize(
    "path", ["/", "/chats", "/course/", "/course/1.6", "/course/search?q=a", "/course/bookmarks", "/glossary", "/nowhere"]
)
def test_no_page_needs_anything_the_policy_forbids(client: FlaskClient, path: str) -> None:
    """No inline script, style or handler, and no address of another host."""
    page = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)


def test_no_file_of_ours_names_another_host() -> None:
    """Styles, scripts and templates are complete on a machine without a network."""
    for path in (file for folder in ("static", "templates") for file in (WEB / folder).iterdir()):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text), path.name


@pytest.mark.parametrize("path", ["/ask", "/ask/stream", "/preferences", "/course/bookmarks", "/course/place"])
def test_a_post_needs_the_token_of_its_own_browser(tmp_path: Path, path: str) -> None:
    """None, a made-up one and another browser's are refused with a sentence."""
    app = fake_app(tmp_path)
    client, other = app.test_client(), app.test_client()
    client.get("/")
    for wrong in ("", "made.up", "\ud800".encode("utf-8", "surrogatepass"), token(other)):
        response = client.post(path, data={"question": "q", "token": wrong})
        assert response.status_code == 400
        assert "allow cookies" in response.text


def test_a_form_on_another_site_is_refused(client: FlaskClient) -> None:
    """Whatever token it carries."""
    response = client.post("/ask", data={"question": "q", "token": token(client)}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert "another site" in response.text


def test_the_token_differs_on_each_page(client: FlaskClient) -> None:
    """So that it cannot be worked out from the sizes of compressed pages."""
    first, second = token(client), token(client)
    assert first != second
    for one in (first, second):
        assert client.post("/ask", data={"question": "q", "token": one}).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    """HttpOnly and SameSite=Lax."""
    cookie = client.get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_answered_in_words(client: FlaskClient, method: str) -> None:
    """No method gets a bare page of the framework."""
    response = client.open("/ask", method=method.upper(), data={"token": token(client)})
    assert response.status_code == 405
    assert "does not take such a request" in response.text


def test_nobody_is_sent_to_another_site(client: FlaskClient) -> None:
    """A preference goes back to one of our pages or to the first one."""
    for wanted, given in [
        ("/course/1.6?a=b#c", "/course/1.6?a=b#c"),
        ("https://example.org/", "/"),
        ("//example.org", "/"),
        ("/\\example.org", "/"),
        ("/\texample", "/"),
        ("javascript:alert(1)", "/"),
    ]:
        response = client.post("/preferences", data={"token": token(client), "theme": "dark", "next": wanted})
        assert response.headers["Location"] == given


def test_pages_are_compressed_for_whoever_takes_it(client: FlaskClient) -> None:
    """And only then; figures and small bodies are left alone."""
    assert "Content-Encoding" not in client.get("/course/1.6").headers
    small = client.get("/course/1.6", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(client.get("/course/1.6").data) / 2
    style = client.get("/static/page.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert style.headers["Content-Encoding"] == "gzip"
    again = client.get("/static/page.css", headers={"Accept-Encoding": "gzip", "If-None-Match": style.headers["ETag"]}, buffered=True)
    assert again.status_code == 304


def test_the_log_has_the_request_id_and_no_question(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """A line a request: what was fetched and how it went, never what was asked, nor any secret."""
    caplog.handler.addFilter(RequestId())
    secret = token(client)
    with caplog.at_level(logging.INFO, logger="web.requests"):
        response = client.post("/ask", data={"question": "my patient Li Wei", "as_is": "1", "token": secret})
    (record,) = [one for one in caplog.records if one.name == "web.requests" and "/ask" in one.getMessage()]
    assert "POST /ask 303" in record.getMessage()
    assert response.headers["X-Request-Id"] == vars(record)["request_id"] or vars(record)["request_id"] == "-"
    assert "Li Wei" not in caplog.text
    assert secret not in caplog.text


def test_one_key_is_made_however_many_ask(tmp_path: Path) -> None:
    """Sixteen first callers get the same key, in a file that its owner alone can read."""
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path / "data"), range(16)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]
    if os.name == "posix":
        assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_cannot_be_kept_says_what_to_do(tmp_path: Path) -> None:
    """A file in the folder's place, and a damaged key."""
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(SecretKeyError, match="--data"):
        secret_key(tmp_path / "file")
    (tmp_path / "secret_key").write_text("short", encoding="ascii")
    with pytest.raises(SecretKeyError, match="delete the file"):
        secret_key(tmp_path)


def test_an_option_counts_before_a_variable(tmp_path: Path) -> None:
    """And a variable before what is set otherwise."""
    variables = {"GENOMICS_TUTOR_PORT": "9001", "GENOMICS_TUTOR_COURSE": str(tmp_path), "GENOMICS_TUTOR_SECRET": "quiet"}
    settings = Settings.read({"port": 9002, "course": None}, variables)
    assert (settings.port, settings.course, settings.host) == (9002, tmp_path, "127.0.0.1")
    assert settings.index == settings.data / "index"
    assert "quiet" not in repr(settings)
    assert Settings.read({}, {}).index.parts[-2:] == ("index", "built")


@pytest.mark.parametrize(("name", "value"), [("port", "http"), ("port", "70000"), ("threads", "0"), ("colour", "red")])
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    """The message names it."""
    with pytest.raises(SettingError, match=name):
        Settings.read({name: value}, {})


def test_a_port_in_use_is_said_before_anything_is_served(tmp_path: Path) -> None:
    """With the deed that helps; so is a host that is not of this machine."""
    app = fake_app(tmp_path)
    level, handlers = logging.root.level, logging.root.handlers[:]
    try:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(PortInUseError, match="--port"):
                serve(app, "127.0.0.1", taken.getsockname()[1])
        with pytest.raises(AddressError, match="--host"):
            serve(app, "192.0.2.1", 0)
    finally:
        logging.root.setLevel(level)
        logging.root.handlers[:] = handlers
