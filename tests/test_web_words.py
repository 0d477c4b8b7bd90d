"""The interface in two languages from one catalogue, and not a word outside it."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from web_fakes import fake_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

WEB = Path(__file__).parent.parent / "web"
CATALOGUE = WEB / "translations" / "zh_Hans" / "LC_MESSAGES"
VISIBLE = {"alt", "aria-description", "aria-label", "placeholder", "title", "value"}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A browser over the small course."""
    return fake_app(tmp_path).test_client()


def translations() -> dict[object, object]:
    """Message and translation, as written by people."""
    with (CATALOGUE / "messages.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_every_message_of_the_pages_is_translated() -> None:
    """What the code and the templates say is what the catalogue holds: none missing, none left over, none empty."""
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    said = {message for _, _, message, _, _ in extract_from_dir(WEB, methods)}
    known = translations()
    assert said == set(known)
    for message, translation in known.items():
        assert all(translation) if isinstance(translation, tuple | list) else translation, message


def test_placeholders_survive_translation() -> None:
    """A translation sets in the same values as its message."""
    for message, translation in translations().items():
        singular = message[0] if isinstance(message, tuple) else message
        chinese = translation[0] if isinstance(translation, tuple | list) else translation
        assert set(re.findall(r"%\(\w+\)\w", str(singular))) == set(re.findall(r"%\(\w+\)\w", str(chinese))), message


def test_the_compiled_catalogue_is_the_written_one() -> None:
    """`messages.mo` was made after the last change of `messages.po`."""
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = {plain(message.id): plain(message.string) for message in read_mo(file) if message.id}
    assert compiled == {plain(key): plain(value) for key, value in translations().items()}


def plain(value: object) -> object:
    """A plural form as a tuple: the two readers differ in this only."""
    return tuple(value) if isinstance(value, list | tuple) else value


class VisibleWords(HTMLParser):
    """Collects what a person can see or hear: text, and the attributes that are read out."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        """Text."""
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An attribute that is shown or read out."""
        if tag != "meta":
            self.words += [value for name, value in attrs if name in VISIBLE - ({"value"} if tag == "input" else set()) and value]


@pytest.mark.parametrize("path", sorted(WEB.glob("templates/*.html")), ids=lambda path: path.name)
def test_no_word_of_a_template_stands_outside_the_catalogue(path: Path) -> None:
    """With every expression taken out, no letter is left for the eye."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    seen = VisibleWords()
    seen.feed(text)
    left = [word for word in seen.words if re.search(r"[^\W\d_]{2}", word)]
    assert [word for word in left if word.strip() not in ("Esc", "auto", "light", "dark", "chat", "reading")] == []


@pytest.mark.parametrize("path", sorted(WEB.glob("static/*.js")), ids=lambda path: path.name)
def test_no_script_has_words_of_its_own(path: Path) -> None:
    """No string of a script holds two words of prose: what it shows comes from the server."""
    code = re.sub(r"^\s*//.*$|\s//\s.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    strings = [a or b for a, b in re.findall(r'"([^"\n]*)"|`([^`]*)`', code)]
    allowed = {"cut short"}
    prose = [text for text in strings if re.fullmatch(r"[A-Za-z][a-z,]+(?: [A-Za-z,.]+)+", text) and text not in allowed]
    assert prose == []


@pytest.mark.parametrize(
    "name", ["problems.py", "streaming.py", "reader.py", "chat.py", "glossary.py", "book_search.py", "reading.py", "practice.py"]
)
def test_the_sentences_of_the_views_go_through_the_catalogue(name: str) -> None:
    """A sentence in a view is a docstring, a log line, or the argument of `_`."""
    tree = ast.parse((WEB / name).read_text(encoding="utf-8"))
    fine: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(id(node.value))
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if called in ("_", "ngettext", "warning", "error", "exception", "info"):
                fine |= {id(argument) for argument in node.args}
    prose = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in fine
        and re.match(r"[A-Z][a-z]+(?: [a-z]+){2}", node.value)
    ]
    assert prose == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/chats",
        "/course/",
        "/course/1.6",
        "/course/search?q=gene",
        "/course/bookmarks",
        "/glossary",
        "/nowhere",
        "/practise",
        "/practise/progress",
        "/practise/next?from=asked",
    ],
)
def test_a_chinese_page_has_no_english_words_of_ours(client: FlaskClient, path: str) -> None:
    """What is left in English is marked as English: the course's own words."""
    page = client.get(path, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}).text
    assert '<html lang="zh-Hans"' in page
    body = page.partition("<body")[2].partition(">")[2]
    ours = re.sub(r'<article class="course-text" lang="en">.*?</article>', "", body, flags=re.DOTALL)
    ours = re.sub(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', "", ours, flags=re.DOTALL)
    ours = re.sub(r"\b[0-9a-f]{12}\b", "", ours)  # the number of a request may look like a word
    seen = VisibleWords()
    seen.feed(ours)
    assert [
        word
        for word in seen.words
        if re.search(r"[A-Za-z]{3}", re.sub(r"\b[0-9a-f]{12}\b", "", word))
        and word not in ("English", "Esc", "auto", "light", "dark", "en")
    ] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("zh-CN", "zh-Hans"), ("zh-TW,en;q=0.5", "zh-Hans"), ("en-GB,zh;q=0.5", "en"), ("fr", "en"), ("", "en"), ("de,zh;q=0.3", "zh-Hans")],
)
def test_the_browser_chooses_the_language(client: FlaskClient, accepted: str, language: str) -> None:
    """The first of ours that it accepts; English where there is none."""
    assert f'<html lang="{language}"' in client.get("/", headers={"Accept-Language": accepted}).text


def test_the_visitor_chooses_before_the_browser(client: FlaskClient) -> None:
    """Language and colours stay chosen, and the page that they were chosen on is shown again."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
    assert found
    sent = client.post("/preferences", data={"token": found[1], "language": "zh_Hans", "next": "/glossary"})
    assert sent.headers["Location"] == "/glossary"
    client.post("/preferences", data={"token": found[1], "theme": "dark", "language": "none of ours"})
    assert '<html lang="zh-Hans" data-theme="dark">' in client.get("/", headers={"Accept-Language": "en"}).text
