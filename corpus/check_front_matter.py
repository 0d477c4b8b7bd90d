"""Checks of a unit's front matter: what the syllabus says of the unit, the day of its review, its references.

Knows nothing of the text below the front matter.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from corpus.loading import outcome_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.course_text import CourseText, UnitText
    from corpus.faults import Fault

REFERENCES = range(5, 16)
"""How many references a unit may have."""

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_IDENTIFIER = re.compile(
    r"\bdoi\b|\b10\.\d{4,}/|\bPMID\b|\bPMC\d|\bISBN\b|\bNBK\d|\barXiv\b|"
    r"\b(?:NG|CG|QS|TA|HST|DG|MIB|IPG|RCOG|GTG|ISO(?:/IEC)?|EN|GB/?T?|WS/?T?|YY/?T?|HTA|SI|Cm|Order|Decree|Directive|Regulation)\W{0,3}(?:No\.?\s*)?\d",
    re.IGNORECASE,
)


def check_front_matter(text: CourseText) -> Iterator[Fault]:
    """Unit, title, outcomes and review as the syllabus and corpus/README.md want them."""
    if not text.planned:
        return
    outcomes = outcome_units(text.course.outcomes)
    for written in text.units:
        unit = written.unit
        if unit.id not in text.syllabus.titles:
            yield written.fault(
                written.line_with("unit:"), f"the unit “{unit.id}” is not in the syllabus.", "Give “unit” an id of syllabus.yaml."
            )
            continue
        title = text.syllabus.titles[unit.id]
        if unit.title != title:
            yield written.fault(written.line_with("title:"), f"the title is “{unit.title}”.", f"Write “{title}”, as in syllabus.yaml.")
        wanted = tuple(outcome.id for outcome in outcomes.get(unit.id, []))
        if unit.outcomes != wanted:
            listed = ", ".join(f'"{outcome}"' for outcome in wanted)
            yield written.fault(
                written.line_with("outcomes:"), "the outcomes are not those of the syllabus.", f"Write outcomes: [{listed}]."
            )
        if not _is_day(unit.reviewed):
            yield written.fault(
                written.line_with("reviewed:"),
                f"“reviewed” is no date (“{unit.reviewed}”).",
                "Write the day of the last review as 2026-11-22.",
            )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_references(text: CourseText) -> Iterator[Fault]:
    """Five to fifteen references a unit, each with a year or an identifier by which it can be found."""
    if not text.planned:
        return
    for written in text.units:
        references = written.unit.references
        if len(references) not in REFERENCES:
            yield written.fault(
                written.line_with("references:"),
                f"the unit has {len(references)} references.",
                f"Give {REFERENCES.start} to {REFERENCES.stop - 1}, each one certain to exist.",
            )
        for reference in references:
            if not (_YEAR.search(reference) or _IDENTIFIER.search(reference)):
                yield written.fault(
                    _reference_line(written, reference),
                    f"the reference “{reference[:60]}” has neither a year nor an identifier.",
                    "Add the year, or a DOI, PMID, ISBN or document number.",
                )


def _reference_line(written: UnitText, reference: str) -> int:
    return written.line_with(reference, reference[:40], reference[:20])
