"""The tutors' pages in a real browser: sign in, read, take files in, manage accounts; wide and narrow, in both languages.

Needs Chromium at /usr/bin/chromium; without it the tests are skipped, unless GENOMICS_TUTOR_BROWSER_REQUIRED=1.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import CHROMIUM, NARROW, WIDE
from playwright.sync_api import expect
from test_web_tutors_views import ProbedAssistant
from tutor_fakes import PASSWORD, with_account
from web_fakes import fake_app, served

from assistant.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page


FORMAT_1 = Path(__file__).parent / "journal_format_1.jsonl"
ADMIN = "王芳"
PATHS = ["/tutor/", "/tutor/coverage/", "/tutor/reports/", "/tutor/journal/", "/tutor/accounts/", "/tutor/accounts/trail"]

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("GENOMICS_TUTOR_BROWSER_REQUIRED") != "1",
    reason=f"no browser at {CHROMIUM}: install the Debian package chromium to run these",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages over the small course, with a journal of thirty questions and an admin, served."""
    folder = tmp_path_factory.mktemp("tutors")
    app = fake_app(folder, journal=True)
    services = app.extensions["genomics-tutor"]
    assistant = ProbedAssistant(services.course)
    app.extensions["genomics-tutor"] = replace(services, course=assistant.course, assistant=assistant)
    journal = Journal(folder / "data" / "journal.sqlite")
    for number in range(30):
        state = ("covered", "covered", "not_covered")[number % 3]
        journal.add("question", {"state": state, "cited": ["1.6#a/1"], "nearest": ["2.4#b/1"], "conversation": f"c{number}"})
    with_account(app, "admin", ADMIN)
    with app.app_context():
        app.extensions["genomics-tutor coverage"].rows(assistant)
    app.extensions["genomics-tutor coverage"].wait(30)
    with served(app) as found:
        yield found


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: faults of scripts, and whatever the policy forbids."""
    return []


@pytest.fixture
def visit(address: str, new_context: Callable[..., BrowserContext], complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own, in a size and a language, with or without scripts; a tutor signs in on the way."""

    def opened(path: str, size: dict[str, int] = WIDE, language: str = "en", **more: object) -> Page:
        context = new_context(viewport=size, locale=language, base_url=address, **more)
        context.set_default_timeout(20_000)
        page = context.new_page()

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                complaints.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        page.locator("#ui_name").fill(ADMIN)
        page.locator("#ui_password").fill(PASSWORD)
        page.locator("#ui_password").press("Enter")
        expect(page.locator(".tutor-steps")).to_be_visible()
        return page

    yield opened
    assert complaints == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("size", [WIDE, NARROW, {"width": 320, "height": 640}], ids=["1280", "375", "320"])
def test_every_page_fits_and_speaks_the_language(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """No page scrolls sideways; what is wider scrolls within itself; the step that one is on is marked."""
    page = visit("/tutor/", size, language)
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if language == "zh-CN" else "en")
        expect(page.locator(".tutor-steps [aria-current]")).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_signing_in_leads_on_and_signing_out_leads_back(visit: Callable[..., Page], language: str) -> None:
    """To the page that was asked for; and going back shows nothing of it."""
    page = visit("/tutor/reports/?from=2026-11-01&to=2026-11-30", language=language)
    expect(page.locator("[name=from]")).to_have_value("2026-11-01")
    page.locator(".tutor-steps button").click()
    expect(page.locator("#ui_password")).to_be_visible()
    page.go_back()
    expect(page.locator(".tutor-steps")).to_have_count(0)


def test_the_chart_has_its_table(visit: Callable[..., Page]) -> None:
    """Bars for what was asked, the same figures behind the summary, by keyboard."""
    page = visit("/tutor/")
    expect(page.locator(".drawing rect.is-covered")).not_to_have_count(0)
    page.locator(".chart summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chart table")).to_be_visible()
    expect(page.locator(".tiles dd").first).to_have_text("30")


def test_a_square_of_the_matrix_leads_to_its_outcome_and_on_to_the_text(visit: Callable[..., Page]) -> None:
    """Square, row, section: two clicks from the glance to the evidence."""
    page = visit("/tutor/coverage/")
    page.locator(".matrix a").first.click()
    row = page.locator("#unit-1\\.6")
    expect(row).to_be_in_viewport()
    page.locator(".outcomes td a").first.click()
    expect(page.locator("#autosomal-dominant")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_journal_file_is_taken_in(visit: Callable[..., Page], tmp_path: Path, language: str, scripts: bool) -> None:  # noqa: FBT001
    """A file cut short: what it holds is taken, what is wrong is told in the tutor's language."""
    cut = tmp_path / "cut.jsonl"
    cut.write_text(FORMAT_1.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    page = visit("/tutor/journal/", NARROW, language, java_script_enabled=scripts)
    page.locator("#ui_files").set_input_files(cut)
    page.locator("form[action$=take] button").click()
    told = page.locator(".told")
    expect(told).to_contain_text("cut.jsonl")
    expect(told.locator("li")).to_have_text(
        "第 4 行不是日志记录，或与写入时不符；已略过该行。"
        if language == "zh-CN"
        else "Line 4 is no event of a journal, or not as it was written; it was left out."
    )


def test_an_admin_adds_and_removes_a_tutor_by_keyboard(visit: Callable[..., Page]) -> None:
    """What can be undone by nobody asks twice: the form stands behind a summary."""
    page = visit("/tutor/accounts/")
    page.locator("#ui_name").fill("Li Wei")
    page.locator("#ui_first").fill("quite another one")
    page.locator("#ui_first").press("Enter")
    row = page.locator("tr", has_text="Li Wei")
    expect(row).to_be_visible()
    row.locator("summary", has_text="Remove").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_have_text("The account was removed.")
    expect(page.locator("th", has_text="Li Wei")).to_have_count(0)
