"""A unit's text made ready for the page: figures that open, tables that scroll, sections that can be asked about.

Ids and words stay as the corpus wrote them; only wrappers are added. Knows nothing of requests.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.course import Unit

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_FIGURE = re.compile(r'<figure>(<img\b[^>]*?\bsrc="([^"]+)"[^>]*>)')
_NO_PICTURE = re.compile(r'<img\b[^>]*?\bsrc=""[^>]*>')
_HEADING = re.compile(r'<h2 id="([^"]+)">.*?</h2>', re.DOTALL)


def page_html(unit: Unit, ask_words: str, table_word: str) -> Markup:
    """The unit's sanitised text for the page; `ask_words` and `table_word` are the interface's words in the visitor's language."""
    asked_about = {section.anchor for section in unit.sections if any(block.sentences for block in section.blocks)}

    def with_asking(match: re.Match[str]) -> str:
        anchor = match[1]
        if anchor not in asked_about:
            return match[0]
        address = f"/?section={quote(f'{unit.id}#{anchor}', safe='')}"
        link = f'<a class="ask-here" data-section="{escape(f"{unit.id}#{anchor}")}" href="{address}">{escape(ask_words)}</a>'
        return f'<div class="headed">{match[0]}{link}</div>'

    html = _NO_PICTURE.sub("", unit.html)
    html = _FIGURE.sub(r'<figure><a href="\2">\1</a>', html)
    html = _TABLE.sub(
        lambda match: f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(table_word)}">{match[0]}</div>', html
    )
    return Markup(_HEADING.sub(with_asking, html))  # noqa: S704  (the corpus sanitised it; what is added is escaped)


def figure_path(folder: Path, unit_file: str, name: str) -> Path | None:
    """The file of a figure in `figures/` beside the unit, or None if there is none there: no other file can be named."""
    figures = (folder / unit_file).parent / "figures"
    try:
        path = (figures / name).resolve()
        inside = path.parent == figures.resolve() and path.suffix == ".svg"
        return path if inside and path.is_file() else None
    except (OSError, ValueError):
        return None
