"""The glossary: the terms of the course in English and Chinese, letter by letter, by unit, or filtered by any of their names.

A page holds one letter or at most `A_PAGE` terms, so that it is quick however many there are. Knows nothing of the course text that
explains them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from web.asking import readable
from web.language import chosen_language
from web.services import services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from corpus.course import GlossaryEntry

A_PAGE = 100
"""How many terms a page of filtered terms holds."""

_ALL_AT_ONCE = 60
"""A glossary of so few terms is shown whole."""

_OTHER = "0–9"
_LONGEST_FILTER = 100

blueprint = Blueprint("glossary", __name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on a page. `letter` is the one chosen; `page` counts from 1 to `pages`."""

    entries: tuple[GlossaryEntry, ...]
    found: int
    letter: str = ""
    page: int = 1
    pages: int = 1


def init_app(app: Flask) -> None:
    """Give the app its glossary."""
    app.register_blueprint(blueprint)


@blueprint.get("/glossary")
def page() -> ResponseReturnValue:
    """The terms of `?letter=`, of `?unit=`, or those with a name that holds `?q=`; `?view=entries` gives the list alone."""
    wanted = readable(request.args.get("q", "")).strip()[:_LONGEST_FILTER]
    unit = services().course.units.get(request.args.get("unit", ""))
    entries = _sorted(services().course.glossary)
    letters = tuple(dict.fromkeys(_letter(entry) for entry in entries))
    if wanted or unit or len(entries) <= _ALL_AT_ONCE:
        matching = [entry for entry in entries if unit is None or entry.section.partition("#")[0] == unit.id]
        terms = _paged(_best_first(matching, wanted), request.args.get("page", ""))
    else:
        letter = request.args.get("letter", "")
        terms = _of_letter(entries, letter if letter in letters else letters[0])
    return render_template(
        "glossary_entries.html" if request.args.get("view") == "entries" else "glossary.html",
        terms=terms,
        wanted=wanted,
        unit=unit,
        letters=letters if len(entries) > _ALL_AT_ONCE else (),
        count=len(entries),
        sections=services().places.sections,
        chinese=chosen_language().startswith("zh"),
    )


def names(entry: GlossaryEntry) -> str:
    """Everything an entry can be found by, in lower case."""
    return " · ".join((*entry.names, *entry.chinese, *entry.genes, *entry.conditions)).casefold()


def _sorted(entries: Iterable[GlossaryEntry]) -> list[GlossaryEntry]:
    """By letter as `_letter` has it, then by name."""
    return sorted(entries, key=lambda entry: (_letter(entry) == _OTHER, _plain(entry.term)))


def _letter(entry: GlossaryEntry) -> str:
    first = _plain(entry.term)[:1].upper()
    return first if "A" <= first <= "Z" else _OTHER


def _plain(text: str) -> str:
    """The text as it is sorted: without accents, case or leading signs."""
    unaccented = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.sub(r"^\W+", "", unaccented).casefold()


def _of_letter(entries: list[GlossaryEntry], letter: str) -> Terms:
    chosen = tuple(entry for entry in entries if _letter(entry) == letter)
    return Terms(chosen, len(chosen), letter)


def _best_first(entries: list[GlossaryEntry], wanted: str) -> list[GlossaryEntry]:
    """The entries that a name of holds what is wanted: those named so first, then those that begin so."""
    key = wanted.casefold()
    held = [entry for entry in entries if key in names(entry)]

    def rank(entry: GlossaryEntry) -> int:
        own = [one.casefold() for one in (*entry.names, *entry.chinese)]
        return 0 if key in own else 1 if any(one.startswith(key) for one in own) else 2

    return sorted(held, key=rank) if key else held


def _paged(entries: list[GlossaryEntry], asked: str) -> Terms:
    pages = max(1, -(-len(entries) // A_PAGE))
    number = min(max(int(asked), 1), pages) if re.fullmatch(r"[0-9]{1,4}", asked) else 1
    return Terms(tuple(entries[(number - 1) * A_PAGE : number * A_PAGE]), len(entries), page=number, pages=pages)
