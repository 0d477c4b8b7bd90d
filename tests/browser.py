"""A real browser over the small course: what the tests of the pages in a browser share.

Needs Chromium at /usr/bin/chromium; without it the tests are skipped, unless GENOMICS_TUTOR_BROWSER_REQUIRED=1.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from web_fakes import fake_app, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 375, "height": 740}

needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("GENOMICS_TUTOR_BROWSER_REQUIRED") != "1",
    reason=f"no browser at {CHROMIUM}: install the Debian package chromium to run these",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The browser of this machine, without a window."""
    return {"executable_path": str(CHROMIUM), "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address for all: each test brings its own, and the plugin's fixture of this name uses what pytest 10 will remove."""


expect.set_options(timeout=20_000)
"""In milliseconds: a busy machine is slow, not wrong."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages over the small course, served."""
    with served(fake_app(tmp_path_factory.mktemp("pages"))) as found:
        yield found


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: faults of scripts, and whatever the policy forbids."""
    return []


@pytest.fixture
def visit(address: str, new_context: Callable[..., BrowserContext], complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own, in a size and a language."""

    def opened(path: str = "/", size: dict[str, int] = WIDE, language: str = "en", **more: object) -> Page:
        context = new_context(viewport=size, locale=language, base_url=address, has_touch=size is NARROW, **more)
        context.set_default_timeout(20_000)
        page = context.new_page()

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                complaints.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    assert complaints == []


def send(page: Page, question: str) -> None:
    """Type a question and press the button; what comes of it is still under way when this returns."""
    page.wait_for_load_state()  # the script that sends it is the last thing a page loads
    page.locator("#ui_question").fill(question)
    page.locator("[data-composer] .send").click()


def ask(page: Page, question: str) -> None:
    """Type a question and send it, with the keyboard where there is one; the answer is there when this returns."""
    page.wait_for_load_state()  # the script that sends it is the last thing a page loads
    box = page.locator("#ui_question")
    box.fill(question)
    if page.evaluate("matchMedia('(pointer: coarse)').matches"):
        page.locator("[data-composer] .send").tap()
    else:
        box.press("Enter")
    expect(page.locator(".turn").last.locator(".asked")).to_have_text(question)
    expect(page.locator(".turn.arriving")).to_have_count(0)
