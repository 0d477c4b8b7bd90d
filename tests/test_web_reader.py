"""The reader and the glossary: every unit, figure and term, and nothing outside the course."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from web_fakes import fake_app

import web
from web.settings import Settings

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A browser over the small course."""
    return fake_app(tmp_path).test_client()


def test_the_contents_list_modules_and_units(client: FlaskClient) -> None:
    """In teaching order, units that are not written yet left out."""
    page = client.get("/course/").text
    assert re.findall(r'href="/course/([^"]+)"', page.partition("<main")[2]) == ["1.6", "2.4"]
    assert "Module 1" in page


def test_a_unit_has_everything_a_reader_needs(client: FlaskClient) -> None:
    """Title, place, contents, sentences with their ids, references, and the way on."""
    page = client.get("/course/1.6").text
    assert "<h1>Mendelian inheritance and pedigree analysis</h1>" in page
    assert '<span class="sentence" id="autosomal-dominant/1.2">Each child' in page
    assert '<a href="#autosomal-recessive">' in page
    assert "Bennett RL." in page
    assert "November 22, 2026" in page
    assert re.search(r'rel="next" href="/course/2.4"', page)
    assert 'rel="prev"' not in page


def test_the_pane_is_the_text_alone(client: FlaskClient) -> None:
    """The same text without the page around it, for the chat to set beside itself."""
    pane = client.get("/course/1.6?view=pane").text
    assert "<html" not in pane
    assert 'id="autosomal-dominant/1.2"' in pane


def test_wrappers_are_added_and_words_are_not(client: FlaskClient) -> None:
    """Tables scroll, figures open, sections can be asked about; a row is still the row that is quoted."""
    page = client.get("/course/1.6").text
    assert re.search(r'<div class="scroll"[^>]*tabindex="0"[^>]*><table>', page)
    assert '<figure><a href="/course/1.6/figures/1.6-pedigree.svg"><img' in page
    assert 'href="/?section=1.6%23autosomal-dominant"' in page
    assert '<tr class="sentence" id="autosomal-recessive/2.1"><td>Autosomal dominant</td>' in page
    assert "section=1.6%23check-yourself" not in page


def test_a_figure_is_shown_and_can_do_nothing(client: FlaskClient) -> None:
    """It is served as SVG under a policy that lets it neither run nor load."""
    response = client.get("/course/1.6/figures/1.6-pedigree.svg", buffered=True)
    assert response.status_code == 200
    assert response.mimetype == "image/svg+xml"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert (
        client.get("/course/1.6/figures/1.6-pedigree.svg", headers={"If-None-Match": response.headers["ETag"]}, buffered=True).status_code
        == 304
    )


@pytest.mark.parametrize(
    "path",
    [
        "/course/1.6/figures/..%2Fsecret.svg",
        "/course/1.6/figures/../secret.svg",
        "/course/1.6/figures/%2Fetc%2Fpasswd.svg",
        "/course/1.6/figures/nothing.svg",
        "/course/1.6/figures/06-mendelian.md",
        "/course/1.6/figures/a%00b.svg",
        "/course/9.9/figures/1.6-pedigree.svg",
    ],
)
def test_no_other_file_can_be_had(client: FlaskClient, path: str) -> None:
    """Only an SVG that lies in the unit's own folder of figures is sent."""
    assert client.get(path).status_code == 404


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A symbolic link among the figures leads nowhere else."""
    client = fake_app(tmp_path).test_client()
    (tmp_path / "outside.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "course" / "1-genetics" / "figures" / "link.svg").symlink_to(tmp_path / "outside.svg")
    assert client.get("/course/1.6/figures/link.svg").status_code == 404


def test_what_is_not_there_is_404_with_a_way_on(client: FlaskClient) -> None:
    """An unknown unit and an unknown address each get a sentence and links."""
    unit = client.get("/course/9.9")
    assert unit.status_code == 404
    assert "no such unit" in unit.text
    assert client.get("/nowhere").status_code == 404


def test_every_route_and_setting_is_documented(tmp_path: Path) -> None:
    """The README of the pages names each."""
    text = (Path(web.__file__).parent / "README.md").read_text(encoding="utf-8")
    for rule in fake_app(tmp_path).url_map.iter_rules():
        path = re.sub(r"<(?:path:)?(\w+)>", r"<\1>", rule.rule).replace("<filename>", "<file>")
        assert f"| `{path}` |" in text, path
    for setting in fields(Settings):
        assert f"`GENOMICS_TUTOR_{setting.name.upper()}`" in text, setting.name


def test_a_plain_folder_is_a_course_too(tmp_path: Path) -> None:
    """No modules, no glossary, no practice questions, ids with slashes and spaces, anchors in Chinese."""
    client = fake_app(tmp_path, bare=True).test_client()
    assert client.get("/").status_code == 200
    contents = client.get("/course/").text
    assert 'href="/course/sub/dir/file%20one"' in contents
    page = client.get("/course/sub/dir/file%20one").text
    assert 'id="文字/1.1"' in page
    assert client.get("/glossary").status_code == 200


def test_the_glossary_is_found_by_any_name(client: FlaskClient) -> None:
    """English, Chinese, abbreviation, synonym or gene; each term leads to its section."""
    for wanted in ("huntington", "HD", "亨廷顿"):
        page = client.get("/glossary", query_string={"q": wanted}).text
        assert "Huntington disease is a disorder" in page
        assert "Lynch syndrome is" not in page
    assert 'href="/course/2.4#lynch"' in client.get("/glossary?q=mlh1").text
    assert not re.search(r"<p[^>]*data-filter-none hidden", client.get("/glossary?q=zzz").text)
