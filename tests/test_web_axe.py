"""Every page and state under axe-core, without one violation: wide in light colours and English, narrow in dark ones and Chinese.

A page joins by a line in PAGES (an address), in TUTOR_PAGES (seen by a signed-in tutor), or in STATES (a function that brings a page there).
axe-core is `vendor/axe-4.14.1.min.js`, as its makers publish it (Deque Systems, Mozilla Public License 2.0, `vendor/axe-LICENSE.txt`); it is used by this test alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, ask, needs_browser, send
from playwright.sync_api import expect
from test_web_tutors_views import probed_app
from tutor_fakes import signed_in
from web_fakes import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Page

pytestmark = needs_browser

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""

PAGES = [
    "/",
    "/?section=1.6%23autosomal-dominant",
    "/?module=2",
    "/chats",
    "/chats/delete",
    "/course/",
    "/course/1.6",
    "/course/2.4",
    "/course/search?q=risk",
    "/course/search?q=nothing+of+the+kind",
    "/course/bookmarks",
    "/glossary",
    "/practise",
    "/practise/next?from=unit:1.6",
    "/practise/progress",
    "/nowhere",
    "/tutor/sign-in",
]

TUTOR_PAGES = [
    "/tutor/",
    "/tutor/accounts/",
    "/tutor/answers/",
    "/tutor/answers/new",
    "/tutor/coverage/",
    "/tutor/gaps/",
    "/tutor/golden/",
    "/tutor/health/",
    "/tutor/journal/",
    "/tutor/reports/",
    "/tutor/self-test/",
]


def asked(question: str) -> Callable[[Page], None]:
    """The state of the chat behind a question."""
    return lambda page: ask(page, question)


def elsewhere(page: Page) -> None:
    """A question within one module that another part of the course answers."""
    page.goto("/?module=2")
    ask(page, "another part")
    expect(page.locator(".state.elsewhere")).to_be_visible()


def a_card(page: Page) -> None:
    """The card of a citation, open."""
    ask(page, "What is the risk?")
    page.locator(".cite").nth(1).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-card]")).to_be_visible()


def a_pane(page: Page) -> None:
    """The course beside the chat (on a narrow screen: the unit at the sentence)."""
    ask(page, "What is the risk?")
    page.locator(".cite").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".quoted, .sentence:target")).to_be_visible()


def sources(page: Page) -> None:
    """The sources below an answer, unfolded."""
    ask(page, "compare the two")
    page.locator(".sources summary").click()


def editing(page: Page) -> None:
    """The last question in the box again."""
    ask(page, "What is the risk?")
    page.locator(".edit:visible").click()
    expect(page.locator("[data-editing]")).to_be_visible()


def failing(page: Page) -> None:
    """A connection lost, with the button to try again."""
    page.route("**/ask/stream", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=""))
    send(page, "What is the risk?")
    expect(page.locator("[data-retry]")).to_be_visible()


def waiting(page: Page) -> None:
    """An answer under way, with the button that stops it."""
    page.route("**/ask/stream", lambda _: None)
    send(page, "What is the risk?")
    expect(page.locator("[data-stop]")).to_be_visible()


def a_list(page: Page) -> None:
    """Conversations in a list, one being renamed."""
    ask(page, "What is the risk?")
    page.goto("/chats")
    page.locator(".chat-deeds summary").click()


def a_deletion(page: Page) -> None:
    """A conversation about to be deleted."""
    a_list(page)
    page.locator(".chat-deeds > a").click()


def printed(page: Page) -> None:
    """The page to print."""
    sources(page)
    page.goto(f"{page.url}/print")


def an_arrival(page: Page) -> None:
    """An answer reached by its address."""
    ask(page, "What is the risk?")
    page.goto(f"{page.url}#turn-1")
    page.reload()
    expect(page.locator("#turn-1")).to_be_focused()


def held_back(page: Page) -> None:
    """A question that seems to be about a patient."""
    send(page, "Patient Wang Xiaoming (MRN 20231187) carries the variant. What is the risk?")
    expect(page.locator(".guard h2")).to_be_focused()


def feedback(page: Page) -> None:
    """What was wrong with an answer, being said."""
    ask(page, "What is the risk?")
    page.locator("[name=verdict][value=not_helpful]").click()
    expect(page.locator(".why textarea")).to_be_visible()


def a_term(page: Page) -> None:
    """The card of a term, and the terms below the answer."""
    ask(page, "What is the risk?")
    page.locator(".glossed summary").click()
    page.locator(".term").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-card]")).to_be_visible()


def hinted(page: Page) -> None:
    """A practice question with all its hints."""
    page.goto("/practise/next?from=unit:1.6")
    for hints in (1, 2, 3):
        page.locator(".steps .plainly").click()
        expect(page.locator(".hints li")).to_have_count(hints)


def compared(page: Page) -> None:
    """One's own answer beside the course's, to be rated."""
    page.goto("/practise/next?from=unit:1.6")
    page.locator("#ui_answer").fill("Each child has a 50% risk of inheriting the variant.")
    page.locator(".steps .go").click()
    expect(page.locator(".rating button")).to_have_count(4)


def progressed(page: Page) -> None:
    """Progress of somebody who has practised."""
    compared(page)
    page.locator(".rating button").first.click()
    expect(page.locator(".rating")).to_have_count(0)
    page.goto("/practise/progress")
    page.locator("#ui_days_table summary").click()


def marked(page: Page) -> None:
    """The contents with a bookmark and the place where one stopped."""
    page.goto("/course/2.4")
    page.locator(".mark-here").first.click()
    expect(page.locator(".mark-here[name=remove]")).to_have_count(1)
    page.goto("/course/")
    expect(page.locator(".bookmarks")).to_be_visible()


STATES: dict[str, Callable[[Page], None]] = {
    "covered": asked("What is the risk?"),
    "partly": asked("partly"),
    "not covered": asked("not covered"),
    "boundary": asked("my own risk"),
    "unreadable": asked("???"),
    "corrected": asked("risk in huntingtin disease"),
    "Chinese": asked("亨廷顿病的再发风险是多少?"),
    "sources": sources,
    "card": a_card,
    "pane": a_pane,
    "editing": editing,
    "failing": failing,
    "waiting": waiting,
    "list of conversations": a_list,
    "deleting": a_deletion,
    "printed": printed,
    "arrival": an_arrival,
    "held back": held_back,
    "feedback": feedback,
    "term": a_term,
    "elsewhere": elsewhere,
    "personal, not in the course": asked("my own risk of something unheard of"),
    "hinted": hinted,
    "compared": compared,
    "progressed": progressed,
    "marked": marked,
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The pages over the small course, with coverage worked out and questions in the journal."""
    app, assistant = probed_app(tmp_path_factory.mktemp("axe"))
    journal = app.extensions["genomics-tutor"].journal
    for number in range(30):
        state = ("covered", "covered", "not_covered")[number % 3]
        journal.add("question", {"state": state, "cited": ["1.6#a/1"], "nearest": ["2.4#b/1"], "conversation": f"c{number}"})
    app.extensions["genomics-tutor coverage"].rows(assistant)
    app.extensions["genomics-tutor coverage"].wait(30)
    return app


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The pages, served."""
    with served(app) as found:
        yield found


def faults(page: Page, schemes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    """What axe-core finds on the page as it stands, in light and in dark colours or in one of them."""
    found: list[str] = []
    page.evaluate(AXE)
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {fault}" for fault in page.evaluate(RUN)]
    return found


def colours(size: dict[str, int]) -> tuple[str, ...]:
    """Light on the wide screen, dark on the narrow one: contrast depends on the colours and not on the size."""
    return ("dark",) if size is NARROW else ("light",)


def language(size: dict[str, int]) -> str:
    """English on the wide screen, Chinese on the narrow one: words are checked for being there, which does not depend on the size."""
    return "zh-CN" if size is NARROW else "en"


SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])


@SIZES
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_fault(visit: Callable[..., Page], complaints: list[str], size: dict[str, int], path: str) -> None:
    """As it is opened."""
    page = visit(path, size=size, language=language(size))
    assert faults(page, colours(size)) == []
    complaints.clear()


@SIZES
@pytest.mark.parametrize("path", TUTOR_PAGES)
def test_a_page_of_the_tutors_has_no_fault(  # noqa: PLR0913, PLR0917  (fixtures)
    visit: Callable[..., Page], complaints: list[str], app: Flask, address: str, size: dict[str, int], path: str
) -> None:
    """As a tutor who may do everything sees it."""
    page = visit("about:blank", size=size, language=language(size))
    cookie = signed_in(app, "admin").get_cookie("genomics_tutor")
    assert cookie
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "genomics_tutor", "value": cookie.value, "url": address}])
    response = page.goto(path)
    assert response is not None
    assert response.status == 200
    assert page.url.endswith(path)
    assert faults(page, colours(size)) == []
    complaints.clear()


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_a_state_has_no_fault(visit: Callable[..., Page], complaints: list[str], size: dict[str, int], state: str) -> None:
    """As a trainee comes to it."""
    page = visit(size=size, language=language(size))
    STATES[state](page)
    assert faults(page, colours(size)) == []
    complaints.clear()


def test_a_fault_would_be_found(visit: Callable[..., Page]) -> None:
    """The same check on a page that was spoilt: no text for an image, and grey on grey."""
    page = visit()
    page.evaluate("""() => {
      const spoilt = document.createElement("p");
      spoilt.textContent = "grey";
      spoilt.style.cssText = "color:#777;background:#888";
      document.querySelector("main").append(spoilt, document.createElement("img"));
    }""")
    found = " ".join(faults(page))
    assert "image-alt" in found
    assert "color-contrast" in found
