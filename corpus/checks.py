"""All checks of a course that its text alone decides, in one call.

Further checks, which need more than the text (an encoder), are handed in by whoever has them. Knows nothing of search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.calculations import check_calculations
from corpus.check_abbreviations import check_abbreviations
from corpus.check_expected_questions import check_expected_questions
from corpus.check_figures import check_figures
from corpus.check_front_matter import check_front_matter, check_references
from corpus.check_glossary import check_glossary
from corpus.check_links import check_links
from corpus.check_outline import check_headings, check_length, check_outcomes, check_questions
from corpus.check_quantities import check_quantities
from corpus.check_sentences import check_openings, check_sentence_length
from corpus.check_spelling import check_spelling
from corpus.course_text import read_course_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.course_text import Check
    from corpus.faults import Fault

CHECKS: tuple[Check, ...] = (
    check_front_matter,
    check_references,
    check_outcomes,
    check_length,
    check_headings,
    check_questions,
    check_expected_questions,
    check_links,
    check_figures,
    check_calculations,
    check_abbreviations,
    check_sentence_length,
    check_openings,
    check_spelling,
    check_glossary,
    check_quantities,
)
"""Those that ask for front matter, lengths, style or spelling look only at a course with a syllabus."""


def check_course(folder: Path, extra: Sequence[Check] = ()) -> list[Fault]:
    """Every fault of the course in `folder`, by file and line; `extra` checks run after the course's own.

    Raises CourseError where the course cannot be read at all, as with two sections of one id.
    """
    text = read_course_text(folder)
    return sorted({fault for check in (*CHECKS, *extra) for fault in check(text)})
