"""The pages of gaps in a real browser, in both languages, wide and narrow."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gap_fakes import with_gaps
from playwright.sync_api import expect
from tutor_fakes import PASSWORD, with_account
from web_fakes import fake_app, served

from web.tutors.gaps_page import desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page

SIZES = ({"width": 1280, "height": 900}, {"width": 375, "height": 740})
LANGUAGES = ("en", "zh-CN")
CHROMIUM = Path("/usr/bin/chromium")

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("GENOMICS_TUTOR_BROWSER_REQUIRED") != "1",
    reason=f"no browser at {CHROMIUM}: install the Debian package chromium to run these",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The browser of this machine, without a window."""
    return {"executable_path": str(CHROMIUM), "args": ["--no-sandbox", "--disable-gpu", "--no-first-run"], "headless": True}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address for all: each test brings its own, and the plugin's fixture of this name uses what pytest 10 will remove."""


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The pages with three gaps."""
    app = fake_app(tmp_path)
    with_gaps(app)
    return app


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where they are served."""
    with_account(app)
    with served(app) as address:
        yield address


@pytest.fixture(params=[(size, language) for size in SIZES for language in LANGUAGES], ids=lambda one: f"{one[0]['width']}-{one[1]}")
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A tutor's browser on the list of gaps."""
    size, language = request.param
    context = browser.new_context(viewport=size, locale=language)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/tutor/sign-in?next=/tutor/gaps/")
    page.fill("input[name=name]", "Test tutor")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page).to_have_url(re.compile("/tutor/gaps/"))
    yield page
    context.close()
    assert faults == []


def no_wider_than_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_tutor_finds_a_gap_plans_it_and_sees_it_planned(page: Page) -> None:
    assert no_wider_than_the_window(page)
    page.locator(".gaps a", has_text="Fabry disease").first.click()
    expect(page.locator("h1")).to_contain_text("Fabry disease")
    assert no_wider_than_the_window(page)
    page.select_option("select[name=status]", "planned")
    page.fill("textarea[name=note]", "2.11")
    page.locator(".fields .send").click()
    expect(page.locator("h1 .status.is-planned")).to_be_visible()
    expect(page.locator(".history li")).to_have_count(2)


def test_ticked_questions_are_split_off_and_merged_again_by_keyboard(page: Page) -> None:
    page.locator(".gaps a", has_text="Fabry disease").first.click()
    first = page.locator(".examples input").first
    first.focus()
    page.keyboard.press("Space")
    page.locator("form[action$='/split'] button").press("Enter")
    expect(page.locator("p.few")).to_be_visible()
    page.locator("form[action$='/merge'] select").select_option(index=0)
    page.locator("form[action$='/merge'] button").press("Enter")
    expect(page.locator(".examples li")).to_have_count(3)


def test_work_is_shown_while_it_runs_and_the_page_comes_anew_when_it_is_over(page: Page, app: Flask) -> None:
    ended = threading.Event()
    with app.app_context():
        assert desk().work.start("making", "", lambda told: (told("meaning", 3, 9), ended.wait(60)))
    page.reload()
    expect(page.locator(".work progress")).to_be_visible()
    expect(page.locator(".work progress")).to_have_js_property("value", 3)
    expect(page.locator("form[action$='/make'] button")).to_be_disabled()
    ended.set()
    expect(page.locator(".work")).to_have_count(0)
    expect(page.locator("form[action$='/make'] button")).to_be_enabled()
