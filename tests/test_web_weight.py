"""What a first visit transfers: each page with its styles, scripts and icon, compressed, from this server alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from corpus import load_course
from web import create_app
from web.conversations import Conversations
from web.services import Services
from web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

MOST = 150 * 1024
"""The most that a first visit to a page may transfer, in bytes."""

_ASSET = re.compile(r'(?:<link rel="(?:icon|stylesheet)" href|<script[^>]* src|<img[^>]* src)="([^"]+)"')
_IMPORT = re.compile(r'^import [^;]*"\./([^"]+)"|^import "\./([^"]+)"', re.MULTILINE)


@pytest.fixture(scope="module")
def client(four_units: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A browser over four real units with the whole glossary."""
    data = tmp_path_factory.mktemp("data")
    services = Services.of(load_course(four_units), None, Conversations(data / "c.sqlite"))
    return create_app(Settings(course=four_units, index=data, data=data), services).test_client()


def transferred(client: FlaskClient, path: str) -> dict[str, int]:
    """Bytes by address of all that the page needs at once; figures that wait until they are scrolled to are not among it."""
    sizes: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        response = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert response.status_code == 200, address
        sizes[address] = len(response.data) + len(str(response.headers))
        text = client.get(address, buffered=True).text
        if response.mimetype == "text/html":
            waiting += _ASSET.findall(re.sub(r'<img[^>]*loading="lazy"[^>]*>', "", text))
        elif "javascript" in response.mimetype:
            waiting += [f"/static/{a or b}" for a, b in _IMPORT.findall(text)]
    return sizes


PAGES = [
    "/",
    "/course/",
    "/course/1.6",
    "/course/3.9",
    "/course/search?q=carrier",
    "/course/bookmarks",
    "/glossary",
    "/glossary?letter=C",
    "/glossary?q=a",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_is_light_and_needs_no_other_host(client: FlaskClient, path: str) -> None:
    sizes = transferred(client, path)
    assert {"/static/page.css", "/static/course.css", "/static/app.js", "/static/reader.js", "/static/events.js"} <= set(sizes)
    assert all(address.startswith("/") and not address.startswith("//") for address in sizes)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", client.get(path).text)
    assert sum(sizes.values()) <= MOST, sizes


def test_every_letter_of_the_glossary_is_light(client: FlaskClient) -> None:
    letters = re.findall(r'href="(/glossary\?letter=[^"]+)"', client.get("/glossary").text)
    assert len(letters) > 20
    seen = 0
    for path in letters:
        seen += client.get(path).text.count("data-entry>")
        assert sum(transferred(client, path).values()) <= MOST, path
    assert seen == len(client.application.extensions["genomics-tutor"].course.glossary)


def test_filtered_terms_come_in_pages(client: FlaskClient) -> None:
    first = client.get("/glossary?q=a").text
    assert first.count("data-entry>") == 100
    last = re.findall(r'href="(/glossary\?q=a&amp;page=(\d+))"', first)[-1]
    assert 0 < client.get(last[0].replace("&amp;", "&")).text.count("data-entry>") <= 100
    for page in ("0", "-1", "9999", "99999", "x", "１"):
        assert "data-entry>" in client.get("/glossary", query_string={"q": "a", "page": page}).text
    best = re.findall(r"<dfn[^>]*>([^<]+)", client.get("/glossary?q=mosaicism").text)[0]
    assert best == "Mosaicism"


def test_a_unit_leads_to_the_terms_it_explains(client: FlaskClient) -> None:
    page = client.get("/glossary?unit=1.6").text
    sections = re.findall(r'class="open" href="/course/([^#"]+)#', page)
    assert set(sections) == {"1.6"}
    assert f"{len(sections)} terms explained" in client.get("/course/1.6").text
