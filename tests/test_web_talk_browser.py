"""The conversation in a real browser: its list, stopping, trying again, editing, addresses; citations from the marker to the sentence and back."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, ask, needs_browser
from playwright.sync_api import expect
from web_fakes import fake_app, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Route

pytestmark = needs_browser

FIFTY = "Each child of an affected parent has a 50% risk of inheriting the variant."
BOTH_SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-CN"])
ANYWHERE = pytest.mark.parametrize(("size", "language"), [(WIDE, "en"), (WIDE, "zh-CN"), (NARROW, "en"), (NARROW, "zh-CN")])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's server keeps what it keeps."""
    return tmp_path_factory.mktemp("talk")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """The pages over the small course, served."""
    with served(fake_app(data)) as found:
        yield found


def words(language: str, english: str, chinese: str) -> str:
    """The interface's words in the language."""
    return chinese if language == "zh-CN" else english


def cut_short(page: Page) -> None:
    """The next answer breaks off behind its first sentence; the server has kept it whole."""

    def handle(route: Route) -> None:
        whole = route.fetch()
        body = whole.text()
        end = body.index("event: sentence")
        route.fulfill(response=whole, body=body[: body.index("\n\n", end) + 2])

    page.route("**/ask/stream", handle, times=1)


@BOTH_LANGUAGES
def test_the_list_beside_the_chat_keeps_up(visit: Callable[..., Page], language: str) -> None:
    """A question asked stands in the list at once, marked as the one that is open; the others lead to theirs."""
    page = visit(language=language)
    ask(page, "What is penetrance?")
    recent = page.locator("[data-recent] a")
    expect(recent).to_have_count(1)
    expect(recent).to_have_attribute("aria-current", "true")
    expect(recent).to_contain_text(words(language, "20", "年"))
    page.locator(".recent .start").click()
    expect(page.locator("[data-welcome]")).to_be_visible()
    ask(page, "What is a pedigree?")
    expect(recent).to_have_text([re.compile("What is a pedigree"), re.compile("What is penetrance")])
    recent.nth(1).click()
    expect(page.locator(".asked")).to_have_text("What is penetrance?")


@ANYWHERE
def test_conversations_are_found_renamed_and_deleted(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """From the chat to the list, by name and words, and out of it; nothing needs a script."""
    page = visit(size=size, language=language, java_script_enabled=False)
    for question in ("What is penetrance?", "What is a pedigree?"):
        page.goto("/")
        page.locator("#ui_question").fill(question)
        page.locator(".send").click()
    page.goto("/chats")
    titles = page.locator(".chat-title")
    expect(titles).to_have_text(["What is a pedigree?", "What is penetrance?"])
    page.locator(".chat-deeds summary").first.click()
    page.locator("#ui_title-1").fill("家系图 drawn")
    page.get_by_role("button", name=words(language, "Save", "保存")).first.click()
    expect(titles.first).to_have_text("家系图 drawn")
    expect(page.get_by_role("status")).to_have_text(words(language, "The conversation has its new title.", "对话已重命名。"))
    page.locator("#ui_search").fill("家系图 PEDIGREE")
    page.locator(".find button").click()
    expect(titles).to_have_text(["家系图 drawn"])
    page.locator(".chat-deeds > a").click()
    expect(page.locator("main")).to_contain_text(words(language, "this cannot be undone", "无法恢复"))
    page.locator(".grave").click()
    expect(titles).to_have_text(["What is penetrance?"])


@ANYWHERE
def test_an_answer_can_be_stopped(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Stop gives the question back before anything has come, and asking it then is no second turn."""
    page = visit(size=size, language=language)
    held: list[Route] = []
    page.route("**/ask/stream", lambda route: held.append(route), times=1)  # noqa: PLW0108  (the caller looks at its arguments)
    box = page.locator("#ui_question")
    box.fill("What is penetrance?")
    page.locator(".send").click()
    page.get_by_role("button", name=words(language, "Stop", "停止")).click()
    expect(box).to_have_value("What is penetrance?")
    expect(box).to_be_focused()
    expect(page.locator("[data-pending]")).to_be_hidden()
    expect(page.locator("[data-problem]")).to_be_hidden()
    page.locator(".send").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn.arriving")).to_have_count(0)


def test_a_stopped_answer_is_there_whole(visit: Callable[..., Page]) -> None:
    """What had come stays, says that it was stopped, and leads to the whole answer, which the server has kept."""
    page = visit()
    page.evaluate(
        """() => {
          const real = window.fetch;
          window.fetch = async (address, options) => {
            const response = await real(address, options);
            if (!String(address).endsWith("/ask/stream")) return response;
            const [first] = (await response.text()).split(/(?<=event: sentence\\ndata: .*\\n\\n)/);
            const body = new ReadableStream({
              start(controller) {
                controller.enqueue(new TextEncoder().encode(first));
                options.signal.addEventListener("abort", () => controller.error(new DOMException("", "AbortError")));
              },
            });
            return new Response(body, { headers: response.headers });
          };
        }"""
    )
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".send").click()
    expect(page.locator(".one")).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn")).to_contain_text("Stopped. The answer is kept:")
    page.get_by_role("link", name="show all of it").click()
    expect(page.locator(".one")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/chat/[\w-]+#turn-1$"))


@ANYWHERE
def test_a_lost_connection_is_tried_again_without_a_second_turn(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """The answer breaks off; the question stays; trying again completes the same turn, and a reload shows one."""
    page = visit(size=size, language=language)
    cut_short(page)
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".send").click()
    expect(page.locator("[data-problem]")).to_contain_text(words(language, "The connection was lost", "连接中断"))
    expect(page.locator("#ui_question")).to_have_value("What is the risk?")
    expect(page.locator(".one")).to_have_count(1)
    page.get_by_role("button", name=words(language, "Try again", "重试")).click()
    expect(page.locator(".one")).to_have_count(3)
    expect(page.locator("[data-problem]")).to_be_hidden()
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".one")).to_have_count(3)


def test_a_reload_in_mid_answer_shows_all_of_it(visit: Callable[..., Page]) -> None:
    """The conversation has its address from the first event on."""
    page = visit()
    cut_short(page)
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".send").click()
    expect(page.locator("[data-problem]")).to_contain_text("The connection was lost")
    expect(page).to_have_url(re.compile(r"/chat/[\w-]+$"))
    page.reload()
    expect(page.locator(".one")).to_have_count(3)


def test_a_failure_is_tried_again(visit: Callable[..., Page], complaints: list[str]) -> None:
    """A refusal that was only for a moment: the button sends the same question again."""
    page = visit()
    page.route(
        "**/ask/stream",
        lambda route: route.fulfill(status=503, json={"error": "The assistant cannot answer now.", "request": "0"}),
        times=1,
    )
    page.locator("#ui_question").fill("What is the risk?")
    page.locator(".send").click()
    expect(page.locator("[data-problem]")).to_have_text("The assistant cannot answer now.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".one")).to_have_count(3)
    expect(page.locator("#ui_question")).to_have_value("")
    complaints.clear()


@ANYWHERE
def test_the_last_question_is_edited(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """Its words come back into the box; what is sent takes the old turn's place, here and after a reload."""
    page = visit(size=size, language=language)
    ask(page, "What is penetrance?")
    ask(page, "And in mne?")
    expect(page.locator(".edit:visible")).to_have_count(1)
    page.get_by_role("link", name=words(language, "Edit the question", "修改问题")).click()
    expect(page.locator("#ui_question")).to_have_value("And in mne?")
    expect(page.locator("#ui_question")).to_be_focused()
    expect(page.locator("[data-editing]")).to_contain_text(words(language, "its answer will be replaced", "原来的回答将被替换"))
    ask(page, "And in men?")
    expect(page.locator("[data-editing]")).to_be_hidden()
    expect(page.locator(".asked")).to_have_text(["What is penetrance?", "And in men?"])
    page.reload()
    expect(page.locator(".asked")).to_have_text(["What is penetrance?", "And in men?"])


@BOTH_SIZES
def test_editing_needs_no_script_and_can_be_left(visit: Callable[..., Page], size: dict[str, int]) -> None:
    """The link puts the question into the box of the page; leaving it changes nothing."""
    page = visit(size=size, java_script_enabled=False)
    page.locator("#ui_question").fill("What is penetrence?")
    page.locator(".send").click()
    page.get_by_role("link", name="Edit the question").click()
    page.get_by_role("link", name="Leave it as it is").click()
    page.get_by_role("link", name="Edit the question").click()
    expect(page.locator("#ui_question")).to_have_value("What is penetrence?")
    page.locator("#ui_question").fill("What is penetrance?")
    page.locator(".send").click()
    expect(page.locator(".asked")).to_have_text(["What is penetrance?"])


@ANYWHERE
def test_a_new_answer_is_in_view(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """However much stands above it: the question goes to the top of the screen and its answer comes below it."""
    page = visit(size=size, language=language)
    for question in ("compare the two", "compare them again", "What is the risk?"):
        ask(page, question)
    expect(page.locator(".turn").last.locator(".asked")).to_be_in_viewport(ratio=1)
    expect(page.locator(".turn").last.locator(".one").first).to_be_in_viewport(ratio=1)


@ANYWHERE
def test_an_answer_has_an_address(visit: Callable[..., Page], size: dict[str, int], language: str) -> None:
    """The link is copied, says so, and arrives with the focus on the answer, in view."""
    page = visit(size=size, language=language, permissions=["clipboard-read", "clipboard-write"])
    ask(page, "What is the risk?")
    ask(page, "compare the two")
    page.locator("[data-copy]").first.click()
    expect(page.locator("[data-copy]").first).to_contain_text(words(language, "Copied", "已复制"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/chat/[\w-]+#turn-1$", copied)
    page.goto("/course/")
    page.goto(copied)
    expect(page.locator("#turn-1")).to_be_focused()
    expect(page.locator("#turn-1 .asked")).to_be_in_viewport()
    expect(page.locator("#turn-1 .asked")).not_to_have_css("outline-style", "none")


@BOTH_LANGUAGES
def test_the_whole_way_of_a_citation_by_keyboard(visit: Callable[..., Page], language: str) -> None:
    """Tab to the marker shows the card; Enter opens the course at the marked sentence; Esc comes back to the marker."""
    page = visit(language=language)
    ask(page, "What is the risk?")
    page.locator(".cite").first.focus()
    page.keyboard.press("Tab")
    second = page.locator(".cite").nth(1)
    expect(second).to_be_focused()
    card = page.locator("[data-card]")
    expect(card.locator("strong")).to_have_text(FIFTY)
    expect(card).to_contain_text("Autosomal dominant inheritance needs one altered copy of a gene.")
    expect(card.locator("a.open")).to_have_attribute("href", "/course/1.6#autosomal-dominant/1.2")
    page.keyboard.press("Enter")
    quoted = page.locator("[data-pane] .quoted")
    expect(quoted).to_have_text(FIFTY)
    expect(quoted).to_be_in_viewport()
    expect(page.locator("[data-pane-page]")).to_have_attribute("href", re.compile(r"/course/1\.6#autosomal-dominant/1\.2$"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-pane]")).to_be_hidden()
    expect(second).to_be_focused()


def test_the_card_leads_into_the_course(visit: Callable[..., Page]) -> None:
    """Its link opens the pane, and Esc gives the focus back to the marker that the card belonged to."""
    page = visit()
    ask(page, "What is the risk?")
    page.locator(".cite").nth(2).hover()
    page.locator("[data-card] a.open").click()
    expect(page.locator("[data-pane] .quoted")).to_have_text("Huntington disease and Marfan syndrome are autosomal dominant.")
    page.keyboard.press("Escape")
    expect(page.locator(".cite").nth(2)).to_be_focused()


@ANYWHERE
def test_a_changed_text_is_shown_with_what_was_quoted(visit: Callable[..., Page], data: Path, size: dict[str, int], language: str) -> None:
    """The card of an old answer holds the words as quoted and the words as they are now."""
    page = visit(size=size, language=language)
    ask(page, "What is the risk?")
    expect(page).to_have_url(re.compile(r"/chat/"))
    key = page.url.rpartition("/")[2]
    with closing(sqlite3.connect(data / "data" / "conversations.sqlite")) as database:
        database.execute("UPDATE turn SET reply = replace(reply, 'has a 50% risk', 'had a 40% risk') WHERE conversation = ?", (key,))
        database.commit()
    page.reload()
    marker = page.locator(".cite").filter(has_text="2")
    if size is NARROW:
        marker.tap()
    else:
        marker.hover()
    card = page.locator("[data-card]")
    expect(card.locator("strong")).to_contain_text("had a 40% risk")
    expect(card.locator(".changed")).to_contain_text(words(language, "The course has changed", "课程内容已有改动"))
    expect(card.locator(".changed q")).to_have_text(FIFTY)


@BOTH_SIZES
@pytest.mark.parametrize("path", ["/chats", "/chats/delete", "{chat}", "{chat}/print", "/chats/{key}/delete"])
def test_nothing_of_a_conversation_is_wider_than_the_screen(visit: Callable[..., Page], size: dict[str, int], path: str) -> None:
    """At 320 pixels and at 375 and 1280, with a question that has no place to break."""
    page = visit(size=size)
    ask(page, "risk" * 60)
    chat = page.url
    page.goto(path.format(chat=chat, key=chat.rpartition("/")[2]))
    for width in (size["width"], 320):
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
