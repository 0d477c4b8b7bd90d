"""The pages in a real browser: ask, read the streamed answer, follow a citation to its sentence; wide and narrow, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, ask, needs_browser
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

FIFTY = "Each child of an affected parent has a 50% risk of inheriting the variant."

pytestmark = needs_browser

EVERYWHERE = pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (WIDE, "zh-CN"), (NARROW, "en"), (NARROW, "zh-CN")])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_citation_opens_beside_the_chat_at_its_sentence(visit: Callable[..., Page], language: str) -> None:
    """Wide: ask, read, click; the sentence is marked and in view, Esc gives the focus back to the marker."""
    page = visit(language=language)
    ask(page, "亨廷顿病的再发风险是多少?" if language == "zh-CN" else "What is the risk?")
    expect(page.locator(".said")).to_contain_text(FIFTY)
    marker = page.locator(".cite").nth(1)
    marker.click()
    quoted = page.locator("[data-pane] .quoted")
    expect(quoted).to_have_text(FIFTY)
    expect(quoted).to_be_in_viewport()
    expect(quoted).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-pane]")).to_be_hidden()
    expect(marker).to_be_focused()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if language == "zh-CN" else "en")
    expect(page.locator(".send")).to_have_text("提问" if language == "zh-CN" else "Ask")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_citation_is_a_card_and_then_a_page_on_a_phone(visit: Callable[..., Page], language: str) -> None:
    """Narrow: tap shows the sentence among its neighbours, its link opens the page there, and going back loses nothing."""
    page = visit(size=NARROW, language=language)
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".send").tap()
    page.locator(".cite").nth(1).tap()
    card = page.locator("[data-card]")
    expect(card.locator("strong")).to_have_text(FIFTY)
    expect(card).to_contain_text("Huntington disease and Marfan syndrome")
    expect(card).to_be_in_viewport(ratio=1)
    card.locator("a").tap()
    expect(page).to_have_url(re.compile(r"/course/1\.6#autosomal-dominant/1\.2$"))
    target = page.locator(".sentence:target")
    expect(target).to_have_text(FIFTY)
    expect(target).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".said")).to_contain_text(FIFTY)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
def test_a_row_far_down_is_found_too(visit: Callable[..., Page], size: dict[str, int]) -> None:
    """A table's row deep in the unit is marked, cell by cell, inside the viewport."""
    page = visit("/course/1.6#autosomal-recessive/2.2", size=size)
    row = page.locator("tr:target")
    expect(row).to_contain_text("Cystic fibrosis")
    expect(row).to_be_in_viewport()
    expect(row.locator("td").first).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_the_pane_goes_to_the_next_citation(visit: Callable[..., Page]) -> None:
    """A second marker moves the mark; a link to another unit loads it; one sentence is marked at a time."""
    page = visit()
    ask(page, "compare the two")
    page.locator(".cite").first.click()
    expect(page.locator(".quoted")).to_have_text("Autosomal dominant inheritance needs one altered copy of a gene.")
    page.locator(".cite").last.click()
    expect(page.locator(".quoted")).to_have_count(1)
    expect(page.locator(".quoted")).to_contain_text("carrier_frequency")
    expect(page.locator(".quoted")).to_be_in_viewport()
    expect(page.locator("[data-pane-page]")).to_have_attribute("href", re.compile(r"/course/1\.6#autosomal-recessive/3\.3$"))


def test_the_card_follows_the_pointer_and_the_focus(visit: Callable[..., Page]) -> None:
    """Hover or focus shows it, it can be entered, Esc hides it."""
    page = visit()
    ask(page, "What is the risk?")
    card = page.locator("[data-card]")
    page.locator(".cite").first.hover()
    expect(card).to_be_visible()
    trail = ["Human genetics and genomics", "Mendelian inheritance and pedigree analysis", "Autosomal dominant inheritance"]
    expect(card.locator(".trail")).to_have_text(re.compile(" . ".join(trail)))
    card.hover()
    expect(card).to_be_visible()
    page.mouse.move(2, 2)
    expect(card).to_be_hidden()
    page.locator(".cite").first.focus()
    page.keyboard.press("Tab")
    expect(card.locator("strong")).to_have_text(FIFTY)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator(".cite").nth(1)).to_be_focused()


def test_a_marker_that_comes_to_lie_under_a_still_pointer_opens_no_card(visit: Callable[..., Page]) -> None:
    """Text that arrives moves what stands below it; the card would take the Esc that is meant for the course text."""
    page = visit()
    page.clock.install()
    ask(page, "What is the risk?")
    marker = page.locator(".cite").nth(1)
    expect(marker).to_be_visible()
    page.mouse.move(5, 400)
    page.evaluate("""() => {
      addEventListener("mouseover", (event) => { window.over = event.target.closest(".cite") !== null; });
      const marker = document.querySelectorAll(".cite")[1];
      marker.style.cssText = "position: fixed; left: 0; top: 390px; width: 20px; height: 20px";
    }""")
    page.wait_for_function("window.over")
    page.clock.run_for(1000)
    expect(page.locator("[data-card]")).to_be_hidden()
    page.mouse.move(300, 600)
    page.mouse.move(8, 402)
    page.clock.run_for(1000)
    expect(page.locator("[data-card]")).to_be_visible()


def test_a_conversation_goes_on_and_survives_a_reload(visit: Callable[..., Page]) -> None:
    """Two questions stand in one conversation with an address of its own; nothing is announced but that the answer is there."""
    page = visit()
    ask(page, "What is the risk?")
    expect(page.locator("[data-announcer]")).to_have_text("The answer is ready: 3 sentences.")
    expect(page.get_by_role("link", name="New conversation")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/chat/[\w-]+$"))
    ask(page, "not covered at all")
    expect(page.locator(".state").last).to_have_text("Not in the course")
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".asked").first).to_have_text("What is the risk?")


@EVERYWHERE
def test_a_correction_is_undone(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """What was understood is said; one click asks again as it was typed."""
    page = visit(size=size, language=language)
    ask(page, "risk in huntingtin disease")
    expect(page.locator(".understood")).to_contain_text(
        f"{'理解为：' if language == 'zh-CN' else 'Understood as:'} risk in Huntington disease"
    )
    page.get_by_role("button", name="按原文重新提问" if language == "zh-CN" else "Ask exactly as I typed it").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last.locator(".understood")).to_have_count(0)


@EVERYWHERE
def test_a_starter_question_is_asked(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """It is the first question of the conversation, and the starters make room."""
    page = visit(size=size, language=language)
    expect(page.locator(".starters h3")).to_have_count(2)
    page.get_by_role("button", name="Which genes cause Lynch syndrome?").click()
    expect(page.locator(".asked")).to_have_text("Which genes cause Lynch syndrome?")
    expect(page.locator("[data-starters]")).to_have_count(0)


def test_a_section_can_be_asked_about_from_the_pane(visit: Callable[..., Page]) -> None:
    """The next question is about the section, until it is taken back."""
    page = visit()
    ask(page, "What is the risk?")
    page.locator(".cite").first.click()
    page.locator("[data-pane] .ask-here").first.click()
    expect(page.locator("[data-scope]")).to_contain_text("Autosomal dominant inheritance")
    expect(page.locator("#ui_question")).to_be_focused()
    page.locator("[data-scope-clear]").click()
    expect(page.locator("[data-scope]")).to_be_hidden()


def test_a_failure_keeps_the_question(visit: Callable[..., Page], complaints: list[str]) -> None:
    """A refusal and a lost connection are said in words, and what was typed is still in the box."""
    page = visit()
    box = page.locator("#ui_question")
    box.fill("boom")
    box.press("Enter")
    expect(page.locator("[data-problem]")).to_contain_text("The assistant cannot answer now")
    expect(box).to_have_value("boom")
    page.route("**/ask/stream", lambda route: route.abort())
    box.press("Enter")
    expect(page.locator("[data-problem]")).to_contain_text("The connection was lost")
    expect(box).to_have_value("boom")
    complaints.clear()


def test_an_unfinished_chinese_word_is_not_sent(visit: Callable[..., Page]) -> None:
    """Enter that chooses a word of an input method is not Enter that sends."""
    page = visit()
    box = page.locator("#ui_question")
    box.fill("ya")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(page.locator(".turn")).to_have_count(0)
    expect(box).to_have_value("ya")


@EVERYWHERE
def test_asking_and_reading_need_no_script(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """With JavaScript off, the form answers and the citation leads to the marked sentence."""
    page = visit(size=size, language=language, java_script_enabled=False)
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".send").click()
    expect(page.locator(".said")).to_contain_text(FIFTY)
    page.locator(".cite").nth(1).click()
    expect(page.locator(".sentence:target")).to_have_text(FIFTY)
    expect(page.locator(".sentence:target")).to_be_in_viewport()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
def test_language_and_colours_are_switched_in_the_header(visit: Callable[..., Page], size: dict[str, int]) -> None:
    """Each takes effect at once and stays, with the conversation in place; and back."""
    page = visit(size=size)
    ask(page, "What is the risk?")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator(".state")).to_contain_text("课程已涵盖")
    page.locator(".menu summary").click()
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".state")).to_contain_text("In the course")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_glossary_filters_as_one_types(visit: Callable[..., Page]) -> None:
    """In either language."""
    page = visit("/glossary")
    page.locator("[data-filter]").fill("林奇")
    expect(page.locator("[data-entry]:visible")).to_have_count(1)
    expect(page.locator("[data-entry]:visible")).to_contain_text("Lynch syndrome")
    page.locator("[data-filter]").fill("zzz")
    expect(page.locator("[data-filter-none]")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/chats", "/course/", "/course/1.6", "/glossary", "/nowhere"])
def test_nothing_is_wider_than_a_small_screen(visit: Callable[..., Page], complaints: list[str], path: str) -> None:
    """At 320 pixels, which is also 1280 at 400 % zoom, no page scrolls sideways."""
    page = visit(path, size={"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    complaints.clear()
