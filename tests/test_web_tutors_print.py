"""The tutors' pages on paper: nothing wider than the sheet, nothing cut off, no navigation, light colours whatever the screen has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import needs_browser
from playwright.sync_api import expect
from test_web_tutors_views import keep, probed_app
from tutor_fakes import signed_in
from web_fakes import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Page

pytestmark = needs_browser

SHEET = {"width": 688, "height": 1002}
"""A4 less the margins, in CSS pixels."""

PAGES = ["/tutor/", "/tutor/coverage/", "/tutor/reports/", "/tutor/gaps/", "/tutor/health/", "/tutor/golden/", "/tutor/journal/"]
BEYOND = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getClientRects().length && !one.closest(".unseen"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible"))
  .map((one) => `${one.tagName}.${one.getAttribute("class")}: ${one.textContent.trim().slice(0, 40)}`)"""
"""What stands beyond the sheet's edge, or is cut off at an edge of its own."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The pages over the small course, with coverage worked out and questions in the journal."""
    folder = tmp_path_factory.mktemp("print")
    app, assistant = probed_app(folder)
    keep(app, folder / "data", [(("covered", "not_covered")[n % 2], ("1.6#a/1", "2.4#b/1")[n % 2], f"c{n}") for n in range(30)])
    coverage = app.extensions["genomics-tutor coverage"]
    coverage.rows(assistant)
    coverage.wait(30)
    return app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The pages, served."""
    with served(app) as found:
        yield found


@pytest.fixture
def paper(visit: Callable[..., Page], app: Flask, address: str) -> Callable[[str, str], Page]:
    """Opens a page of the tutors as it is printed, from a screen in dark colours."""

    def opened(path: str, language: str) -> Page:
        page = visit("about:blank", size=SHEET, language=language)
        cookie = signed_in(app, "admin").get_cookie("genomics_tutor")
        assert cookie
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "genomics_tutor", "value": cookie.value, "url": address}])
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(path)
        assert page.url.endswith(path)
        return page

    return opened


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_the_sheet(paper: Callable[[str, str], Page], path: str, language: str) -> None:
    """With nothing on it that only a screen is good for."""
    page = paper(path, language)
    for screen_alone in (".masthead", ".tutor-steps", ".choices", "main form", "main button"):
        expect(page.locator(screen_alone).locator("visible=true")).to_have_count(0)
    assert page.evaluate(BEYOND) == []
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_the_matrix_has_its_key_and_the_report_its_picture_and_table(paper: Callable[[str, str], Page]) -> None:
    """What the choices above the matrix say on a screen; on paper no summary can be opened."""
    page = paper("/tutor/coverage/", "en")
    expect(page.locator("figure .legend li")).to_have_count(3)
    expect(page.locator("figure .legend li").first).to_be_visible()
    page = paper("/tutor/reports/", "en")
    expect(page.locator("figure svg.drawing")).to_be_visible()
    expect(page.locator("figure table")).to_be_visible()
    expect(page.locator("figure summary")).to_be_hidden()
    page = paper("/tutor/", "en")
    expect(page.locator("figure summary")).to_be_hidden()
