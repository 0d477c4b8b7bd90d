"""The course read in a real browser, in both languages, wide and narrow: search, bookmarks, the place one stopped at, glossary, print.

Needs Chromium as `browser.py` says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, ask, needs_browser
from playwright.sync_api import expect
from web_fakes import RECESSIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-CN"])
WORDS = {
    "en": {"bookmark": "Bookmark", "unmark": "Remove bookmark", "remove": "Remove", "search": "Search", "read on": "Continue reading"},
    "zh-CN": {"bookmark": "加书签", "unmark": "移除书签", "remove": "移除", "search": "搜索", "read on": "继续阅读"},
}

pytestmark = needs_browser


@LANGUAGES
@SIZES
def test_a_search_leads_to_its_sentence(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Typed in the contents, read in the results, and there it is in the unit, marked and in view."""
    page = visit("/course/", size=size, language=language)
    page.locator("#ui_search").fill("25% risk")
    page.get_by_role("button", name=WORDS[language]["search"], exact=True).click()
    expect(page).to_have_url(re.compile(r"/course/search\?q="))
    result = page.locator(".sentence-found").first
    expect(result).to_have_text(RECESSIVE[1])
    expect(result.locator("mark").first).to_have_text("25% risk")
    result.click()
    expect(page.locator(".sentence:target")).to_have_text(RECESSIVE[1])
    expect(page.locator(".sentence:target")).to_be_in_viewport()


@LANGUAGES
@SIZES
def test_a_section_is_marked_in_place(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """The button changes under the finger and keeps the focus; the list has the section, and can lose it."""
    words = WORDS[language]
    page = visit("/course/1.6", size=size, language=language)
    button = page.locator(".mark-here").nth(1)
    expect(button).to_have_text(words["bookmark"])
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text(words["unmark"])
    expect(button).to_be_focused()
    expect(page).to_have_url(re.compile(r"/course/1\.6$"))
    page.goto("/course/bookmarks")
    expect(page.locator(".marked a")).to_have_attribute("href", "/course/1.6#autosomal-recessive")
    page.get_by_role("button", name=words["remove"]).click()
    expect(page.locator(".marked")).to_have_count(0)


@SIZES
@LANGUAGES
def test_the_section_that_was_read_is_where_reading_goes_on(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Scrolled to, told to the server, offered on the contents page."""
    page = visit("/course/1.6", size=size, language=language)
    with page.expect_response("**/course/place") as told:
        page.locator("#recurrence").evaluate("one => one.scrollIntoView()")
    assert told.value.status == 204
    page.goto("/course/")
    expect(page.locator(".read-on")).to_contain_text(WORDS[language]["read on"])
    page.locator(".read-on a").click()
    expect(page).to_have_url(re.compile(r"/course/1\.6#recurrence$"))
    expect(page.locator("#recurrence")).to_be_in_viewport()


def test_reading_needs_no_script(visit: Callable[..., Page]) -> None:
    """Search, mark and read on with JavaScript off."""
    page = visit("/course/", java_script_enabled=False)
    page.locator("#ui_search").fill("mismatch")
    page.locator(".book-search button").click()
    page.locator(".sentence-found").click()
    page.locator(".mark-here").first.click()
    expect(page).to_have_url(re.compile(r"/course/2\.4#lynch$"))
    expect(page.locator(".mark-here")).to_have_text("Remove bookmark")
    page.goto("/course/")
    expect(page.locator(".read-on")).to_contain_text("Inherited cancer")
    expect(page.locator(".bookmarks")).to_contain_text("Lynch syndrome")


def test_a_figure_opens_alone(visit: Callable[..., Page]) -> None:
    """A tap on it leads to the figure by itself, as large as the screen."""
    page = visit("/course/1.6", size=NARROW, java_script_enabled=False)
    page.locator("figure a").tap()
    expect(page).to_have_url(re.compile(r"/course/1\.6/figures/1\.6-pedigree\.svg$"))


@SIZES
@LANGUAGES
def test_a_question_about_a_section_says_so_until_it_is_lifted(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """From the unit to the chat; the bar stays through an answer and a reload, and is gone for good when it is lifted."""
    page = visit("/course/1.6", size=size, language=language)
    page.locator(".ask-here").first.click()
    bar = page.locator("[data-scope]")
    expect(bar).to_contain_text(
        f"{'仅在本节中查找：' if language == 'zh-CN' else 'Only this section is searched:'} Autosomal dominant inheritance"
    )
    ask(page, "What is the risk?")
    expect(page).to_have_url(re.compile(r"/chat/[\w-]+\?section=1\.6%23autosomal-dominant$"))
    page.reload()
    expect(bar).to_be_visible()
    page.locator("[data-scope-clear]").click()
    expect(bar).to_be_hidden()
    page.reload()
    expect(bar).to_be_hidden()


@LANGUAGES
def test_a_term_can_be_asked_about(visit: Callable[..., Page], language: str) -> None:
    """The question stands in the box, in the language of the page, ready to be sent."""
    page = visit("/glossary", language=language)
    page.locator("[data-filter]").fill("林奇" if language == "zh-CN" else "lynch")
    expect(page.locator("[data-entry]")).to_have_count(1)
    expect(page.get_by_role("status").first).to_contain_text("1")
    page.locator(".ask-term").click()
    expect(page.locator("#ui_question")).to_have_value("什么是林奇综合征？" if language == "zh-CN" else "What is Lynch syndrome?")


def test_a_unit_is_printed_as_text(visit: Callable[..., Page]) -> None:
    """On paper there are neither buttons nor boxes to type in, and the answers to practice questions are there."""
    page = visit("/course/1.6")
    page.emulate_media(media="print")
    for gone in (".masthead", ".toc", ".book-search", ".section-tools", ".turner"):
        expect(page.locator(gone).first).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_text("The risk is 50%.")).to_be_visible()
    expect(page.locator(".references")).to_be_visible()


@pytest.mark.parametrize("path", ["/course/", "/course/1.6", "/course/search?q=risk", "/course/bookmarks", "/glossary"])
def test_nothing_is_wider_than_a_phone(visit: Callable[..., Page], path: str) -> None:
    """At 320 pixels no page scrolls sideways: wide tables scroll within themselves."""
    page = visit(path, size={"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
