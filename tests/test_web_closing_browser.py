"""The pages that close gaps, in a real browser: write, see it beside, save, be told; wide and narrow, in both languages.

Needs Chromium at /usr/bin/chromium; without it the tests are skipped, unless GENOMICS_TUTOR_BROWSER_REQUIRED=1.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from browser import CHROMIUM, NARROW, WIDE
from closing_fakes import text_app
from playwright.sync_api import expect
from tutor_fakes import PASSWORD, with_account
from web_fakes import served

from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("GENOMICS_TUTOR_BROWSER_REQUIRED") != "1",
    reason=f"no browser at {CHROMIUM}: install the Debian package chromium to run these",
)
PAGES = ("/tutor/answers/", "/tutor/answers/new", "/tutor/text/", "/tutor/text/unit/1.2", "/tutor/golden/", "/tutor/health/")
WORDS = {"en": ("Save", "Answered by your tutors"), "zh-CN": ("保存", "教师答复")}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over a course of files."""
    app = text_app(tmp_path)
    with_account(app)
    return app


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where it is served."""
    with served(app) as found:
        yield found


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of."""
    return []


@pytest.fixture
def tutor(address: str, new_context: Callable[..., BrowserContext], complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a browser in which a tutor has signed in."""

    def opened(size: dict[str, int] = WIDE, language: str = "en", **more: object) -> Page:
        context = new_context(viewport=size, locale=language, base_url=address, **more)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/tutor/sign-in")
        page.locator("[name=name]").fill("Test tutor")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button").first.click()
        expect(page.locator(".tutor-steps")).to_be_visible()
        return page

    yield opened
    assert complaints == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_page_is_wider_than_the_window(tutor: Callable[..., Page], size: dict[str, int], language: str) -> None:
    page = tutor(size, language)
    for path in PAGES:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_answer_is_written_seen_beside_and_read_in_the_chat(tutor: Callable[..., Page], language: str) -> None:
    save, answered = WORDS[language]
    page = tutor(WIDE, language)
    page.goto("/tutor/answers/new?question=Who pays when it is not covered?")
    page.locator("#ui_body").fill("The **ward** pays; see `1.2#first/1`.")
    expect(page.locator("[data-preview-html] strong")).to_have_text("ward")
    expect(page.locator("[data-preview-html] a")).to_have_attribute("href", "/course/1.2#first/1.1")
    page.get_by_role("button", name=save, exact=True).click()
    expect(page.locator(".kept h2")).to_have_text("Who pays when it is not covered?")
    page.goto("/")
    page.wait_for_load_state()  # the script that sends it is the last thing a page loads
    page.locator("#ui_question").fill("Who pays when it is not covered?")
    page.keyboard.press("Enter")
    expect(page.locator(".tutors-word h3")).to_have_text(answered)
    expect(page.locator(".tutors-word .note")).to_contain_text("The ward pays")


def test_a_unit_is_changed_with_its_checks_beside_and_put_into_use(tutor: Callable[..., Page], app: Flask) -> None:
    page = tutor()
    page.goto("/tutor/text/unit/1.2")
    text = page.locator("#ui_text")
    text.fill(text.input_value().replace("One plain sentence.", "One qwertzuiop sentence."))
    expect(page.locator(".faults")).to_contain_text("qwertzuiop")
    expect(page.locator(".changes-of-text ins")).to_contain_text("One qwertzuiop sentence.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#ui_status")).not_to_be_empty()
    with app.app_context():
        assert workshop().refreshing.wait(30)
    page.goto("/course/1.2")
    expect(page.locator("article.course-text")).to_contain_text("One qwertzuiop sentence.")


def test_without_javascript_the_checks_come_before_the_save(tutor: Callable[..., Page]) -> None:
    page = tutor(WIDE, "en", java_script_enabled=False)
    page.goto("/tutor/text/unit/1.2")
    text = page.locator("#ui_text")
    text.fill(text.input_value().replace("One plain sentence.", "One other sentence."))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#ui_status")).not_to_be_empty()


def test_two_tutors_saving_one_unit_are_told(tutor: Callable[..., Page], complaints: list[str]) -> None:
    first, second = tutor(), tutor()
    for page, word in ((first, "first"), (second, "second")):
        page.goto("/tutor/text/unit/1.2")
        text = page.locator("#ui_text")
        text.fill(text.input_value().replace("One plain sentence.", f"One {word} sentence."))
        expect(page.locator(".changes-of-text ins")).to_contain_text(f"One {word} sentence.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator("#ui_status")).not_to_be_empty()
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".conflict")).to_be_visible()
    assert "One first sentence." in second.locator(".conflict textarea").input_value()
    assert "One second sentence." in second.locator("#ui_text").input_value()
    complaints[:] = [one for one in complaints if "409" not in one]


def test_a_test_question_is_kept_and_asked_by_keyboard(tutor: Callable[..., Page], app: Flask) -> None:
    page = tutor(NARROW)
    page.goto("/tutor/golden/")
    page.locator("#ui_question").fill("What stands in the first section?")
    page.keyboard.press("Tab")
    page.keyboard.type("1.1#table")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    with app.app_context():
        assert workshop().testing.wait(30)
    page.goto("/tutor/golden/")
    expect(page.locator("tbody tr")).to_contain_text("1.1#table")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
