"""What a trainee has begun stays in a real browser: a question half typed, the module chosen; and the small screen loses nothing of an answer, a card, a printout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, ask, needs_browser
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = needs_browser

EVERYWHERE = pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (WIDE, "zh-CN"), (NARROW, "en"), (NARROW, "zh-CN")])
LONE_MARKERS = """() => [...document.querySelectorAll(".said p .cite")].filter((marker) => {
  const before = document.createTreeWalker(marker.closest("p"), NodeFilter.SHOW_TEXT);
  let last = null;
  for (let text = before.nextNode(); text && !marker.contains(text); text = before.nextNode()) if (/[^\\s\\u2060]/.test(text.data)) last = text;
  const letter = document.createRange();
  const end = last.data.replace(/[\\s\\u2060]+$/, "").length;
  letter.setStart(last, end - 1);
  letter.setEnd(last, end);
  return letter.getBoundingClientRect().bottom <= marker.getBoundingClientRect().top + 4;
}).length"""


@EVERYWHERE
def test_a_question_half_typed_stays(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Through a reload, a change of language and a look into the course; not beyond its being asked."""
    page = visit(size=size, language=language)
    page.wait_for_load_state()  # the script that keeps it is the last thing a page loads
    box = page.locator("#ui_question")
    box.fill("What is half a")
    page.reload()
    expect(box).to_have_value("What is half a")
    page.locator("[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "zh-CN" else "zh-Hans")
    expect(box).to_have_value("What is half a")
    page.locator(".masthead nav a").nth(1).click()
    page.locator(".masthead nav a").first.click()
    expect(box).to_have_value("What is half a")
    ask(page, "What is the risk?")
    page.goto("/")
    page.wait_for_load_state()
    expect(box).to_have_value("")


def test_an_edit_that_was_left_is_no_draft(visit: Callable[..., Page]) -> None:
    """Put back into the box without its notice, an old question would be asked again beside itself."""
    page = visit()
    ask(page, "What is the risk?")
    page.locator(".edit").click()
    expect(page.locator("#ui_question")).to_have_value("What is the risk?")
    page.reload()
    page.wait_for_load_state()
    expect(page.locator("[data-editing]")).to_be_hidden()
    expect(page.locator("#ui_question")).to_have_value("")


@EVERYWHERE
def test_the_module_chosen_stays_and_has_its_own_starters(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Chosen beside the box it stands in the address, so that a reload and an answer keep it; lifted, all starters are back."""
    page = visit(size=size, language=language)
    groups = page.locator(".starters section:visible")
    expect(groups).to_have_count(2)
    page.locator("#ui_module").select_option("2.4")
    expect(groups).to_have_count(1)
    expect(groups).to_contain_text("Which genes cause Lynch syndrome?")
    page.reload()
    expect(page.locator("#ui_module")).to_have_value("2.4")
    expect(groups).to_have_count(1)
    ask(page, "What is the risk?")
    page.reload()
    expect(page.locator("[data-where]")).to_contain_text("2.4 · Inherited cancer")
    page.locator("[data-where] a").click()
    page.reload()
    expect(page.locator("[data-where]")).to_be_hidden()


def test_starters_of_a_module_need_no_script(visit: Callable[..., Page]) -> None:
    """The server leaves out the others, too."""
    page = visit("/?module=2", java_script_enabled=False)
    expect(page.locator(".starters section:visible")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 700, 375, 361, 347, 333, 320])
def test_no_marker_begins_a_line(visit: Callable[..., Page], width: int) -> None:
    """It stands behind its sentence's last word, whatever the width."""
    page = visit(size={"width": width, "height": 800})
    ask(page, "What is the risk?")
    assert page.evaluate(LONE_MARKERS) == 0


@EVERYWHERE
def test_a_conversation_is_taken_along(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """As a Markdown file and as a page to print, each with the sentence, where it stands and its address."""
    page = visit(size=size, language=language)
    ask(page, "compare the two")
    with page.expect_download() as download:
        page.locator("[data-keep-as='.md']").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    place = "Human genetics and genomics › Mendelian inheritance and pedigree analysis › Autosomal dominant inheritance"
    quote = "Autosomal dominant inheritance needs one altered copy of a gene."
    assert f"[^1]: {place}. “{quote}” <http://127.0.0.1:" in text
    assert "/course/1.6#autosomal-dominant/1.1>" in text
    page.locator("[data-keep-as='/print']").click()
    note = page.locator(".endnotes li").first
    expect(note).to_contain_text(f"{place}. {quote}")
    expect(note.locator("a")).to_have_attribute("href", "/course/1.6#autosomal-dominant/1.1")
    expect(page.locator("h2").last).to_have_text("出处" if language == "zh-CN" else "Sources")
    expect(page.locator(".record table")).to_be_visible()
    for width in (size["width"], 320):
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_row_is_quoted_cell_by_cell(visit: Callable[..., Page]) -> None:
    """Each under its column's name: run together they could not be read."""
    page = visit()
    ask(page, "compare the two")
    page.goto(f"{page.url}/print")
    expect(page.locator(".endnotes")).to_contain_text("; ")
    expect(page.locator(".endnotes q").filter(has_text="Cystic fibrosis")).to_contain_text(": Cystic fibrosis")


def test_a_card_on_a_tiny_screen_shows_its_sentence(visit: Callable[..., Page]) -> None:
    """At 400 % zoom the card is shorter than breadcrumb and neighbours; the sentence itself is in view."""
    page = visit(size={"width": 320, "height": 256})
    ask(page, "What is the risk?")
    page.locator(".cite").nth(1).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    card = page.locator("[data-card]")
    expect(card).to_be_in_viewport(ratio=0.99)
    inside = page.evaluate("""() => {
      const card = document.querySelector("[data-card]").getBoundingClientRect();
      const quote = document.querySelector("[data-card] strong").getBoundingClientRect();
      return quote.top >= card.top && quote.top + 20 <= card.bottom;
    }""")
    assert inside
