"""The tutors' page of the self-test: it looks when asked, one look at a time, and tells each fault with its remedy in the tutor's language."""

from __future__ import annotations

import html
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from browser import NARROW, WIDE, needs_browser
from closing_fakes import text_app
from playwright.sync_api import expect
from test_web_axe import faults as axe_faults
from tutor_fakes import PASSWORD, signed_in, token, with_account
from web_fakes import served

from assistant.opening import open_assistant
from corpus import load_course
from web import create_app
from web.conversations import Conversations
from web.lab import machine_checks
from web.lab.doctor import Examination, examine
from web.lab.findings import Words, fault, fine, words
from web.services import Services
from web.settings import Settings
from web.tutors import self_test_page
from web.tutors.self_test import SelfTest
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Page

PAGE = "/tutor/self-test/"
CHINESE = {"Accept-Language": "zh-CN"}


def course_app(folder: Path) -> Flask:
    """The app over a course of one sentence with an index that fits it."""
    (folder / "course").mkdir()
    (folder / "course" / "tea.md").write_text("# Tea\n\n## Green tea\n\nGreen tea is steamed soon after it is picked.\n", encoding="utf-8")
    settings = Settings(course=folder / "course", index=folder / "index", data=folder / "data")
    open_assistant(settings)
    services = Services.of(load_course(settings.course), None, Conversations(settings.data / "conversations.sqlite"))
    return create_app(settings, services)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over the course of one sentence."""
    return course_app(tmp_path)


def seen(text: str) -> str:
    """The words of a page, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_sound_installation_is_in_order(app: Flask) -> None:
    """Nothing is looked at before it is asked for; that this process serves is no fault."""
    tutor = signed_in(app)
    assert "Nobody has looked" in tutor.get(PAGE).text
    assert tutor.post(PAGE, data={"token": token(tutor)}).headers["Location"] == PAGE
    page = seen(tutor.get(PAGE).text)
    assert "Everything is in order." in page
    assert "The pages are being served." in page
    assert "The index is whole and up to date" in page


def test_a_fault_comes_first_with_its_remedy_in_both_languages(app: Flask, tmp_path: Path) -> None:
    """What the program says in English alone is marked as English."""
    shutil.rmtree(next((tmp_path / "index").glob("generation-*")))
    tutor = signed_in(app)
    tutor.post(PAGE, data={"token": token(tutor)})
    english, chinese = tutor.get(PAGE).text, tutor.get(PAGE, headers=CHINESE).text
    assert "1 fault was found." in english
    assert english.index('class="of-fault"') < english.index('class="of-fine"')
    assert "Build it with “genomics-tutor index build”." in seen(english)
    assert "发现 1 处故障。" in chinese
    assert "请用“genomics-tutor index build”建立索引。" in seen(chinese)
    assert re.search(r'<p><span lang="en">[^<]*index', chinese)


def test_a_course_that_cannot_be_read_is_advised_on_in_chinese(app: Flask, tmp_path: Path) -> None:
    """In general, with the English remedy that fits the fault beside it."""
    shutil.rmtree(tmp_path / "course")
    tutor = signed_in(app)
    tutor.post(PAGE, data={"token": token(tutor)})
    chinese = tutor.get(PAGE, headers=CHINESE).text
    assert "请更正所指出的文件，或用 --course 指定其他文件夹。" in chinese
    assert '<span lang="en">Give the folder of the course' in chinese
    assert "Correct the file that is named" not in tutor.get(PAGE).text


def test_the_course_that_tutors_changed_is_the_one_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one that the settings named at the start."""
    app = text_app(tmp_path)
    looked: list[Settings] = []

    def found(settings: Settings, *, serving: bool) -> Examination:
        assert serving
        looked.append(settings)
        return Examination((), ())

    monkeypatch.setattr(self_test_page, "examine", found)
    tutor = signed_in(app)
    with app.app_context():
        workshop().desk._folders = (tmp_path / "copy", tmp_path / "its index")
    tutor.post(PAGE, data={"token": token(tutor)})
    assert [(one.course, one.index) for one in looked] == [(tmp_path / "copy", tmp_path / "its index")]


def test_there_is_no_look_while_a_changed_course_is_put_into_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its index would be called a fault."""
    app = text_app(tmp_path)
    monkeypatch.setattr(self_test_page, "examine", lambda *_, **__: pytest.fail("there was a look"))
    tutor, ended = signed_in(app), threading.Event()
    with app.app_context():
        refreshing = workshop().refreshing
    monkeypatch.setattr(refreshing, "_work", lambda: ended.wait(30))
    refreshing.start()
    assert tutor.post(PAGE, data={"token": token(tutor)}).status_code == 303
    assert "A changed course is being put into use" in tutor.get(PAGE).text
    ended.set()
    assert refreshing.wait(30)
    assert "Look now" in tutor.get(PAGE).text


def test_there_are_never_two_looks_at_once() -> None:
    """Whoever asks during a look has its findings; whoever asks after it has a new one."""
    begun, go_on, under_way, most = threading.Event(), threading.Event(), [0], [0, 0]

    def slow() -> Examination:
        under_way[0] += 1
        most[0], most[1] = max(most[0], under_way[0]), most[1] + 1
        begun.set()
        assert go_on.wait(30)
        under_way[0] -= 1
        return Examination((fine("course", Words(str(most[1]))),), ())

    test = SelfTest(slow)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(test.look)
        assert begun.wait(30)
        others = [pool.submit(test.look) for _ in range(3)]
        go_on.set()
        for one in (first, *others):
            one.result(30)
    assert most[0] == 1
    looks = most[1]
    test.look()
    assert most[1] == looks + 1


def test_a_process_that_serves_needs_less_memory_and_has_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds both already."""
    monkeypatch.setattr(machine_checks, "free_memory", lambda: 200_000_000)
    assert (machine_checks.memory().state, machine_checks.memory(serving=True).state) == ("fault", "fine")
    monkeypatch.setattr(machine_checks, "free_memory", lambda: 20_000_000)
    assert machine_checks.memory(serving=True).state == "fault"
    assert machine_checks.port("192.0.2.1", 1, serving=True).state == "fine"


def test_a_port_that_is_not_free_is_no_fault_while_the_pages_are_served(tmp_path: Path) -> None:
    """The whole look, as the page does it."""
    with served(course_app(tmp_path)) as address:
        port = int(address.rpartition(":")[2])
        settings = Settings(course=tmp_path / "course", index=tmp_path / "index", data=tmp_path / "data", port=port)
        found = examine(settings, serving=True)
    assert found.sound, found.plain()


FOUND = Examination(
    (
        fine("libraries", words("No network was touched.")),
        replace(fine("memory", words("The free memory cannot be told on this kind of machine.")), state="unknown"),
        fault(
            "index",
            Words("/a/rather/long/folder/of/an/index/that/lies/deep/down/in/the/tree: there is no index."),
            words("Build it with “genomics-tutor index build”."),
        ),
    ),
    (),
)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The pages, served; a look finds one thing of each state."""
    monkeypatch.setattr(self_test_page, "examine", lambda *_, **__: FOUND)
    app = text_app(tmp_path)
    with_account(app)
    with served(app) as found:
        yield found


@needs_browser
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "375"])
def test_a_tutor_looks_by_keyboard(visit: Callable[..., Page], complaints: list[str], size: dict[str, int], language: str) -> None:
    """Each finding has a shape and a word; the page fits; axe-core finds nothing, before and after the look."""
    page = visit(PAGE, size=size, language=language)
    page.locator("#ui_name").fill("Test tutor")
    page.locator("#ui_password").fill(PASSWORD)
    page.locator("#ui_password").press("Enter")
    expect(page.locator(".tutor-steps [aria-current]")).to_have_attribute("href", PAGE)
    assert axe_faults(page) == []
    page.locator("form.looking button").press("Enter")
    expect(page.locator(".findings li")).to_have_count(3)
    expect(page.locator(".findings li svg")).to_have_count(3)
    words_of = {"en": ["fault", "could not be looked at", "in order"], "zh-CN": ["故障", "无法检查", "正常"]}[language]
    expect(page.locator(".findings .how")).to_have_text(words_of)
    expect(page.locator(".remedy")).to_contain_text("请用" if language == "zh-CN" else "Build it with")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe_faults(page) == []
    complaints.clear()  # axe-core's own
