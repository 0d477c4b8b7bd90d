"""Honesty in a real browser: patient data held back, feedback in place, terms by mouse, keyboard and touch, questions to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, needs_browser
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = needs_browser

PERSON = "张伟 住院号 20231187 的孩子会得 Huntington disease 吗?"
WITHOUT = "患者的孩子会得 Huntington disease 吗?"
BOTH_SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-CN"])


def words(language: str, english: str, chinese: str) -> str:
    """The words of the interface in a language."""
    return chinese if language == "zh-CN" else english


def ask(page: Page, question: str) -> None:
    """Type a question and press the button, which is there for mouse and touch; the answer is there when this returns."""
    page.locator("#ui_question").fill(question)
    page.locator(".composer .send").click()
    expect(page.locator(".turn").last.locator(".asked")).to_have_text(question)
    expect(page.locator(".turn.arriving")).to_have_count(0)


@BOTH_LANGUAGES
@BOTH_SIZES
def test_patient_data_is_held_back_and_taken_out(
    visit: Callable[..., Page], complaints: list[str], size: dict[str, int], language: str
) -> None:
    """The panel marks what was noticed, in view and in focus; one press asks without it."""
    page = visit(size=size, language=language)
    page.locator("#ui_question").fill(PERSON)
    page.locator(".composer .send").click()
    expect(page.locator(".guarded mark")).to_have_count(2)
    expect(page.locator(".guard h2")).to_be_focused()
    expect(page.locator(".guard h2")).to_be_in_viewport()
    expect(page.locator("#ui_question")).to_have_value(PERSON)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    complaints.clear()  # the browser reports the 422 of the question that was held back
    page.get_by_role("button", name=words(language, "Take it out and ask", "去除后提问")).click()
    expect(page.locator(".asked")).to_have_text(WITHOUT)
    expect(page.locator(".guard")).to_have_count(0)
    expect(page.locator("#ui_question")).to_have_value("")
    expect(page.locator("main")).not_to_contain_text("20231187")


def test_what_is_about_nobody_is_asked_as_it_is(visit: Callable[..., Page], complaints: list[str]) -> None:
    """The other press asks word for word."""
    page = visit()
    page.wait_for_load_state()  # the script that sends it is the last thing a page loads
    page.locator("#ui_question").fill(PERSON)
    page.locator("#ui_question").press("Enter")
    page.get_by_role("button", name="It is not about a person").click()
    expect(page.locator(".asked")).to_have_text(PERSON)
    complaints.clear()


@BOTH_SIZES
def test_the_guard_needs_no_script(visit: Callable[..., Page], complaints: list[str], size: dict[str, int]) -> None:
    """With JavaScript off the panel comes as a page, in view."""
    page = visit(size=size, java_script_enabled=False)
    page.locator("#ui_question").fill(PERSON)
    page.locator(".composer .send").click()
    expect(page.locator(".guard h2")).to_be_in_viewport()
    page.get_by_role("button", name="Take it out and ask").click()
    expect(page.locator(".asked")).to_have_text(WITHOUT)
    complaints.clear()


@BOTH_LANGUAGES
@BOTH_SIZES
def test_feedback_is_given_in_place_and_stays(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Press, say why, send; a reload shows it, and it can be changed."""
    page = visit(size=size, language=language)
    ask(page, "What is the risk?")
    helpful, not_helpful = page.locator(".verdict button").all()
    not_helpful.click()
    expect(not_helpful).to_have_attribute("aria-pressed", "true")
    reason = page.get_by_label(words(language, "A citation does not fit", "引用不符"))
    reason.check()
    page.locator(".why textarea").fill("row 2")
    page.get_by_role("button", name=words(language, "Send to my tutors", "发送给带教老师")).click()
    expect(page.locator(".why")).not_to_have_attribute("open", "")
    page.reload()
    expect(not_helpful).to_have_attribute("aria-pressed", "true")
    page.locator(".why summary").click()
    expect(reason).to_be_checked()
    expect(page.locator(".why textarea")).to_have_value("row 2")
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(helpful).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("question", ["not covered", "my own risk of something unheard of"], ids=["not covered", "personal"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@BOTH_LANGUAGES
@BOTH_SIZES
def test_the_tutors_are_told_with_one_click(
    visit: Callable[..., Page],
    size: dict[str, int],
    language: str,
    script: bool,  # noqa: FBT001
    question: str,
) -> None:
    """Where the course has no answer, it says so and names the nearest sections; an optional note, one press, and it is said that it was done."""
    page = visit(size=size, language=language, java_script_enabled=script)
    page.locator("#ui_question").fill(question)
    page.locator(".composer .send").click()
    page.locator(".tell summary").click()
    page.locator(".tell textarea").fill("for the exam")
    expect(page.locator(".answer")).to_contain_text(words(language, "The course does not answer this question", "课程没有回答这个问题"))
    expect(page.locator(".offered a")).not_to_have_count(0)
    page.locator(".tell > button").click()
    expect(page.locator(".told")).to_have_text(words(language, "Your tutors have been told of this question.", "已将此问题告知带教老师。"))
    page.reload()
    expect(page.locator(".told")).to_be_visible()


@BOTH_LANGUAGES
@BOTH_SIZES
def test_a_personal_question_is_met_with_the_boundary_first(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Who decides stands above whatever the course teaches on the subject, in words and with a shape."""
    page = visit(size=size, language=language)
    ask(page, "What is my own risk?")
    boundary = page.locator(".answer p", has_text=words(language, "the genetics team decides", "应由遗传专科团队决定"))
    assert boundary.bounding_box()["y"] < page.locator(".said p").first.bounding_box()["y"]  # type: ignore[index]
    expect(page.locator(".state.boundary svg")).to_be_visible()
    expect(page.locator(".tell")).to_have_count(0)


def test_feedback_that_cannot_be_sent_says_so(visit: Callable[..., Page], complaints: list[str]) -> None:
    """In the turn, in a sentence."""
    page = visit()
    ask(page, "What is the risk?")
    page.route("**/feedback", lambda route: route.abort())
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.locator("[data-remark-problem]")).to_contain_text("The connection was lost")
    complaints.clear()


@BOTH_LANGUAGES
def test_a_term_is_explained_by_mouse_and_keyboard(visit: Callable[..., Page], language: str) -> None:
    """Hover, focus or Enter shows meaning and Chinese name; Esc closes; the address stays."""
    page = visit(language=language)
    ask(page, "What is the risk?")
    term = page.locator(".term")
    card = page.locator("[data-card]")
    term.hover()
    expect(card).to_contain_text("Huntington disease is a disorder of movement.")
    expect(card).to_contain_text("亨廷顿病")
    expect(card).to_have_attribute("aria-label", words(language, "Term", "术语"))
    term.click()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator(".cite").nth(1).focus()
    page.keyboard.press("Tab")
    expect(term).to_be_focused()
    expect(card).to_contain_text("亨廷顿病")
    address = page.url
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    assert page.url == address
    expect(term).to_have_accessible_description(
        "Huntington disease 亨廷顿病 Huntington disease is a disorder of movement. " + words(language, "Open in the course", "在课程中打开")
    )


@BOTH_LANGUAGES
def test_a_term_is_explained_by_touch(visit: Callable[..., Page], language: str) -> None:
    """A tap opens the card, a tap elsewhere closes it."""
    page = visit(size=NARROW, language=language)
    ask(page, "What is the risk?")
    page.locator(".term").tap()
    card = page.locator("[data-card]")
    expect(card).to_contain_text("亨廷顿病")
    expect(card).to_be_in_viewport(ratio=1)
    page.locator(".asked").tap()
    expect(card).to_be_hidden()


def test_a_term_is_explained_without_a_script(visit: Callable[..., Page]) -> None:
    """Its link leads to the list below the answer."""
    page = visit(java_script_enabled=False)
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".composer .send").click()
    page.locator(".glossed summary").click()
    expect(page.locator(".glossed li")).to_contain_text("亨廷顿病")


@BOTH_LANGUAGES
@BOTH_SIZES
def test_a_question_to_go_on_with_asks(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Pressing it asks in the same conversation; the buttons stand below the last answer alone."""
    page = visit(size=size, language=language)
    ask(page, "What is the risk?")
    expect(page.locator(".onward button")).to_have_count(3)
    page.get_by_role("button", name="Why do cousins share variants?").click()
    expect(page.locator(".asked")).to_have_count(2)
    expect(page.locator(".turn.arriving")).to_have_count(0)
    expect(page.locator(".onward")).to_have_count(1)
    expect(page.locator(".onward")).not_to_contain_text("Why do cousins share variants?")


@BOTH_LANGUAGES
@BOTH_SIZES
def test_where_the_assistant_looks_is_said_and_lifted(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Choosing a unit says so above the box; the link beside it goes back to the whole course."""
    page = visit(size=size, language=language)
    line = page.locator("[data-where]")
    expect(line).to_be_hidden()
    page.locator("#ui_module").select_option("2.4")
    expect(line).to_contain_text("2.4 · Inherited cancer")
    ask(page, "What is the risk?")
    expect(line).to_be_visible()
    line.locator("a").click()
    expect(line).to_be_hidden()
    expect(page.locator("#ui_module")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
