"""Practising in a real browser, in both languages, wide and narrow: by mouse, by keyboard, without scripts.

Needs Chromium at /usr/bin/chromium; without it the tests are skipped, unless GENOMICS_TUTOR_BROWSER_REQUIRED=1.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from browser import CHROMIUM, NARROW, WIDE
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

FIFTY = "Each child has a 50% risk of inheriting the variant."
EVIDENCE = "Each child of an affected parent has a 50% risk of inheriting the variant."

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("GENOMICS_TUTOR_BROWSER_REQUIRED") != "1",
    reason=f"no browser at {CHROMIUM}: install the Debian package chromium to run these",
)
EACH = pytest.mark.parametrize(
    ("size", "language"),
    [(size, language) for size in (WIDE, NARROW) for language in ("en", "zh-CN")],
    ids=["wide-en", "wide-zh", "narrow-en", "narrow-zh"],
)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@EACH
def test_a_question_is_answered_compared_and_rated(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """From the header on; hints first, then the two answers side by side, the evidence in the reader, and the next question."""
    page = visit("/", size, language)
    page.locator(".masthead nav a[href='/practise']").click()
    expect(page.locator(".masthead nav a[aria-current]")).to_have_attribute("href", "/practise")
    assert fits(page)
    page.locator("main .go").click()
    question = page.locator("h1.task").inner_text()
    for hints in (1, 2, 3):
        page.locator(".steps .plainly").click()
        expect(page.locator(".hints li")).to_have_count(hints)
    expect(page.locator(".gap").first).to_be_visible()
    page.locator("#ui_answer").fill(FIFTY)
    page.locator(".steps .go").click()
    expect(page.locator(".own")).to_have_text(FIFTY)
    expect(page.locator(".points .found")).to_have_count(1)
    expect(page.locator(".points .missed")).to_have_count(1)
    assert fits(page)
    own, model = page.locator(".beside section").nth(0).bounding_box(), page.locator(".beside section").nth(1).bounding_box()
    assert own
    assert model
    assert (own["y"] == model["y"]) == (size is WIDE)
    page.locator(".reading-on .open").click()
    expect(page.locator(".sentence:target")).to_have_text(EVIDENCE)
    expect(page.locator(".sentence:target")).to_be_in_viewport()
    page.go_back()
    page.locator(".rating button").nth(2).click()
    expect(page.locator("h1.task")).not_to_have_text(question)
    page.goto("/practise/progress")
    expect(page.locator(".days rect")).to_have_count(1)
    page.locator("#ui_days_table summary").click()
    expect(page.locator("#ui_days_table td")).to_have_text("1")
    assert fits(page)


@EACH
def test_the_keyboard_is_enough(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """The box has the focus; Tab leads from it to the comparison, and from there to the four ratings in their order."""
    page = visit("/practise/next", size, language)
    expect(page.locator("#ui_answer")).to_be_focused()
    page.keyboard.type(FIFTY)
    page.keyboard.press("Tab")
    expect(page.locator(".steps .go")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".reading-on .open").focus()
    for value in ("again", "hard", "good", "easy"):
        page.keyboard.press("Tab")
        expect(page.locator(f".rating button[value={value}]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#ui_answer")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_works_without_scripts(visit: Callable[..., Page], language: str) -> None:
    """Nothing of it is JavaScript."""
    page = visit("/practise/next?from=unit:2.4", NARROW, language, java_script_enabled=False)
    page.locator("#ui_answer").fill("Mismatch repair genes such as MLH1.")
    page.locator(".steps .go").click()
    expect(page.locator(".points .found")).to_have_count(1)
    page.locator(".rating button").nth(3).click()
    expect(page.locator("main .go")).to_have_attribute("href", "/practise")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_progress_is_reset_after_a_tick(visit: Callable[..., Page], language: str) -> None:
    """The browser itself asks for the tick."""
    page = visit("/practise/next?from=unit:2.4", WIDE, language)
    page.locator("#ui_answer").fill("MLH1")
    page.locator(".steps .go").click()
    page.locator(".rating button").nth(0).click()
    page.goto("/practise/progress")
    page.locator(".reset button").click()
    expect(page.locator(".days rect")).to_have_count(1)
    page.locator(".reset input[type=checkbox]").check()
    page.locator(".reset button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator(".days rect")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_can_be_read_against_its_ground(visit: Callable[..., Page], theme: str) -> None:
    """At least 4.5 to 1 in both colours (WCAG 2.2 AA)."""
    page = visit("/practise/next", WIDE, "en", color_scheme=theme, reduced_motion="reduce")
    with page.expect_navigation(wait_until="load"):
        page.locator(".steps .plainly").click()
    least = [page.evaluate(CONTRAST)]
    page.locator("#ui_answer").fill(FIFTY)
    with page.expect_navigation(wait_until="load"):
        page.locator(".steps .go").click()
    least.append(page.evaluate(CONTRAST))
    for path in ("/practise", "/practise/progress"):
        page.goto(path)
        least.append(page.evaluate(CONTRAST))
    assert min(least) >= 4.5


CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const ratios = [...document.querySelectorAll("main *")]
    .filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => [light(parts(getComputedStyle(one).color)), light(ground(one))].sort((a, b) => b - a))
    .map(([high, low]) => (high + 0.05) / (low + 0.05));
  return Math.min(...ratios);
}"""


@pytest.mark.parametrize("path", ["/practise", "/practise/next", "/practise/next?from=asked", "/practise/progress"])
def test_nothing_is_wider_than_a_small_screen(visit: Callable[..., Page], path: str) -> None:
    """At 320 pixels no page scrolls sideways, neither before nor after an answer."""
    page = visit(path, size={"width": 320, "height": 256})
    assert fits(page)
    if page.locator("#ui_answer").count():
        page.locator("#ui_answer").fill(f"{FIFTY} {'pneumonoultramicroscopic' * 8}")
        page.locator(".steps .go").click()
        expect(page.locator(".own")).to_be_visible()
        assert fits(page)
