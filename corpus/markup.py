"""Markdown parsed once: a source becomes a sanitised tree, and nothing later reads the Markdown again.

Raw HTML in the text is sanitised, links within the course become addresses, footnote marks carry no text (so that a
quote is the author's words alone). Knows nothing of sections, sentences or passages.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urlsplit

import nh3

from corpus.course import ADDRESS
from corpus.tree import Element, folded, read, text_of, written

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from markdown import Markdown

    from corpus.source import Source

_EXTENSIONS = ("tables", "attr_list", "footnotes", "admonition", "fenced_code", "def_list", "sane_lists")
__all__ = ["HEADINGS", "address", "first_heading", "note_html", "parse", "written"]
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TAGS = {
    *HEADINGS, "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "pre", "code",
    "blockquote", "div", "hr", "br", "em", "strong", "i", "b", "sub", "sup", "a", "img", "span", "del", "abbr", "cite", "q",
}  # fmt: skip
_ATTRIBUTES = {
    **{heading: {"id", "outcomes", "evidence", "form"} for heading in HEADINGS},
    "a": {"href", "title", "class"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "p": {"class"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_NOTE_TAGS = {
    "p", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "blockquote", "hr", "br", "em", "strong",
    "sub", "sup", "a", "h3", "h4",
}  # fmt: skip
_BOX_CLASS = re.compile(r"[a-z][a-z0-9-]{0,40}")


def parse(source: Source, unit: str, units_by_file: dict[str, str], unit_ids: Collection[str]) -> Element:
    """The sanitised tree of a source's body.

    `unit` is the id of the unit it makes; `units_by_file` and `unit_ids` are what links within the course may name.
    """
    reader = _markdown(_EXTENSIONS, footnotes={"BACKLINK_TEXT": ""})
    clean = nh3.clean(
        reader.convert(_without_controls(source.body)),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto"},
    )
    root = read(clean)
    _settle_headings_and_notes(root)
    for element in root.descendants():
        _settle(element, unit, source.file, units_by_file, unit_ids)
    return root


def _markdown(extensions: Sequence[str], **settings: dict[str, object]) -> Markdown:
    """What turns Markdown into HTML with these extensions and the settings of some of them."""
    from markdown import Markdown  # noqa: PLC0415  # a course that was parsed before is read without

    return Markdown(extensions=list(extensions), extension_configs=settings, output_format="html")


def note_html(text: str) -> str:
    """Sanitised HTML of a note that stands outside the course: no pictures, no ids, no classes; links to the course or to http(s) alone."""
    reader = _markdown(("tables", "fenced_code", "def_list", "sane_lists"))
    return nh3.clean(
        reader.convert(_without_controls(text)),
        tags=_NOTE_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _settle_headings_and_notes(root: Element) -> None:
    """Leave ids only where they are used: on headings that begin a section, and on each footnote once. Links back from notes go."""
    top = {id(child) for child in root.children}
    notes: set[str] = set()
    for element in root.descendants():
        element.children = [child for child in element.children if not (isinstance(child, Element) and "footnote-backref" in child.classes)]
        if element.tag in HEADINGS and id(element) not in top:
            element.attributes = {}
        elif element.tag == "li" and "id" in element.attributes:
            note = element.attributes["id"]
            if note in notes or not note.startswith("fn:"):
                del element.attributes["id"]
            notes.add(note)


def _without_controls(text: str) -> str:
    """The text without control characters (Python-Markdown uses two of them as marks of its own) and line ends made one kind."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs")))


def first_heading(root: Element) -> str:
    """The text of the tree's first top-level heading, or nothing."""
    headings = [child for child in root.children if isinstance(child, Element) and child.tag == "h1"]
    return folded(text_of(headings[0])) if headings else ""


def _settle(element: Element, unit: str, file: str, units_by_file: dict[str, str], unit_ids: Collection[str]) -> None:
    attributes = element.attributes
    if element.tag == "a":
        if "footnote-ref" in element.classes and attributes.get("href", "").startswith("#fn:"):
            attributes.update({"data-note": folded(text_of(element)), "href": address(unit, attributes["href"][1:])})
            element.children = []
        elif "href" in attributes:
            attributes["href"] = _link(attributes["href"], unit, file, units_by_file, unit_ids)
    elif element.tag == "img":
        attributes["src"] = _picture(attributes.get("src", ""), unit)
        attributes["loading"] = "lazy"
    elif element.tag in ("div", "p"):
        kept = [name for name in element.classes if _BOX_CLASS.fullmatch(name)]
        attributes.pop("class", None)
        if kept:
            attributes["class"] = " ".join(kept)


def address(unit: str, fragment: str = "") -> str:
    """The address of a unit, or of an element of its page, as citations give it: `/course/<unit>#<fragment>`."""
    return f"{ADDRESS}{quote(unit)}" + (f"#{quote(fragment, safe='/.:,-_~')}" if fragment else "")


def _link(href: str, unit: str, file: str, units_by_file: dict[str, str], unit_ids: Collection[str]) -> str:
    """The address a link leads to: a unit by its id or by its file, a section of this unit, or the link as it is."""
    parts = _parts(href)
    if parts is None or parts.scheme or parts.netloc:
        return href
    path, fragment = unquote(parts.path), unquote(parts.fragment)
    if not path:
        return address(unit, fragment)
    if path in unit_ids:
        return address(path, fragment)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    return address(units_by_file[target], fragment) if target in units_by_file else href


def _parts(address: str) -> SplitResult | None:
    """The parts of an address, or None for one that is malformed, such as `//[x`."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _picture(source: str, unit: str) -> str:
    """The address of a figure beside the unit; a picture from anywhere else is not shown, since nothing is loaded from outside."""
    parts = _parts(source)
    if parts is None or parts.scheme or parts.netloc:
        return ""
    name = posixpath.normpath(unquote(parts.path))
    if name.startswith(("/", "..")):
        return ""
    return f"{ADDRESS}{quote(unit)}/{quote(name)}"
