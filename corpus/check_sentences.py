"""Checks of sentences that are to stand alone: not too long, and none that opens a paragraph with a bare pronoun.

Both are matters of taste, so they are warnings, up to a budget for the whole course. Knows nothing of what a sentence says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.faults import Fault
from corpus.tree import folded, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.course_text import CourseText, UnitText
    from corpus.tree import Element

LONGEST = 35
"""Words in a sentence that a reader still takes in at once."""

LONG_SENTENCES_ALLOWED = 40
PRONOUN_OPENINGS_ALLOWED = 10
"""How many of each the whole course may have before the check fails."""

_PRONOUN = re.compile(r"(?:It|Its|This|These|They|Their|He|She)\b")


def check_sentence_length(text: CourseText) -> Iterator[Fault]:
    """Sentences of paragraphs and lists over 35 words."""
    if not text.planned:
        return
    found = [
        written.fault(
            written.line(sentence),
            f"the sentence “{sentence.text[:50]}…” has {len(sentence.text.split())} words.",
            f"Cut it in two; {LONGEST} words are enough.",
            "warning",
        )
        for written in text.units
        for _, block, sentence in written.prose()
        if block.kind in ("paragraph", "list") and len(sentence.text.split()) > LONGEST
    ]
    yield from found
    yield from _over_budget(found, LONG_SENTENCES_ALLOWED, f"sentences over {LONGEST} words")


def check_openings(text: CourseText) -> Iterator[Fault]:
    """Paragraphs and list items that open with a pronoun, which nothing explains where the sentence is quoted."""
    if not text.planned:
        return
    found = [
        written.fault(line, f"“{words[:50]}…” opens with a pronoun.", "Name the condition, gene or test instead.", "warning")
        for written in text.units
        for line, words in _openings(written)
        if _PRONOUN.match(words)
    ]
    yield from found
    yield from _over_budget(found, PRONOUN_OPENINGS_ALLOWED, "paragraphs that open with a pronoun")


def _openings(written: UnitText) -> Iterator[tuple[int, str]]:
    lines = {identifier.partition("#")[2]: line for identifier, line in written.sentence_lines.items()}
    for element in written.page.descendants():
        if element.tag in ("p", "li") and (first := _first_sentence(element)) is not None:
            yield lines.get(first.attributes.get("id", ""), 1), folded(text_of(first))


def _first_sentence(element: Element) -> Element | None:
    return next((below for below in element.descendants() if "sentence" in below.classes), None)


def _over_budget(found: list[Fault], allowed: int, what: str) -> Iterator[Fault]:
    if len(found) > allowed:
        yield Fault("modules", 1, f"the course has {len(found)} {what}; {allowed} are allowed.", "Mend some of those listed.")
