"""A unit's text made ready for the page: figures that open, tables that scroll, sections that can be asked about.

Ids and words stay as the corpus wrote them; only wrappers are added. Knows nothing of requests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from corpus.course import Unit

WORDS_A_MINUTE = 150
"""How fast a doctor reads a technical text in a second language."""

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_FIGURE = re.compile(r'<figure>(<img\b[^>]*?\bsrc="([^"]+)"[^>]*>)')
_NO_PICTURE = re.compile(r'<img\b[^>]*?\bsrc=""[^>]*>')
_HEADING = re.compile(r'<h2 id="([^"]+)">.*?</h2>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageWords:
    """The interface's words that stand within a unit's text, in the visitor's language."""

    ask: str
    table: str
    bookmark: str
    unmark: str
    language: str


def page_html(unit: Unit, words: PageWords, marked: Collection[str] | None) -> Markup:
    """The unit's sanitised text for the page; `marked` are the ids of marked sections, or None where nothing can be marked.

    The buttons belong to a form of the page whose id is `ui_bookmark`.
    """
    with_text = {section.anchor for section in unit.sections if any(block.sentences for block in section.blocks)}

    def with_tools(match: re.Match[str]) -> str:
        anchor = match[1]
        if anchor not in with_text:
            return match[0]
        section = f"{unit.id}#{anchor}"
        tools = f'<a class="ask-here" data-section="{escape(section)}" href="/?section={quote(section, safe="")}">{escape(words.ask)}</a>'
        if marked is not None:
            name, label = ("remove", words.unmark) if section in marked else ("add", words.bookmark)
            tools += (
                f'<button class="mark-here" form="ui_bookmark" name="{name}" value="{escape(section)}" aria-describedby="{escape(anchor)}">'
                f"{escape(label)}</button>"
            )
        return f'<div class="headed">{match[0]}<span class="section-tools" lang="{words.language}">{tools}</span></div>'

    html = _NO_PICTURE.sub("", unit.html)
    html = _FIGURE.sub(r'<figure><a href="\2">\1</a>', html)
    html = _TABLE.sub(
        lambda match: f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(words.table)}">{match[0]}</div>', html
    )
    return Markup(_HEADING.sub(with_tools, html))  # noqa: S704  (the corpus sanitised it; what is added is escaped)


def word_count(unit: Unit) -> int:
    """About how many words a reader of the unit reads, its practice questions left out."""
    return sum(sentence.text.count(" ") + 1 for section in unit.sections for block in section.blocks for sentence in block.sentences)


def reading_minutes(words: int) -> int:
    """About how many minutes so many words take, at least 1."""
    return max(1, round(words / WORDS_A_MINUTE))


def figure_path(folder: Path, unit_file: str, name: str) -> Path | None:
    """The file of a figure in `figures/` beside the unit, or None if there is none there: no other file can be named."""
    figures = (folder / unit_file).parent / "figures"
    try:
        path = (figures / name).resolve()
        inside = path.parent == figures.resolve() and path.suffix == ".svg"
        return path if inside and path.is_file() else None
    except (OSError, ValueError):
        return None
